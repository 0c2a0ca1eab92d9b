from odoo import models


class OpportunityTimelineLeadMixin(models.AbstractModel):
    """The timeline of an opportunity."""

    _name = "opportunity.timeline.lead.mixin"
    _description = "Timeline of an Opportunity"
    _inherit = ["opportunity.timeline.mixin"]

    def _get_timeline_customers(self):
        return self.partner_id

    def _get_meeting_context(self):
        return self.action_schedule_meeting(smart_calendar=False)["context"]

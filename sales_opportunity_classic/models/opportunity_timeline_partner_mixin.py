from odoo import models
from odoo.fields import Domain


class OpportunityTimelinePartnerMixin(models.AbstractModel):
    """The timeline of a contact: its own, and that of all its opportunities."""

    _name = "opportunity.timeline.partner.mixin"
    _description = "Timeline of a Contact"
    _inherit = ["opportunity.timeline.mixin"]

    def _get_timeline_owners(self):
        owners = super()._get_timeline_owners()
        Lead = self.env["crm.lead"].with_context(active_test=False)
        if not Lead.has_access("read"):
            return owners
        # Named, as the tables have an index on them.
        leads = Lead._search(Domain(self._get_contact_opportunities_domain()))
        return {**owners, "crm.lead": list(leads.get_result_ids())}

    def _get_timeline_customers(self):
        return self

    def _get_meeting_context(self):
        return self.schedule_meeting()["context"]

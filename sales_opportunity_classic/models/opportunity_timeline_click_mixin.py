from odoo import api, models
from odoo.fields import Domain

from ..tools import timeline


class OpportunityTimelineClickMixin(models.AbstractModel):
    """Links that people followed and emails that they opened, in the timeline.

    What programs do with emails is left out, as it is wherever clicks are counted.
    """

    _name = "opportunity.timeline.click.mixin"
    _description = "Clicks of the Timeline"
    _inherit = ["opportunity.timeline.source.mixin"]

    _timeline_kinds = ("click", "open")

    @api.model
    def _get_timeline_columns(self):
        return timeline.clicks.get_columns()

    @api.model
    def _get_timeline_domain(self, owners):
        return super()._get_timeline_domain(owners) & Domain("is_robot", "=", False)

    @api.model
    def _get_timeline_person_domain(self, person):
        return Domain("partner_id", "in", person.partner_ids)

    @api.model
    def _get_timeline_text_domain(self, text):
        # "any!": the rights of the click are asked, its email has the same.
        return Domain("url", "ilike", text) | Domain(
            "trace_id", "any!", Domain("subject", "ilike", text)
        )

    def _prepare_timeline_row(self):
        return {
            "title": self.trace_id.subject or "",
            "label": self._get_timeline_label("kind"),
            "text": self.url or "",
            "email_from": self.email or "",
        }

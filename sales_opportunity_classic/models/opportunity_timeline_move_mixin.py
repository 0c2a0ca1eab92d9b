from odoo import api, models
from odoo.fields import Domain

from ..tools import timeline


class OpportunityTimelineMoveMixin(models.AbstractModel):
    """The sales history in the timeline."""

    _name = "opportunity.timeline.move.mixin"
    _description = "Stage Moves of the Timeline"
    _inherit = ["opportunity.timeline.source.mixin"]

    _timeline_kinds = ("stage",)

    @api.model
    def _get_timeline_columns(self):
        return timeline.moves.get_columns()

    @api.model
    def _get_timeline_domain(self, owners):
        return Domain("lead_id", "in", owners.get("crm.lead", []))

    @api.model
    def _get_timeline_person_domain(self, person):
        return Domain("user_id", "in", person.user_ids)

    @api.model
    def _get_timeline_text_domain(self, text):
        return Domain.OR(
            Domain(name, "ilike", text)
            for name in ("from_stage_name", "to_stage_name", "closing_reason")
        )

    def _prepare_timeline_row(self):
        stages = [self.from_stage_name, self.to_stage_name]
        return {
            "title": " → ".join(filter(None, stages)),
            "label": self._get_timeline_label("kind"),
            "text": self.closing_reason or "",
        }

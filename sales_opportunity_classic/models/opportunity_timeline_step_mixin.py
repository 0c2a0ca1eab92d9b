from odoo import api, models
from odoo.fields import Domain

from ..tools import timeline


class OpportunityTimelineStepMixin(models.AbstractModel):
    """Follow-up steps that were carried out, or left out, in the timeline."""

    _name = "opportunity.timeline.step.mixin"
    _description = "Follow-Up Steps of the Timeline"
    _inherit = ["opportunity.timeline.source.mixin"]

    _timeline_kinds = ("step",)

    @api.model
    def _get_timeline_columns(self):
        return timeline.steps.get_columns()

    @api.model
    def _get_timeline_text_domain(self, text):
        # "any!": what the sequence is called is shown with the step.
        return (
            Domain("name", "ilike", text)
            | Domain("note", "ilike", text)
            | Domain("sequence_id", "any!", Domain("name", "ilike", text))
        )

    def _prepare_timeline_row(self):
        return {
            "title": self.name or "",
            "label": self.sequence_id.name,
            "text": self.note or "",
            **self._prepare_timeline_answer(),
        }

    def _prepare_timeline_answer(self):
        """Return the last that came of it."""
        if self.state == "skipped":
            label = self._get_timeline_label("state")
            return {"state": "canceled", "state_label": label}
        answers = [label for label, date in self._get_answers() if date]
        if not answers:
            return {}
        state = "bounce" if self.date_bounced else "open"
        return {"state": state, "state_label": answers[-1]}

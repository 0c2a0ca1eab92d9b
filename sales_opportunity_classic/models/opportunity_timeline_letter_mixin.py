from odoo import api, models
from odoo.fields import Domain

from ..tools import timeline


class OpportunityTimelineLetterMixin(models.AbstractModel):
    """Letters in the timeline."""

    _name = "opportunity.timeline.letter.mixin"
    _description = "Letters of the Timeline"
    _inherit = ["opportunity.timeline.source.mixin"]

    _timeline_kinds = ("letter",)

    @api.model
    def _get_timeline_columns(self):
        return timeline.letters.get_columns()

    @api.model
    def _get_timeline_text_domain(self, text):
        return Domain("name", "ilike", text) | Domain("body_html", "ilike", text)

    def _prepare_timeline_row(self):
        return {
            "title": self.name,
            "label": self._get_timeline_label("kind"),
            "text": self._get_timeline_preview(self.body_html),
        }

from odoo import api, models
from odoo.fields import Domain

from ..tools import timeline


class OpportunityTimelineFileMixin(models.AbstractModel):
    """Files in the timeline, those in the bin left out."""

    _name = "opportunity.timeline.file.mixin"
    _description = "Files of the Timeline"
    _inherit = ["opportunity.timeline.source.mixin"]

    _timeline_kinds = ("file",)

    @api.model
    def _get_timeline_columns(self):
        return timeline.files.get_columns()

    @api.model
    def _get_timeline_person_domain(self, person):
        return Domain("create_uid", "in", person.user_ids)

    @api.model
    def _get_timeline_text_domain(self, text):
        # "any!": the rights of the file are asked, its attachment has the same.
        return Domain("description", "ilike", text) | Domain(
            "attachment_id", "any!", Domain("name", "ilike", text)
        )

    def _prepare_timeline_row(self):
        return {
            "title": self.name,
            "label": self.category_id.name or "",
            "text": self.description or "",
        }

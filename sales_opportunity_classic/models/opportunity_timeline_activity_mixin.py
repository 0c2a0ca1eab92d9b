from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import timeline


class OpportunityTimelineActivityMixin(models.AbstractModel):
    """Open and done activities in the timeline.

    A meeting's activity is left out where the meeting itself is shown.
    """

    _name = "opportunity.timeline.activity.mixin"
    _description = "Activities of the Timeline"
    _inherit = ["opportunity.timeline.source.mixin"]

    _timeline_kinds = ("task", "call", "meeting")

    @api.model
    def _get_timeline_columns(self):
        return timeline.activities.get_columns()

    @api.model
    def _get_timeline_domain(self, owners):
        Event = self.env["calendar.event"]
        events = Event._search_timeline(Event._get_timeline_domain(owners))
        alone = Domain("calendar_event_id", "=", False)
        alone |= Domain("calendar_event_id", "not in", events)
        return alone & Domain.OR(
            Domain("res_model", "=", model) & Domain("res_id", "in", ids)
            for model, ids in owners.items()
        )

    @api.model
    def _get_timeline_person_domain(self, person):
        return Domain("user_id", "in", person.user_ids)

    @api.model
    def _get_timeline_text_domain(self, text):
        return Domain.OR(
            Domain(name, "ilike", text)
            for name in ("summary", "note", "feedback", "activity_type_id")
        )

    @api.model
    def _search_timeline(self, domain):
        everything = self.with_context(active_test=False)
        return everything._search(domain, bypass_access=True)

    @api.model
    def _filter_timeline(self, ids):
        everything = self.with_context(active_test=False)
        return everything._search(Domain("id", "in", ids)).get_result_ids()

    def _prepare_timeline_rows(self):
        open_activities = self.filtered("active")
        editable = open_activities._filtered_access("write")
        # sudo: the icons and names of types are for everybody
        self.sudo().activity_type_id.fetch(["name", "icon"])
        return {
            activity.id: activity._prepare_timeline_row()
            | {"activity_id": activity in editable and activity.id}
            for activity in self
        }

    def _prepare_timeline_row(self):
        # sudo: the icons and names of types are for everybody
        activity_type = self.sudo().activity_type_id
        shown = self.note if self.active else self.feedback or self.note
        return {
            "title": self.summary or activity_type.name or self.env._("To-Do"),
            "label": activity_type.name or "",
            "text": self._get_timeline_preview(shown),
            "icon": activity_type.icon or "",
            "is_day": True,
            "day": fields.Date.to_string(
                self.date_deadline if self.active else self.date_done
            ),
        }

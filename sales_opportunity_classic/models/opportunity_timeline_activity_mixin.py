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
        return Domain.OR(
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
    def _search_timeline(self, domain, is_ruled=False):
        # Only Python knows who may read them.
        everything = self.with_context(active_test=False)
        return everything._search(domain, bypass_access=True)

    @api.model
    def _filter_timeline(self, ids):
        # sudo: their rights are asked just here
        activities = self.browse(ids)._filtered_access("read").sudo()
        return (activities - activities._filter_of_shown_meetings()).ids

    def _filter_of_shown_meetings(self):
        """Return those whose meetings stand for them."""
        planned = self.filtered("calendar_event_id")
        if not planned:
            return planned
        Event = self.env["calendar.event"].sudo(False)
        shown = Event._filter_timeline(planned.calendar_event_id.ids)
        # sudo: only asked what they are about
        shown = Event.sudo().browse(shown)
        return planned.filtered(
            lambda activity: (
                activity.calendar_event_id in shown
                and activity.calendar_event_id._is_about(
                    activity.res_model, activity.res_id
                )
            )
        )

    def _prepare_timeline_rows(self):
        open_activities = self.filtered("active")
        editable = open_activities.sudo(False)._filtered_access("write")
        return {
            activity.id: activity._prepare_timeline_row()
            | {"activity_id": activity.id in editable._ids and activity.id}
            for activity in self
        }

    def _prepare_timeline_row(self):
        activity_type = self.activity_type_id
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

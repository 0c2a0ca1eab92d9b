from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import timeline


class OpportunityTimelineEventMixin(models.AbstractModel):
    """Meetings in the timeline, for those who see more than that somebody is busy."""

    _name = "opportunity.timeline.event.mixin"
    _description = "Meetings of the Timeline"
    _inherit = ["opportunity.timeline.source.mixin"]

    _timeline_kinds = ("meeting",)

    @api.model
    def _get_timeline_columns(self):
        return timeline.events.get_columns(fields.Datetime.now())

    @api.model
    def _get_timeline_domain(self, owners):
        meetings = Domain("opportunity_id", "in", owners.get("crm.lead", []))
        if partner_ids := owners.get("res.partner"):
            meetings |= Domain("id", "in", self._get_timeline_attended(partner_ids))
        return meetings

    @api.model
    def _search_timeline(self, domain, is_ruled=False):
        """Of private meetings everybody may read that somebody is busy, and no more."""
        if is_ruled:
            visible = Domain(self._get_default_privacy_domain())
            visible |= Domain("partner_ids", "in", self.env.user.partner_id.ids)
            domain &= visible
        return super()._search_timeline(domain, is_ruled)

    @api.model
    def _filter_timeline(self, ids):
        shown = self._search_timeline(Domain("id", "in", ids), is_ruled=True)
        return list(shown.get_result_ids())

    def _is_about(self, model, res_id):
        """Tell whether it is on the timeline of an opportunity or a contact."""
        if model == "crm.lead":
            return self.opportunity_id.id == res_id
        return model == "res.partner" and res_id in self.partner_ids.ids

    @api.model
    def _get_timeline_attended(self, partner_ids):
        """Return the ids of the meetings that contacts attend: named, so that the
        database looks these up instead of going through all."""
        # sudo: which of them the user may read is asked with the others
        found = self.sudo()._search(Domain("partner_ids", "in", partner_ids))
        return list(found.get_result_ids())

    @api.model
    def _get_timeline_person_domain(self, person):
        return Domain("partner_ids", "in", person.partner_ids) | Domain(
            "user_id", "in", person.user_ids
        )

    @api.model
    def _get_timeline_text_domain(self, text):
        return Domain.OR(
            Domain(name, "ilike", text) for name in ("name", "location", "description")
        )

    def _prepare_timeline_rows(self):
        activities = self._get_timeline_activities()
        # Nothing else is read of them.
        self.partner_ids.fetch(["complete_name"])
        return {
            event.id: event._prepare_timeline_row()
            | {"activity_id": activities.get(event.id, False)}
            for event in self
        }

    def _get_timeline_activities(self):
        """Return {id of a meeting: id of the activity that may be marked done}."""
        activities = self.env["mail.activity"].sudo(False)
        activities = activities.search(Domain("calendar_event_id", "in", self.ids))
        activities = activities._filtered_access("write")
        return {one.calendar_event_id.id: one.id for one in activities}

    def _prepare_timeline_row(self):
        return {
            "title": self.name,
            "label": self.location or "",
            "text": self._get_timeline_preview(self.description),
            "is_day": self.allday,
            "recipients": self.partner_ids.mapped("complete_name"),
        }

from odoo import models

RUNS_SHOWN = 200
BUTTONS = {
    "draft": ("start", "stop"),
    "active": ("pause", "skip", "stop", "restart"),
    "paused": ("resume", "skip", "stop", "restart"),
    "completed": ("restart",),
    "stopped": ("restart",),
}


class OpportunitySequenceRowMixin(models.AbstractModel):
    """An enrolment as the Follow-Up tab shows it."""

    _name = "opportunity.sequence.row.mixin"
    _description = "Row of the Follow-Up Tab"

    def _prepare_panel_rows(self, record):
        """Return the rows of enrolments, which are readable, on the tab of a record."""
        runs = self.env["opportunity.sequence.run"].search(
            [("enrollment_id", "in", self.ids)], limit=RUNS_SHOWN
        )
        history = runs.grouped("enrollment_id")
        free = self._filter_movable()
        live = ("draft", "active", "paused")
        ordered = self.sorted(lambda one: one.state not in live)
        return [
            {
                # sudo: names of a sequence of another company are those of the record
                **one.sudo()._prepare_panel_row(record),
                "buttons": one._get_panel_buttons() if one in free else [],
                "runs": history.get(one, runs.browse())._prepare_panel_rows(),
            }
            for one in ordered
        ]

    def _prepare_panel_row(self, record):
        zone = self._get_time_zone()
        is_live = self.state in ("active", "paused")
        return {
            "id": self.id,
            "sequence": self.sequence_id.name,
            "version": self.version,
            "state": self.state,
            "state_label": self._get_label("state"),
            "reason": self._get_label("stop_reason"),
            "note": self.note or "",
            "next": self.next_step_id.display_name or "" if is_live else "",
            "date_next": self._format_moment(self.date_next, zone) if is_live else "",
            "is_waiting": self.is_waiting,
            "zone": zone.replace("_", " "),
            "user": self.user_id.name,
            "lead": self._prepare_other_lead(record),
            "date_start": self._format_moment(self.date_start, zone),
            "date_end": self._format_moment(self.date_end, zone),
        }

    def _filter_movable(self):
        """Return those whose record the user may change."""
        leads = self.lead_id._filtered_access("write")
        alone = self.filtered(lambda one: not one.lead_id)
        partners = alone.partner_id._filtered_access("write")
        return self.filtered(lambda one: one._get_record() in (*leads, *partners))

    def _prepare_other_lead(self, record):
        """Return the opportunity that is enrolled, on the tab of its contact."""
        lead = self.lead_id
        return {"id": lead.id, "name": lead.name} if lead and lead != record else False

    def _get_panel_buttons(self):
        """Return what people may do with the enrolment, by the names of its actions."""
        if self.state == "stopped" and self.stop_reason == "error":
            return ["resume", "restart"]
        return list(BUTTONS[self.state])

    def _get_label(self, name):
        selection = dict(self._fields[name]._description_selection(self.env))
        return selection.get(self[name], "")

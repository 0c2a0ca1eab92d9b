from odoo import fields, models


class OpportunitySequenceResponseMixin(models.AbstractModel):
    """What people did with the email of a step, and the line of its history."""

    _name = "opportunity.sequence.response.mixin"
    _description = "Response to a Step"

    date_opened = fields.Datetime("Opened", compute="_compute_response")
    date_clicked = fields.Datetime("Clicked", compute="_compute_response")

    def _compute_response(self):
        """The first time that somebody, and no program, opened it or followed a link;
        whoever does the latter has opened it."""
        clicks = self.env["opportunity.click"]
        groups = clicks._read_group(
            [
                ("mail_message_id", "in", self.message_id.ids),
                ("is_robot", "=", False),
            ],
            ["mail_message_id", "kind"],
            ["date:min"],
        )
        dates = {(message.id, kind): date for message, kind, date in groups}
        for run in self:
            opened = dates.get((run.message_id.id, "open"))
            clicked = dates.get((run.message_id.id, "click"))
            run.date_opened = min(filter(None, (opened, clicked)), default=False)
            run.date_clicked = clicked

    def _prepare_panel_rows(self):
        """Return the history of an enrolment for the Follow-Up tab."""
        enrollments = self.env["opportunity.sequence.enrollment"]
        zone = self.env.user.tz or "UTC"
        return [
            {
                "id": run.id,
                "name": run.name,
                "kind": run.step_type,
                "is_done": run.state == "done",
                "note": run.note or "",
                "date": enrollments._format_moment(run.date, zone),
                "answers": [
                    {"label": label, "date": enrollments._format_moment(date, zone)}
                    for label, date in run._get_answers()
                    if date
                ],
            }
            for run in self
        ]

    def _get_answers(self):
        """Yield what came of the step, with its moment."""
        for name in ("date_opened", "date_clicked", "date_replied", "date_bounced"):
            yield self._fields[name]._description_string(self.env), self[name]

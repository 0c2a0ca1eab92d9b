from odoo import models


class OpportunitySequenceStepMeetingMixin(models.AbstractModel):
    """Proposes an appointment: a meeting to plan, which opens the calendar on the
    record. Booking it ends sequences that stop by a meeting."""

    _name = "opportunity.sequence.step.meeting.mixin"
    _description = "Appointment Step"
    _inherit = ["opportunity.sequence.step.task.mixin"]

    def _run_meeting(self, records):
        meeting = self.env.ref("mail.mail_activity_data_meeting", False)
        # Somebody may have deleted Odoo's own type.
        meeting = meeting or self.env["mail.activity.type"].search(
            [("category", "=", "meeting")], limit=1
        )
        return self._schedule(records, self.activity_type_id or meeting)

from odoo import api, models


class CalendarAttendee(models.Model):
    """Whoever takes part in a meeting about an opportunity answers for themselves;
    whoever may change the meeting invites, and answers for others."""

    _inherit = "calendar.attendee"

    @api.model_create_multi
    def create(self, vals_list):
        attendees = super().create(vals_list)
        attendees.event_id._check_opportunity_edit()
        return attendees

    def write(self, vals):
        self._check_others()
        return super().write(vals)

    def unlink(self):
        self._check_others()
        return super().unlink()

    def _check_others(self):
        partner = self.env.user.partner_id
        others = self.filtered(lambda attendee: attendee.partner_id != partner)
        others.event_id._check_opportunity_edit()

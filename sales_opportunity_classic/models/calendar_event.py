from odoo import api, models


class CalendarEvent(models.Model):
    """A meeting about an opportunity is changed by whoever organizes it or may change
    the opportunity."""

    _inherit = "calendar.event"

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        events._check_opportunity_edit(moved=True)
        return events

    def write(self, vals):
        self._check_opportunity_edit()
        result = super().write(vals)
        if vals.keys() & {"opportunity_id", "res_id", "res_model", "res_model_id"}:
            self._check_opportunity_edit(moved=True)
        return result

    def unlink(self):
        self._check_opportunity_edit()
        return super().unlink()

    def _check_opportunity_edit(self, moved=False):
        """Refuse to change what others planned for opportunities that the user may
        read only.

        :param bool moved: they were given to these opportunities, by whoever
        """
        if self.env.su:
            return
        events = self
        if not moved:
            events -= self.filtered(lambda event: event.user_id == self.env.user)
        # sudo: asked to find out whether the user may change it
        events.sudo().opportunity_id.sudo(False).check_access("write")

from odoo import api, fields, models


class CalendarEvent(models.Model):
    """A meeting about an opportunity follows it: whoever may not read the opportunity
    nor takes part sees that somebody is busy, as with private meetings; it is changed
    by whoever organizes it or may change the opportunity."""

    _inherit = "calendar.event"

    is_opportunity_hidden = fields.Boolean(
        compute="_compute_is_opportunity_hidden", groups=fields.NO_ACCESS
    )

    @api.depends("opportunity_id")
    @api.depends_context("uid")
    def _compute_is_opportunity_hidden(self):
        events_by_lead = self._get_events_by_lead()
        leads = self.env["crm.lead"].sudo(False).concat(*events_by_lead)
        hidden = {
            id_
            for lead in leads - leads._filtered_access("read")
            for id_ in events_by_lead[lead]
        }
        for event in self:
            event.is_opportunity_hidden = event._origin.id in hidden

    def _get_events_by_lead(self):
        """Return {opportunity: ids of its events}, asked of the database: Odoo empties
        what is in memory of an event that is not to be seen."""
        if not self._origin:
            return {}
        # sudo: asked to find out what the user may see and change
        events = self.sudo().with_context(active_test=False)
        groups = events._read_group(
            [("id", "in", self._origin.ids), ("opportunity_id", "!=", False)],
            ["opportunity_id"],
            ["id:array_agg"],
        )
        return {lead.sudo(False): ids for lead, ids in groups}

    def _check_private_event_conditions(self):
        if super()._check_private_event_conditions():
            return True
        if self.env.su or self.env.user in self.user_id:
            return False
        # sudo: asked of the one who wants to read it
        is_hidden = self.sudo().is_opportunity_hidden
        return is_hidden and self.env.user.partner_id not in self.partner_ids

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
            events = self.filtered(lambda event: event.user_id != self.env.user)
        leads = self.env["crm.lead"].concat(*events._get_events_by_lead())
        leads.check_access("write")

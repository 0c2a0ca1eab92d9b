from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain

# By these a calendar is shown and filtered; they tell that somebody is busy.
BUSY_FIELDS = {"partner_ids", "attendee_ids"}


class CalendarEvent(models.Model):
    """A meeting about an opportunity follows it: whoever may not read the opportunity
    nor takes part sees that somebody is busy, as with private meetings; it is changed
    by whoever organizes it or may change the opportunity."""

    _name = "calendar.event"
    _inherit = ["opportunity.timeline.event.mixin", "calendar.event"]

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

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        events._check_opportunity_edit(moved=True)
        events._stop_follow_ups()
        return events

    def write(self, vals):
        self._check_opportunity_edit()
        result = super().write(vals)
        moves = vals.keys() & {"opportunity_id", "res_id", "res_model", "res_model_id"}
        if moves:
            self._check_opportunity_edit(moved=True)
        if moves or "partner_ids" in vals:
            self._stop_follow_ups()
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
        # Whoever has no rights in sales has meetings about something else.
        if leads := self.env["crm.lead"].concat(*events._get_events_by_lead()):
            leads.check_access("write")

    def _stop_follow_ups(self):
        """A meeting about an opportunity, or with a contact, ends the sequences of
        either that stop by one."""
        # sudo: asked of meetings that the user plans
        events = self.sudo()
        alone = Domain("lead_id", "=", False)
        alone &= Domain("partner_id", "in", events.partner_ids.ids)
        self.env["opportunity.sequence.enrollment"]._stop_where(
            alone | Domain("lead_id", "in", events.opportunity_id.ids),
            "meeting_booked",
            "stop_on_meeting",
        )

    # === WHAT IS NOT TO BE SEEN === #

    def _filter_hidden(self):
        """Return the meetings of which the user learns that somebody is busy, and no
        more. The superuser, who sends reminders, learns all."""
        if self.env.uid == SUPERUSER_ID:
            return self.browse()
        # sudo: asked of the one who wants to read it
        events = self.sudo()
        hidden = events.filtered("is_opportunity_hidden").filtered(
            lambda event: (
                self.env.user not in event.user_id
                and self.env.user.partner_id not in event.partner_ids
            )
        )
        return hidden.sudo(self.env.su)

    def _check_private_event_conditions(self):
        return super()._check_private_event_conditions() or bool(self._filter_hidden())

    def _check_access(self, operation):
        """Nobody changes, nor invites to, what they see as busy time alone."""
        result = super()._check_access(operation)
        if operation not in ("write", "unlink") or self.env.su or not any(self._ids):
            return result
        refused = result[0] if result else self.browse()
        hidden = (self - refused)._filter_hidden()
        if not hidden:
            return result
        error = self.env["ir.rule"]._make_access_error
        return refused + hidden, (
            result[1] if result else lambda: error(operation, hidden)
        )

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        # Messages and what is posted go with the right to change it.
        hidden = self.browse() if self.env.su else self._filter_hidden()
        result = super(
            CalendarEvent, self - hidden
        )._mail_get_operation_for_mail_message_operation(message_operation)
        return {**result, **dict.fromkeys(hidden, "write")}

    @api.model
    def _search(self, domain, *args, **kwargs):
        domain = Domain(domain)
        bypass = self.env.su or kwargs.get("bypass_access")
        if not bypass and self._is_telling(domain):
            domain &= self._get_unhidden_domain()
        return super()._search(domain, *args, **kwargs)

    @api.model
    def _is_telling(self, domain):
        """Tell whether a search asks for more than when somebody is busy."""
        names = {
            condition.field_expr.partition(".")[0]
            for condition in domain.iter_conditions()
        }
        return bool(names - self._get_public_fields() - BUSY_FIELDS)

    @api.model
    def _get_default_privacy_domain(self):
        # Odoo asks it where fields that are not public are grouped.
        return Domain(super()._get_default_privacy_domain()) & (
            self._get_unhidden_domain()
        )

    @api.model
    def _get_unhidden_domain(self):
        """Return the meetings that are not hidden."""
        shown = Domain("opportunity_id", "=", False)
        shown |= Domain("user_id", "=", self.env.uid)
        shown |= Domain("partner_ids", "in", self.env.user.partner_id.ids)
        Lead = self.env["crm.lead"]
        if Lead.has_access("read"):
            leads = Lead._search(Domain.TRUE, active_test=False)
            shown |= Domain("opportunity_id", "in", leads)
        return shown

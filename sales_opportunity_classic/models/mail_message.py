import socket
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import hmac

from ..tools import timeline

HOST = socket.gethostname()
# What people write to customers, by the composer or by templates.
WRITTEN = ("auto_comment", "comment", "email_outgoing")


class MessageIds(NamedTuple):
    """Of mails of follow-up steps, in the context while they are queued: the model, and
    {record id: (enrolment id, step id, round)}."""

    model: str
    keys: dict


class MailMessage(models.Model):
    """Employees post on the opportunities that they may change, and change there what
    was posted. For Odoo it is enough to follow, to be notified or to be the author,
    which goes on when the access has ended. Colleagues are notified by whoever may
    read the opportunity, customers by whoever may change it."""

    _name = "mail.message"
    _inherit = ["opportunity.timeline.message.mixin", "mail.message"]

    # Set by whoever makes the message or the ``mail.mail``; otherwise the context key
    # ``opportunity_track_links`` says it, or the settings.
    track_links = fields.Boolean(
        help="Note who follows the links of this email, as far as the settings and the "
        "recipients allow it.",
    )
    click_count = fields.Integer(
        "Clicks",
        compute="_compute_click_count",
        compute_sudo=True,
        groups="base.group_user",
        help="How often people followed its links. Programs do not count.",
    )
    open_count = fields.Integer(
        "Opens",
        compute="_compute_click_count",
        compute_sudo=True,
        groups="base.group_user",
        help="How often people opened it, as far as their program tells.",
    )

    _timeline_idx = models.Index(timeline.messages.INDEX)
    # Each timeline asks for its few among all messages.
    _pinned_idx = models.Index("(res_id, model) WHERE pinned_at IS NOT NULL")

    # === COMPUTE METHODS === #

    def _compute_click_count(self):
        rows = self.env["opportunity.click"]._read_group(
            [("mail_message_id", "in", self.ids), ("is_robot", "=", False)],
            ["mail_message_id", "kind"],
            ["__count"],
        )
        counts = {(message.id, kind): count for message, kind, count in rows}
        for message in self:
            message.click_count = counts.get((message.id, "click"), 0)
            message.open_count = counts.get((message.id, "open"), 0)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._add_tracking(vals) for vals in vals_list])

    @api.model
    def _add_tracking(self, vals):
        """Note with a message of an opportunity whether its links are tracked."""
        is_written = vals.get("message_type", "comment") in WRITTEN
        if vals.get("model") != "crm.lead" or not is_written or "track_links" in vals:
            return vals
        return {**vals, "track_links": self._is_tracked_by_default()}

    @api.model
    def _is_tracked_by_default(self):
        by_setting = self.env["opportunity.mail.trace"]._is_noting("click")
        return self.env.context.get("opportunity_track_links", by_setting)

    # === ACCESS RIGHTS === #

    def _get_forbidden_access(self, operation):
        forbidden = super()._get_forbidden_access(operation)
        if operation not in ("create", "write") or not self.env.user._is_internal():
            return forbidden
        # sudo: asked to find out whether the user may make or change it
        messages = (self - forbidden).sudo()
        messages = messages.filtered(
            lambda message: message.model == "crm.lead" and message.res_id
        )
        by_access = messages.grouped(MailMessage._get_opportunity_access)
        for access, asked in by_access.items():
            leads = self.env["crm.lead"].browse(asked.mapped("res_id"))
            allowed = set(leads._filtered_access(access).ids)
            forbidden += asked.filtered(
                lambda message, allowed=allowed: message.res_id not in allowed
            ).sudo(False)
        return forbidden

    def _get_opportunity_access(self):
        """Return what it takes on the opportunity to make or change the message."""
        to_customers = any(self.partner_ids.mapped("partner_share"))
        is_notice = self.message_type == "user_notification"
        return "read" if is_notice and not to_customers else "write"

    def _get_message_id(self, values):
        """A mail of a follow-up step has the same Message-Id each time, so that a mail
        server that gets it twice can tell."""
        ids = self.env.context.get("opportunity_message_ids")
        key = isinstance(ids, MessageIds) and ids.keys.get(values.get("res_id"))
        if not key or values.get("model") != ids.model:
            return super()._get_message_id(values)
        # sudo: the secret of the database
        sign = hmac(self.env(su=True), "opportunity-sequence", key)[:24]
        name = "-".join(map(str, key))
        return f"<{sign}.{name}-openerp-{values['res_id']}-{ids.model}@{HOST}>"

import socket
from typing import NamedTuple

from odoo import models
from odoo.tools import hmac

HOST = socket.gethostname()


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

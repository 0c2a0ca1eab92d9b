from odoo import models


class MailMessage(models.Model):
    """Employees post on the opportunities that they may change, and change there what
    was posted. For Odoo it is enough to follow, to be notified or to be the author,
    which goes on when the access has ended."""

    _inherit = "mail.message"

    def _get_forbidden_access(self, operation):
        forbidden = super()._get_forbidden_access(operation)
        if operation not in ("create", "write") or not self.env.user._is_internal():
            return forbidden
        # sudo: asked to find out whether the user may make or change it
        messages = (self - forbidden).sudo()
        messages = messages.filtered(
            lambda message: (
                message.model == "crm.lead"
                and message.message_type != "user_notification"
            )
        )
        leads = self.env["crm.lead"].browse(messages.mapped("res_id"))
        allowed = set(leads._filtered_access("write").ids)
        return forbidden + messages.filtered(
            lambda message: message.res_id not in allowed
        ).sudo(False)

from odoo import models


class MailComposeMessage(models.TransientModel):
    """Mails many opportunities for whoever may change them, as a single message
    does: Odoo asks for the right to read alone."""

    _inherit = "mail.compose.message"

    def _action_send_mail_mass_mail(self, res_ids, auto_commit=False):
        if self.model == "crm.lead":
            self.env["crm.lead"].browse(res_ids).check_access("write")
        return super()._action_send_mail_mass_mail(res_ids, auto_commit=auto_commit)

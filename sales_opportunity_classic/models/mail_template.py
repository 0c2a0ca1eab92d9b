from odoo import models


class MailTemplate(models.Model):
    """A template is sent from an opportunity by whoever may change it: reading it is
    enough for Odoo, but not for writing to the customer."""

    _inherit = "mail.template"

    def _send_check_access(self, res_ids):
        result = super()._send_check_access(res_ids)
        if self.model == "crm.lead":
            self.env["crm.lead"].browse(res_ids).check_access("write")
        return result

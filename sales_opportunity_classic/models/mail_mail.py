from odoo import fields, models
from odoo.fields import Domain


class MailMail(models.Model):
    """The mail queue goes on until it is empty; Odoo's sends a thousand an hour."""

    _inherit = "mail.mail"

    def process_email_queue(self, email_ids=(), batch_size=1000):
        result = super().process_email_queue(email_ids, batch_size)
        if not email_ids and "filters" not in self.env.context:
            due = Domain("scheduled_date", "=", False)
            due |= Domain("scheduled_date", "<=", fields.Datetime.now())
            if self.search_count(Domain("state", "=", "outgoing") & due, limit=1):
                # sudo: scheduled actions are for administrators
                self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        return result

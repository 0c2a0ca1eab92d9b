from odoo import api, fields, models
from odoo.fields import Domain

from .opportunity_mail_trace import SentLinks


class MailMail(models.Model):
    """The mail queue goes on until it is empty; Odoo's sends a thousand an hour.

    Links in emails of opportunities may be tracked: only what leaves is changed,
    neither the message nor the plain text of the email.
    """

    _inherit = "mail.mail"

    @api.model
    def process_email_queue(self, email_ids=(), batch_size=1000):
        if email_ids or "filters" in self.env.context:
            return super().process_email_queue(email_ids, batch_size)
        due = Domain("scheduled_date", "=", False)
        due |= Domain("scheduled_date", "<=", fields.Datetime.now())
        due &= Domain("state", "=", "outgoing")
        before = self.search_count(due)
        result = super().process_email_queue(email_ids, batch_size)
        # A server that takes none is left alone until Odoo's own time.
        if 0 < self.search_count(due) < before:
            # sudo: scheduled actions are for administrators
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        return result

    def _send(self, *args, **kwargs):
        sent = self.with_context(opportunity_sent_links=SentLinks())
        return super(MailMail, sent)._send(*args, **kwargs)

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        copies = super()._prepare_outgoing_list(
            mail_server=mail_server, doc_to_followers=doc_to_followers
        )
        self.env["opportunity.mail.trace"]._track(self, copies)
        return copies

    def _get_tracked_opportunity(self):
        """Return the opportunity of an email whose links are tracked."""
        Lead = self.env["crm.lead"]
        is_tracked = self.track_links and self.model == "crm.lead"
        if not is_tracked or not self.env["opportunity.mail.trace"]._is_noting("click"):
            return Lead
        return Lead.browse(self.res_id).exists()

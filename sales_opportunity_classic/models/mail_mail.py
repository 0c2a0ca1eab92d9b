from odoo import models


class MailMail(models.Model):
    """Emails of opportunities, whose links may be tracked: only what leaves is changed,
    neither the message nor the plain text of the email."""

    _inherit = "mail.mail"

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

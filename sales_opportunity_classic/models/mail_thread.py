from odoo import api, models

from ..tools.automatic_reply import is_automatic


class MailThread(models.AbstractModel):
    """The mail gateway tells follow-up sequences of replies and bounces."""

    _inherit = "mail.thread"

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        # What processing takes out of it is needed afterwards.
        given = dict(message_dict)
        thread_id = super()._message_route_process(message, message_dict, routes)
        if not is_automatic(message):
            # sudo: whoever answers, the sequence ends
            runs = self.env["opportunity.sequence.run"].sudo()
            runs._find_answered(given)._note_reply()
        return thread_id

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        result = super()._routing_handle_bounce(email_message, message_dict)
        # sudo: mails come back to nobody in particular
        runs = self.env["opportunity.sequence.run"].sudo()
        runs._find_bounced(message_dict)._note_bounce()
        return result

from contextlib import suppress

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools.mail import unfold_references


class OpportunitySequenceAnswerMixin(models.AbstractModel):
    """What comes back of the mails of a sequence: replies and bounces."""

    _name = "opportunity.sequence.answer.mixin"
    _description = "Answers to a Sequence"

    @api.model
    def _find_answered(self, message_dict):
        """Return the steps whose mails an incoming mail answers; none where colleagues
        write."""
        author = self.env["res.partner"].browse(message_dict.get("author_id") or [])
        if any(user._is_internal() for user in author.user_ids):
            return self.browse()
        references = " ".join(
            filter(
                None,
                (message_dict.get("in_reply_to"), message_dict.get("references")),
            )
        )
        ids = unfold_references(references)
        domain = Domain("message_id.message_id", "in", ids)
        if parent_id := message_dict.get("parent_id"):
            domain |= Domain("message_id", "=", parent_id)
        return self.search(domain & Domain("step_type", "=", "email"))

    @api.model
    def _find_bounced(self, message_dict):
        """Return the steps whose mails came back."""
        message = message_dict.get("bounced_message")
        if not message:
            return self.browse()
        return self.search([("message_id", "in", message.ids)])

    def _note_reply(self):
        self.date_replied = fields.Datetime.now()
        self._stop_answered("replied", "stop_on_reply")

    def _note_bounce(self):
        self.date_bounced = fields.Datetime.now()
        self._stop_answered("bounced")

    def _stop_answered(self, reason, rule=None):
        enrollments = self.enrollment_id
        # Odoo does not process a mail again that came at a bad moment. What the engine
        # is at work on, it stops before the next step.
        with suppress(*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY), self.env.cr.savepoint():
            enrollments._stop_where([("id", "in", enrollments.ids)], reason, rule)

from odoo import api, fields, models
from odoo.fields import Domain
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
        now = fields.Datetime.now()
        self.filtered(lambda run: not run.date_replied).date_replied = now
        self.enrollment_id._stop_where(
            [("id", "in", self.enrollment_id.ids)], "replied", "stop_on_reply"
        )

    def _note_bounce(self):
        now = fields.Datetime.now()
        self.filtered(lambda run: not run.date_bounced).date_bounced = now
        self.enrollment_id._stop_where(
            [("id", "in", self.enrollment_id.ids)], "bounced"
        )

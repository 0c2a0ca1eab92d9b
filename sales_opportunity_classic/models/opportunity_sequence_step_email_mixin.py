from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.follow_up_queue import Trouble
from .ir_qweb import CompiledTexts
from .mail_message import MessageIds


class OpportunitySequenceStepEmailMixin(models.AbstractModel):
    """Queues an email to the contact, of a template or a text of its own.

    All mails of a batch are rendered together by Odoo. They stay in the conversation
    of the record, so that replies and bounces find what they belong to.
    """

    _name = "opportunity.sequence.step.email.mixin"
    _description = "Email Step"
    _inherit = ["opportunity.sequence.step.text.mixin"]

    template_id = fields.Many2one(
        "mail.template",
        "Email Template",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('model', '=', model)]",
        help="Empty: an email with the subject and text below.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("template_id", "step_type", "subject")
    def _check_email(self):
        for step in self.filtered(lambda step: step.step_type == "email"):
            if step.template_id.model not in (False, step.model):
                raise ValidationError(
                    self.env._(
                        "“%s” is a template for other records.", step.template_id.name
                    )
                )
            if not (step.template_id or step.subject):
                raise ValidationError(
                    self.env._(
                        "An email of “%s” needs a template, or a subject and text.",
                        step.sequence_id.name,
                    )
                )

    # === BUSINESS METHODS === #

    def _is_for_other_model(self):
        template = self.template_id
        is_other = template and template.model != self.sequence_id.model
        return is_other or super()._is_for_other_model()

    def _run_email(self, records):
        if not (self.template_id or self.env.user.email):
            reason = self.env._("%s has no email address.", self.env.user.name)
            return dict.fromkeys(records.ids, Trouble(reason))
        follow_ups = self.env.context.get("opportunity_follow_ups") or {}
        ids = MessageIds(records._name, follow_ups)
        step = self.with_context(
            opportunity_message_ids=ids, opportunity_compiled=CompiledTexts()
        )
        queue = step._queue_template if self.template_id else step._queue_text
        results = queue(records)
        # sudo: scheduled actions are for administrators
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        return results

    def _queue_template(self, records):
        mails = self.template_id.send_mail_batch(
            records.ids, email_values={"is_notification": True}
        )
        return self._get_mail_results(records, mails)

    def _queue_text(self, records):
        lines = self._render_lines("subject", records)
        bodies = self._render_bodies(records)
        results, values, ready = {}, [], records.browse()
        for record in records:
            body, reasons = bodies[record.id]
            if reasons:
                results[record.id] = Trouble(", ".join(reasons))
            else:
                ready += record
                values.append(self._prepare_mail(record, lines[record.id], body))
        # sudo: mails are for the system to queue; who may change the record sends them
        mails = self.env["mail.mail"].sudo().create(values)
        return results | self._get_mail_results(ready, mails)

    def _prepare_mail(self, record, subject, body):
        contact = record._get_follow_up_contact()
        return {
            # Names may have lines, of which a mail server takes none.
            "subject": " ".join(subject.split()),
            "body_html": body,
            "body": body,
            "email_from": self.env.user.email_formatted,
            "author_id": self.env.user.partner_id.id,
            "model": record._name,
            "res_id": record.id,
            "recipient_ids": [(4, contact.id)] if contact.email else [],
            "email_to": False if contact.email else self._get_own_address(record),
            "auto_delete": True,
            "is_notification": True,
        }

    def _get_own_address(self, record):
        """Return the address that an opportunity has without a contact."""
        return "email_from" in record._fields and record.email_from

    def _get_mail_results(self, records, mails):
        """Return what became of each record; drop mails that nobody would get."""
        results, lost = {}, mails.browse()
        for record, mail in zip(records, mails, strict=True):
            has_contact = any(mail.recipient_ids.mapped("email"))
            if mail.email_to or mail.email_cc or has_contact:
                results[record.id] = {"message_id": mail.mail_message_id.id}
            else:
                lost += mail
                results[record.id] = Trouble(self.env._("No email address"))
        lost.mail_message_id.unlink()
        return results

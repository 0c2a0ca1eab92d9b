from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.follow_up_queue import Trouble


class OpportunitySequenceStepSmsMixin(models.AbstractModel):
    """Queues a text message to the contact's phone."""

    _name = "opportunity.sequence.step.sms.mixin"
    _description = "SMS Step"
    _inherit = ["opportunity.sequence.step.text.mixin"]

    sms_body = fields.Text(
        "Text Message",
        translate=True,
        help="{{ object.name }} and Odoo's other plain placeholders are filled in.",
    )

    @api.constrains("step_type", "sms_body")
    def _check_sms(self):
        for step in self:
            if step.step_type == "sms" and not step.sms_body:
                raise ValidationError(self.env._("A text message needs its text."))
            step._check_plain(step.sms_body)

    def _run_sms(self, records):
        numbers = records._sms_get_recipients_info()
        ready = records.filtered(lambda record: numbers[record.id]["sanitized"])
        reason = self.env._("No valid phone number")
        results = dict.fromkeys((records - ready).ids, Trouble(reason))
        texts = self._render_lines("sms_body", ready)
        for record in ready:
            message = record._message_sms(texts[record.id], put_in_queue=True)
            results[record.id] = {"message_id": message.id}
        return results

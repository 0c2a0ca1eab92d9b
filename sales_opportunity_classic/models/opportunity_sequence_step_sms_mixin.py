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
        reasons = self._get_sms_hindrances(records)
        results = {id_: Trouble(reason) for id_, reason in reasons.items() if reason}
        ready = records.filtered(lambda record: record.id not in results)
        texts = self._render_lines("sms_body", ready)
        for record in ready:
            message = record._message_sms(texts[record.id], put_in_queue=True)
            results[record.id] = {"message_id": message.id}
        return results

    def _get_sms_hindrances(self, records):
        """Return {record id: why it gets no text message, or an empty text}."""
        infos = records._sms_get_recipients_info()
        numbers = {id_: info["sanitized"] for id_, info in infos.items()}
        domain = [("number", "in", [number for number in numbers.values() if number])]
        # sudo: whoever sends need not see who does not want it
        blocked = self.env["phone.blacklist"].sudo().search(domain).mapped("number")
        reasons = dict.fromkeys(blocked, self.env._("Its number is on the blacklist"))
        reasons[False] = self.env._("No valid phone number")
        return {id_: reasons.get(number, "") for id_, number in numbers.items()}

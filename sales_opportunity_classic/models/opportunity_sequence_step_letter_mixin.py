from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.follow_up_queue import Trouble


class OpportunitySequenceStepLetterMixin(models.AbstractModel):
    """Writes a letter of the library, and schedules to print and post it."""

    _name = "opportunity.sequence.step.letter.mixin"
    _description = "Letter Step"
    _inherit = ["opportunity.sequence.step.task.mixin"]

    letter_template_id = fields.Many2one(
        "opportunity.letter.template",
        "Letter",
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.constrains("step_type", "letter_template_id")
    def _check_letter(self):
        for step in self:
            if step.step_type == "letter" and not step.letter_template_id:
                raise ValidationError(self.env._("Choose the letter of the step."))

    def _run_letter(self, records):
        template = self.letter_template_id
        merged = records._merge_letters(template._get_source())
        results, good = {}, []
        for one in merged:
            reason = ", ".join(one.reasons) or one.record._get_letter_hindrance()
            if reason:
                results[one.record.id] = Trouble(reason)
            else:
                good.append(one)
        return results | self._write_letters(template, good)

    def _write_letters(self, template, merged):
        common = {
            "name": template.subject or template.name,
            "template_id": template.id,
            "kind": "print",
            **template._copy_layout(),
        }
        letters = self.env["opportunity.letter"].create(
            [common | self._prepare_letter(one) for one in merged]
        )
        tasks = self._schedule_printing(merged, template)
        return {
            one.record.id: {"letter_id": letter.id, **tasks[one.record.id]}
            for one, letter in zip(merged, letters, strict=True)
        }

    def _prepare_letter(self, merged):
        return {
            **merged.record._prepare_letter_owner(),
            "body_html": merged.body,
            "address": "\n".join(merged.address),
            "lang": merged.lang,
            "company_id": merged.record._get_letter_company().id,
        }

    def _schedule_printing(self, merged, template):
        if not merged:
            return {}
        records = merged[0].record.browse([one.record.id for one in merged])
        summary = self.env._("Print and post: %s", template.name)
        return self._schedule(records, self.activity_type_id, summary)

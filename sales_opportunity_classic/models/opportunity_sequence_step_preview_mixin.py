from typing import NamedTuple

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import html_sanitize


class StepPreview(NamedTuple):
    """What a step will say, and why it could not be carried out today."""

    title: str
    body: str = ""
    trouble: str = ""


class OpportunitySequenceStepPreviewMixin(models.AbstractModel):
    """What a step will say to one record, with the texts filled in.

    Rendered with the rights of who looks, by the same methods as the step itself.
    """

    _name = "opportunity.sequence.step.preview.mixin"
    _description = "Preview of a Step"

    def _preview(self, record):
        """Return the ``StepPreview`` for a record, which stays as it is."""
        self.ensure_one()
        preview = getattr(self, f"_preview_{self.step_type}", None)
        try:
            result = preview(record) if preview else StepPreview("")
        except UserError as error:
            result = StepPreview("", trouble=str(error))
        return result._replace(
            title=result.title or self.display_name,
            body=html_sanitize(result.body) if result.body else "",
        )

    def _preview_email(self, record):
        contact = record._get_follow_up_contact()
        has_address = contact.email or self._get_own_address(record)
        trouble = "" if has_address else self.env._("No email address")
        if not self.template_id:
            result = self._preview_text(record)
            return result._replace(trouble=result.trouble or trouble)
        mail = self.template_id._generate_template(
            record.ids, {"subject", "body_html"}
        )[record.id]
        return StepPreview(mail["subject"], mail["body_html"], trouble)

    def _preview_text(self, record):
        """Preview the subject and text of the step."""
        title = self._render_lines("subject", record)[record.id]
        if not self.body_html:
            return StepPreview(title)
        body, reasons = self._render_bodies(record)[record.id]
        return StepPreview(title, body, ", ".join(reasons))

    def _preview_task(self, record):
        return self._preview_text(record)

    def _preview_meeting(self, record):
        return self._preview_text(record)

    def _preview_note(self, record):
        return self._preview_text(record)

    def _preview_letter(self, record):
        template = self.letter_template_id
        (merged,) = record._merge_letters(template._get_source())
        reasons = ", ".join(merged.reasons) or record._get_letter_hindrance()
        return StepPreview(template.name, merged.body, reasons or "")

    def _preview_sms(self, record):
        text = self._render_lines("sms_body", record)[record.id]
        return StepPreview(text, trouble=self._get_sms_hindrances(record)[record.id])

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.letters.merging import get_keys, parse
from .opportunity_letter_template import LetterSource


class OpportunitySequenceStepTextMixin(models.AbstractModel):
    """The text of a step, written without code.

    The text names fields as letters do, the subject has Odoo's plain placeholders.
    Both are looked up and never evaluated, whoever wrote them and whoever runs the
    sequence.
    """

    _name = "opportunity.sequence.step.text.mixin"
    _description = "Text of a Step"

    subject = fields.Char(
        translate=True,
        help="Of an email, or what a task is about. {{ object.name }} and Odoo's other "
        "plain placeholders are filled in.",
    )
    body_html = fields.Html("Text", translate=True, sanitize_style=True)

    # === CONSTRAINT METHODS === #

    @api.constrains("subject")
    def _check_subject_plain(self):
        for step in self:
            step._check_plain(step.subject)

    @api.model
    def _check_plain(self, text):
        """Refuse a line with more than Odoo's plain placeholders."""
        renderer = self.env["mail.render.mixin"]
        if renderer._has_unsafe_expression_template_inline_template(
            text or "", self.model
        ):
            raise ValidationError(
                self.env._(
                    "“%s” may have plain placeholders only, such as "
                    "{{ object.name }}. Use an email template for more.",
                    text,
                )
            )

    @api.constrains("body_html")
    def _check_fields_known(self):
        known = self.env["crm.lead"]._get_letter_fields().keys()
        for step in self:
            if unknown := get_keys(parse(step.body_html)) - known:
                raise ValidationError(
                    self.env._(
                        "“%(step)s” asks for fields that there are not: %(fields)s.",
                        step=step.display_name,
                        fields=", ".join(sorted(unknown)),
                    )
                )

    # === BUSINESS METHODS === #

    def _render_lines(self, name, records):
        """Return {record id: the line of a field}, as text, in the language of each."""
        renderer = self.env["mail.render.mixin"]
        lines = {}
        for lang, same in records.grouped(_get_lang).items():
            source = self.with_context(lang=lang)[name] or ""
            # Translations are stored without being asked.
            self._check_plain(source)
            if "{{" in source:
                render = renderer._render_template_inline_template_regex
                lines |= render(source, same._name, same.ids)
            else:
                lines |= dict.fromkeys(same.ids, source)
        return lines

    def _render_bodies(self, records):
        """Return {record id: (HTML, reasons why it cannot be sent)}."""
        return {
            merged.record.id: (merged.body, merged.reasons)
            for merged in records._merge_letters(self._get_text_source())
        }

    def _get_text_source(self):
        langs = [code for code, _name in self.env["res.lang"].get_installed()]
        return LetterSource(
            {code: str(self.with_context(lang=code).body_html or "") for code in langs}
        )


def _get_lang(record):
    return record._get_follow_up_contact().lang or record.env.lang

from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.letters.merging import get_keys, parse
from .opportunity_letter_layout_mixin import LetterPage


class LetterSource(NamedTuple):
    """The text of a letter in all languages, apart from the template it comes from.

    ``lang`` is the one that all letters are in; without it, that of each contact.
    ``edited`` has the texts that were written by hand, by the ids of their records as
    text.
    """

    bodies: dict
    lang: str = ""
    has_address: bool = False
    edited: dict = {}

    def get_body(self, lang):
        """Return the text in a language, else in English, else in any."""
        return (
            self.bodies.get(lang)
            or self.bodies.get("en_US")
            or next(iter(self.bodies.values()), "")
        )


class OpportunityLetterTemplate(models.Model):
    """A letter of the library: its text with merge fields, and its layout.

    Sales managers write them, salespeople print and send them. A text can name the
    fields of the list only and holds no code, so anybody may be let write one. What
    was printed stays when its template is changed or deleted.
    """

    _name = "opportunity.letter.template"
    _description = "Letter Template"
    _inherit = ["opportunity.copy.mixin", "opportunity.letter.layout.mixin"]
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    category = fields.Char(translate=True, help="Under which the letter is found.")
    subject = fields.Char(
        translate=True, help="Of the email, where the letter is sent by email."
    )
    body_html = fields.Html("Text", translate=True, sanitize_style=True)
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        "Language",
        help="Empty: each letter is in the language of its contact.",
    )
    company_id = fields.Many2one("res.company", index="btree_not_null")
    letter_count = fields.Integer(compute="_compute_letter_count")

    # === COMPUTE METHODS === #

    def _compute_letter_count(self):
        counts = dict(
            self.env["opportunity.letter"]._read_group(
                [("template_id", "in", self.ids)], ["template_id"], ["__count"]
            )
        )
        for template in self:
            template.letter_count = counts.get(template, 0)

    # === CONSTRAINT METHODS === #

    @api.constrains("body_html")
    def _check_fields_known(self):
        """Refuse what no record has; a custom field may be dropped later."""
        known = self.env["crm.lead"]._get_letter_fields().keys()
        for template in self:
            if unknown := get_keys(parse(template.body_html)) - known:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” asks for fields that there are not: %(fields)s.",
                        name=template.name,
                        fields=", ".join(sorted(unknown)),
                    )
                )

    # === ACTION METHODS === #

    def action_open_letters(self):
        """Return the letters made of the template."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Letters"),
            "res_model": "opportunity.letter",
            "views": [(False, "list"), (False, "form")],
            "domain": [("template_id", "=", self.id)],
        }

    def action_preview(self):
        """Return the dialog that prints the letter, for the user's latest
        opportunity."""
        self.ensure_one()
        sample = self.env["crm.lead"]._find_sample()
        if not sample:
            raise UserError(
                self.env._("Create an opportunity first, to see the letter.")
            )
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "sales_opportunity_classic.opportunity_letter_print_action"
            ),
            "context": {
                "default_res_model": sample._name,
                "default_res_ids": sample.ids,
                "default_template_id": self.id,
                "dialog_size": "extra-large",
            },
        }

    # === BUSINESS METHODS === #

    def _get_source(self):
        """Return the text as it is now, for letters that are made later."""
        self.ensure_one()
        langs = [code for code, _name in self.env["res.lang"].get_installed()]
        bodies = {
            code: str(self.with_context(lang=code).body_html or "") for code in langs
        }
        return LetterSource(bodies, self.lang or "", bool(self._get_address_place()))

    def _render_pdf(self, records):
        """Return one PDF file with a letter to each record that can have one.

        :param records: opportunities or contacts
        :raises UserError: with the reasons, where none can
        """
        self.ensure_one()
        merged = records._merge_letters(self._get_source())
        letters = [letter for letter in merged if not letter.reasons]
        if not letters:
            reasons = {
                f"{letter.record.display_name}: {', '.join(letter.reasons)}"
                for letter in merged
            }
            raise UserError("\n".join(sorted(reasons)))
        return self._print_letters([self._make_page(letter) for letter in letters])

    @api.model
    def _make_page(self, letter):
        return LetterPage(
            letter.body,
            letter.address,
            letter.record._get_letter_company(),
            self.env["res.lang"]._get_data(code=letter.lang).direction or "ltr",
        )

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import groupby

from .opportunity_letter_layout_mixin import LetterPage


class OpportunityLetter(models.Model):
    """A letter that was printed or sent, with its text as it went out.

    Made by printing, never changed, deleted by sales managers. It follows the access
    rights of its opportunity; one without an opportunity, those of its contact.
    """

    _name = "opportunity.letter"
    _description = "Letter"
    _inherit = [
        "opportunity.timeline.letter.mixin",
        "opportunity.contact.access.mixin",
        "opportunity.letter.layout.mixin",
    ]
    _order = "date desc, id desc"

    name = fields.Char("Subject", required=True, readonly=True)
    lead_id = fields.Many2one(
        "crm.lead", "Opportunity", readonly=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Contact",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    template_id = fields.Many2one(
        "opportunity.letter.template",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    batch_id = fields.Many2one(
        "opportunity.letter.batch",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    kind = fields.Selection(
        [
            ("print", "Printed"),
            ("email", "Sent by Email"),
            ("post", "Sent by Post"),
        ],
        required=True,
        readonly=True,
        default="print",
    )
    body_html = fields.Html("Text", readonly=True, sanitize_style=True)
    address = fields.Text(readonly=True)
    lang = fields.Char("Language", readonly=True)
    company_id = fields.Many2one(
        "res.company",
        readonly=True,
        required=True,
        default=lambda self: self.env.company,
    )
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users",
        "Made by",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.user,
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Who made a letter and when is for the server to say."""
        made = {"user_id": self.env.uid, "date": fields.Datetime.now()}
        return super().create([{**vals, **made} for vals in vals_list])

    def write(self, vals):
        if not self.env.su:
            raise AccessError(self.env._("What was sent is not changed any more."))
        return super().write(vals)

    # === ACTION METHODS === #

    def action_download(self):
        """Return the download of the letters, as they were sent."""
        report = self.env.ref("sales_opportunity_classic.opportunity_letter_report")
        return report.report_action(self, config=False)

    # === BUSINESS METHODS === #

    def _render_all_exactly(self, report):
        """Return {id: PDF}: letters of the same layout are printed at one go."""
        self.check_access("read")
        pdfs = {}
        for _layout, letters in groupby(
            self, key=lambda letter: tuple(letter._copy_layout().values())
        ):
            pages = [letter._make_page() for letter in letters]
            pdfs[letters[0].id] = letters[0]._print_letters(pages)
        return pdfs

    def _render_exactly(self, report):
        """Return the letter as PDF bytes, as it was sent."""
        self.check_access("read")
        return self._print_letters([self._make_page()])

    def _keep_in_file_box(self, files):
        """Keep the PDF of each letter in the file box of what it is about."""
        self.env["opportunity.file"].create(
            [
                {
                    "name": f"{letter.name}.pdf",
                    "raw": file,
                    "lead_id": letter.lead_id.id,
                    "partner_id": letter.partner_id.id,
                }
                for letter, file in zip(self, files, strict=True)
            ]
        )

    def _make_page(self):
        return LetterPage(
            self.body_html,
            tuple(self.address.split("\n")) if self.address else (),
            self.company_id,
            self.env["res.lang"]._get_data(code=self.lang).direction or "ltr",
        )

import re
import secrets
from typing import NamedTuple
from urllib.parse import urlsplit

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.tools.pdf import merge_pdf

from ..tools.letters.joining import has_joined, keep_together
from ..tools.letters.merging import html_escape, parse, write
from ..tools.letters.paper import (
    ENVELOPES,
    PAPERS,
    USUAL,
    get_address_place,
    get_usual_layout,
)
from ..tools.letters.pictures import make_source, read_source
from ..tools.letters.safety import make_safe
from ..tools.printing.cutting import count_sheets, cut, find_sheets
from ..tools.printing.fitting import fit

# So many letters are laid out by one run of wkhtmltopdf.
CHUNK = 250
ADDRESS_SIZE = 10.5 * 25.4 / 72
PICTURE = re.compile(
    r"/web/(?:image|content)/(?:(?P<id>\d{1,9})(?:-\w+)?(?:/.*)?"
    r"|(?P<model>[a-z_.]+)/(?P<res_id>\d{1,9})/(?P<field>\w+)(?:/.*)?)"
)


class LetterPage(NamedTuple):
    """What stands in one letter: its text as HTML, lines of the address, whose
    letterhead, in which direction one reads, a mark where it begins."""

    body: str
    address: tuple
    company: object
    direction: str = "ltr"
    mark: str = ""


class OpportunityLetterLayoutMixin(models.AbstractModel):
    """How a letter stands on its paper, and the PDF file of many of them.

    Templates, batches and letters have the same fields, so that a letter is printed
    again as it was, whatever became of its template.
    """

    _name = "opportunity.letter.layout.mixin"
    _inherit = ["opportunity.print.mixin"]
    _description = "Layout of Letters"

    paper = fields.Selection(
        [
            (USUAL, "As Usual in the Company's Country"),
            ("a4", "A4"),
            ("letter", "US Letter"),
            ("a5", "A5"),
            ("dl", "Envelope DL"),
            ("c5", "Envelope C5"),
            ("c6", "Envelope C6"),
            ("com10", "Envelope #10"),
        ],
        required=True,
        default=USUAL,
    )
    margin_top = fields.Float("Top Margin", required=True, default=20, help="In mm.")
    margin_right = fields.Float(
        "Right Margin", required=True, default=20, help="In mm."
    )
    margin_bottom = fields.Float(
        "Bottom Margin", required=True, default=20, help="In mm."
    )
    margin_left = fields.Float("Left Margin", required=True, default=25, help="In mm.")
    show_letterhead = fields.Boolean(
        "Company Letterhead",
        default=True,
        help="Print logo, name and address of the company at the top. Switch it off "
        "for paper that has them already.",
    )
    window = fields.Selection(
        [
            ("none", "None"),
            (USUAL, "As Usual in the Company's Country"),
            ("din5008_a", "DIN 5008 Form A"),
            ("din5008_b", "DIN 5008 Form B"),
            ("us10", "US #10"),
        ],
        "Address Window",
        required=True,
        default="none",
        help="The address stands where the envelope has its window. A letter without "
        "an address is then not printed.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains(
        "paper", "margin_top", "margin_right", "margin_bottom", "margin_left"
    )
    def _check_margins(self):
        for layout in self:
            paper = layout._get_paper()
            top, right, bottom, left = paper.margins
            if min(paper.margins) < 0 or not (
                left + right < paper.width * 0.7 and top + bottom < paper.height * 0.7
            ):
                raise ValidationError(
                    self.env._(
                        "“%(name)s”: with these margins there is no room for text on "
                        "the paper.",
                        name=layout.display_name,
                    )
                )

    # === BUSINESS METHODS === #

    def _get_usual_layout(self):
        """Return names of paper and window; what is as usual is that of the company
        in which one works."""
        company = self.env.company
        paper, window = get_usual_layout(company.country_id.code)
        if company.paperformat_id.format == "Letter":
            paper = "letter"
        return (
            paper if self.paper == USUAL else self.paper,
            window if self.window == USUAL else self.window,
        )

    def _get_paper(self):
        """Return the paper with its margins; envelopes print up to their edges."""
        paper, _window = self._get_usual_layout()
        margins = (
            (self.margin_top, self.margin_right, self.margin_bottom, self.margin_left)
            if paper not in ENVELOPES
            else (0, 0, 0, 0)
        )
        return PAPERS[paper]._replace(margins=margins)

    def _get_address_place(self):
        """Return where the address stands for an envelope, if it does."""
        return get_address_place(*self._get_usual_layout())

    def _copy_layout(self):
        """Return the values of another record with the same layout, which stays so
        wherever it is printed."""
        names = OpportunityLetterLayoutMixin._get_layout_names()
        paper, window = self._get_usual_layout()
        values = {name: self[name] for name in names}
        return {**values, "paper": paper, "window": window}

    @staticmethod
    def _get_layout_names():
        margins = [f"margin_{side}" for side in ("top", "right", "bottom", "left")]
        return ["paper", "window", "show_letterhead", *margins]

    # === PRINTING === #

    def _print_letters(self, pages):
        """Return the PDF of ``LetterPage``s as bytes."""
        if not pages:
            raise UserError(self.env._("There is no letter to print."))
        chunks = (pages[start : start + CHUNK] for start in range(0, len(pages), CHUNK))
        files = [self._print_chunk(chunk) for chunk in chunks]
        return files[0] if len(files) == 1 else merge_pdf(files)

    def _cut_letters(self, pdf, pages):
        """Return the PDF of each letter, out of that of all of them."""
        starts = range(len(pages))
        if count_sheets(pdf) != len(pages):
            starts = self._find_starts(pages)
        if len(starts) != len(pages):
            return [self._print_letters([page]) for page in pages]
        return cut(pdf, starts)

    def _find_starts(self, pages):
        """Return the indexes of the pages where letters begin: they are printed once
        more, with a mark that is kept nowhere."""
        mark = secrets.token_hex(8)
        marked = [page._replace(mark=mark) for page in pages]
        return find_sheets(self._print_letters(marked), mark)

    def _print_chunk(self, pages):
        paper = self._get_paper()
        scale = self._get_print_scale(paper._replace(margins=(0, 0, 0, 0)))
        report = self.env["ir.actions.report"].with_context(opportunity_paper=paper)
        return report._run_wkhtmltopdf([self._render_chunk(pages, scale)])

    def _render_chunk(self, pages, scale=1.0):
        """Return the document of some letters: one article that asks for nothing."""
        pictures = {}
        heads = {
            company: self._prepare_letterhead(company)
            for company in {page.company for page in pages}
        }
        return self.env["ir.qweb"]._render(
            "sales_opportunity_classic.opportunity_letter_document",
            {
                "letters": [self._prepare_page(page, pictures) for page in pages],
                "heads": heads,
                "zoom": round(1 / scale, 5),
                "place": self._get_place_styles(),
                "layout": self,
            },
        )

    def _prepare_page(self, page, pictures):
        return {
            "body": self._make_printable(page.body, pictures),
            "address": self._fit_address(page.address),
            "company": page.company,
            "direction": page.direction,
            "mark": page.mark,
        }

    def _make_printable(self, body, pictures):
        """Return a text that holds its pictures and asks for nothing else.

        :param pictures: those that were read before, by address
        """
        root = parse(body)

        def get_picture(address):
            if address not in pictures:
                pictures[address] = self._read_picture(address)
            return pictures[address]

        make_safe(root, get_picture)
        keep_together(root)
        return Markup(write(root))

    def _make_line(self, text):
        """Return a line of plain text as it is printed."""
        if not has_joined(text):
            return text
        root = parse(html_escape(text))
        keep_together(root)
        return Markup(write(root))

    def _embed_pictures(self, body):
        """Return a text with Odoo's pictures in it, for those who cannot log in."""
        root = parse(body)
        for picture in root.iter("img"):
            if source := self._read_picture(picture.get("src") or ""):
                picture.set("src", source)
        return Markup(write(root))

    def _read_picture(self, address):
        """Return an image of Odoo as a ``data:`` address, if the user may read it."""
        parts = urlsplit(address)
        found = PICTURE.fullmatch(parts.path)
        if not found or parts.netloc or parts.scheme:
            return ""
        try:
            if found["id"]:
                return self._read_attachment(int(found["id"]))
            return self._read_image(
                found["model"], int(found["res_id"]), found["field"]
            )
        except (AccessError, MissingError):
            return ""

    @api.model
    def _read_attachment(self, attachment_id):
        """Return the picture of an attachment; one elsewhere is not fetched."""
        attachment = self.env["ir.attachment"].browse(attachment_id).exists()
        attachment.check_access("read")
        return make_source(attachment.type == "binary" and attachment.raw)

    @api.model
    def _read_image(self, model, res_id, name):
        """Return the picture in a field of a record."""
        field = model in self.env and self.env[model]._fields.get(name)
        if not field or field.type != "binary" or self.env[model]._abstract:
            return ""
        record = self.env[model].with_context(bin_size=False).browse(res_id).exists()
        record.check_access("read")
        record._check_field_access(field, "read")
        return read_source(record and record[name])

    @api.model
    def _prepare_letterhead(self, company):
        """Return what letters say of their company."""
        # sudo: whose letter it is gives the letterhead, as on all reports
        company = company.sudo()
        partner = self.env["res.partner"].with_company(company)
        contact = filter(None, (company.phone, company.email, company.website))
        return {
            "name": company.name,
            "logo": read_source(company.with_context(bin_size=False).logo_web),
            "sender": self._make_line(" · ".join(partner._get_sender_lines())),
            "lines": [
                *map(self._make_line, partner._get_address_lines(company.partner_id)),
                " · ".join(contact),
            ],
        }

    def _fit_address(self, lines):
        """Return the lines of an address and the size at which they fill its place."""
        place = self._get_address_place()
        if not place or not lines:
            return None
        size, lines = fit(list(lines), place.width, place.height, False, ADDRESS_SIZE)
        return {
            "lines": [self._make_line(line) for line in lines],
            "style": f"font-size:{size:.3f}mm",
        }

    def _get_place_styles(self):
        """Return where address, sender and text stand, from the margins' corner."""
        place = self._get_address_place()
        if not place:
            return {}
        top, _right, _bottom, left = self._get_paper().margins
        corner = f"left:{place.left - left:.2f}mm"
        sender_top = place.sender_top
        return {
            "address": f"{corner};top:{place.top - top:.2f}mm;width:{place.width}mm;"
            f"height:{place.height}mm",
            "sender": sender_top is not None
            and f"{corner};top:{sender_top - top:.2f}mm;width:{place.width}mm",
            "body": f"padding-top:{max(place.body_top - top, 0):.2f}mm",
        }

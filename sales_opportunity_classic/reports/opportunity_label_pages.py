import base64

from markupsafe import Markup

from odoo import api, models

from ..tools.printing.bidi import split_runs
from ..tools.printing.fitting import BASELINE, LEADING
from ..tools.printing.geometry import Paper
from ..tools.printing.layout import Page

# A page of HTML is that much smaller than the paper: a longer one runs over, a wider
# one makes the printing program shrink all of them.
SMALLER = 0.6
PIXELS_PER_MM = 96 / 25.4
# Of Liberation Sans and Arial; in others letters stand a pixel higher or lower.
ASCENT, DESCENT = 0.905, 0.212
CODE_PIXELS = {"QR": (300, 300), "Code128": (900, 200)}


class ReportOpportunityLabelPages(models.AbstractModel):
    """Gives the template of labels what it shows: pages that were laid out before.

    Lengths are enlarged by what the printing program shrinks.
    """

    _name = "report.sales_opportunity_classic.opportunity_label_pages"
    _description = "Labels as HTML"

    @api.model
    def _get_report_values(self, docids, data=None):
        data = data or {}
        wizard = self.env["opportunity.label.print"].browse(docids)
        pages, paper, scale = data.get("pages"), data.get("paper"), data.get("scale")
        # What is no object of ours came from a client.
        if not isinstance(paper, Paper) or not all(isinstance(p, Page) for p in pages):
            pages, scale = wizard._get_pages(), 1.0
            paper = wizard.format_id._get_sheet().paper
        width, height = paper.width - SMALLER, paper.height - SMALLER
        return {
            "doc_ids": docids,
            "docs": wizard,
            "pages": pages,
            "page_style": self._style(0, 0, width, height, scale),
            "line_style": lambda line: self._style_line(line, scale),
            "line_parts": self._make_parts,
            "box_style": lambda box: self._style(*box, scale),
            "code_source": self._get_code_source,
        }

    def _style(self, x, y, width, height, scale):
        names = ("left", "top", "width", "height")
        lengths = zip(names, (x, y, width, height), strict=True)
        return "".join(f"{name}:{value / scale:.4f}mm;" for name, value in lengths)

    def _style_line(self, line, scale):
        """Return the style that puts the foot of the letters where it belongs.

        Qt sets type in whole pixels: font, line and foot, so they are whole already.
        """
        pixels = PIXELS_PER_MM / scale
        size = max(int(line.size * pixels), 1)
        height = round(size * LEADING)
        ascent, descent = round(size * ASCENT), round(size * DESCENT)
        foot = ascent + (height - ascent - descent) // 2
        top = round(line.y * pixels + size * BASELINE) - foot
        return (
            f"left:{line.x * pixels:.3f}px;top:{top}px;"
            f"width:{line.width * pixels:.3f}px;"
            f"height:{height}px;line-height:{height}px;font-size:{size}px;"
            f"text-align:{'right' if line.rtl else 'left'}"
        )

    def _make_parts(self, line):
        """Return the parts of a line without a space between: it would be printed."""
        return Markup().join(
            Markup('<span dir="{}">{}</span>').format("rtl" if rtl else "ltr", text)
            for text, rtl in split_runs(line.text)
        )

    def _get_code_source(self, code):
        """Return the picture of a code as the address of an image."""
        width, height = CODE_PIXELS[code.kind]
        image = self.env["ir.actions.report"].barcode(
            code.kind, code.value, width=width, height=height, quiet=0
        )
        return f"data:image/png;base64,{base64.b64encode(image).decode()}"

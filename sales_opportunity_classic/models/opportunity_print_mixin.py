import io

from odoo import models
from odoo.tools import SQL
from odoo.tools.pdf import PdfFileReader, PdfFileWriter

from odoo.addons.base.models.ir_actions_report import _wkhtml

from ..tools.printing.calibration import make_ruler, read_scale
from ..tools.printing.drawing import draw_pages

# Of two who measure at once the later one is run again, whereas the ORM would fail.
KEEP_SCALE = """
    INSERT INTO ir_config_parameter (key, value, create_uid, create_date)
    VALUES (%(key)s, %(value)s, %(uid)s, %(now)s) ON CONFLICT (key) DO NOTHING
"""


class OpportunityPrintMixin(models.AbstractModel):
    """A record that is printed to the tenth of a millimetre.

    Its reports are Odoo's, but the record makes the PDF (``_render_exactly``). Pages
    whose letters stand in Odoo's own font are drawn, all others are laid out by
    wkhtmltopdf, as it chooses fonts and joins letters.
    """

    _name = "opportunity.print.mixin"
    _description = "Exact Printing Mixin"

    def _render_exactly(self, report):
        """Return the PDF of a report on this record as bytes."""
        raise NotImplementedError

    def _render_all_exactly(self, report):
        """Return {id: PDF}; one PDF may hold the documents of the records after it."""
        return {document.id: document._render_exactly(report) for document in self}

    def _print_pages(self, pages, paper, report):
        """Return the PDF of laid out pages; ``report`` renders those to be laid out
        by wkhtmltopdf."""
        if all(page.is_plain for page in pages):
            return draw_pages(pages, paper)
        drawn = draw_pages([page for page in pages if page.is_plain], paper)
        others = [page for page in pages if not page.is_plain]
        rendered = self._render_pages(others, paper, report)
        return self._interleave(pages, drawn, rendered)

    def _render_pages(self, pages, paper, report):
        """Return the PDF that wkhtmltopdf makes of pages, at their true size."""
        scale = self._get_print_scale(paper)
        report = report.with_context(opportunity_paper=paper)
        data = {"pages": pages, "paper": paper, "scale": scale}
        streams = report._render_qweb_pdf_prepare_streams(report, data)
        return streams[False]["stream"].getvalue()

    def _interleave(self, pages, drawn, rendered):
        """Return one PDF of two, in the order of the pages."""
        writer, stream = PdfFileWriter(), io.BytesIO()
        sources = {
            plain: iter(PdfFileReader(io.BytesIO(pdf)).pages)
            for plain, pdf in ((True, drawn), (False, rendered))
        }
        for page in pages:
            writer.addPage(next(sources[page.is_plain]))
        writer.write(stream)
        return stream.getvalue()

    # === CALIBRATION === #

    def _get_print_scale(self, paper):
        """Return the factor at which wkhtmltopdf prints on a paper.

        Measured once per build and paper; delete the system parameter to measure again.
        """
        # sudo: system parameters are for administrators, a measure is for all
        parameters = self.env["ir.config_parameter"].sudo()
        name = self._get_print_scale_name(paper)
        scale = parameters.get_param(name)
        if not scale:
            scale = round(self._measure_print_scale(paper), 6)
            self._keep_print_scale(name, scale)
        return float(scale)

    def _keep_print_scale(self, name, scale):
        now, uid = self.env.cr.now(), self.env.uid
        statement = SQL(KEEP_SCALE, key=name, value=str(scale), uid=uid, now=now)
        self.env.cr.execute(statement)
        self.env.registry.clear_cache("stable")

    def _get_print_scale_name(self, paper):
        build = _wkhtml()
        qt = "patched" if build.is_patched_qt else "plain"
        size = f"{paper.width:g}x{paper.height:g}"
        return f"sales_opportunity_classic.print_scale.{build.version}-{qt}.{size}"

    def _measure_print_scale(self, paper):
        report = self.env["ir.actions.report"].with_context(opportunity_paper=paper)
        return read_scale(report._run_wkhtmltopdf([make_ruler(paper)]), paper)

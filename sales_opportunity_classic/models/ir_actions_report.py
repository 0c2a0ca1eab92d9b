import io

from odoo import models

from odoo.addons.base.models.ir_actions_report import _wkhtml

from ..tools.printing.geometry import Paper

OWN_REPORTS = "sales_opportunity_classic."
SIDES = ("top", "right", "bottom", "left")


class IrActionsReport(models.Model):
    """Reports on records that print themselves exactly, on paper of any size.

    The paper travels as an object in the context, which no client can send.
    """

    _inherit = "ir.actions.report"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        report = self._get_report(report_ref)
        documents = self.env[report.model].browse(res_ids)
        is_ours = report.report_name.startswith(OWN_REPORTS)
        if not (documents and is_ours and hasattr(documents, "_render_exactly")):
            with_paper = self._with_exact_paper(report)
            return super(IrActionsReport, with_paper)._render_qweb_pdf_prepare_streams(
                report_ref, data, res_ids=res_ids
            )
        return {
            res_id: {"stream": io.BytesIO(pdf), "attachment": None}
            for res_id, pdf in documents._render_all_exactly(report).items()
        }

    def _with_exact_paper(self, report):
        """Return these with the paper that a report chooses itself, if it does."""
        renderer = self._get_rendering_context_model(report)
        if not hasattr(renderer, "_get_exact_paper"):
            return self
        return self.with_context(opportunity_paper=renderer._get_exact_paper())

    def _get_exact_paper(self):
        """Return the paper that is to be printed on exactly, or None."""
        paper = self.env.context.get("opportunity_paper")
        return paper if isinstance(paper, Paper) else None

    def _get_layout(self):
        if self._get_exact_paper():
            return self.env.ref("sales_opportunity_classic.opportunity_print_layout")
        return super()._get_layout()

    def _build_wkhtmltopdf_args(
        self,
        paperformat_id,
        landscape,
        specific_paperformat_args=None,
        set_viewport_size=False,
    ):
        paper = self._get_exact_paper()
        if not paper:
            return super()._build_wkhtmltopdf_args(
                paperformat_id, landscape, specific_paperformat_args, set_viewport_size
            )
        no_format = self.env["report.paperformat"]
        args = super()._build_wkhtmltopdf_args(no_format, False)
        width, height = f"{paper.width}mm", f"{paper.height}mm"
        size = ["--page-width", width, "--page-height", height]
        exact = ["--dpi", "96", "--disable-javascript", "--javascript-delay", "0"]
        if _wkhtml().is_patched_qt:
            exact.append("--disable-smart-shrinking")
        for side, margin in zip(SIDES, paper.margins, strict=True):
            size += [f"--margin-{side}", f"{margin}mm"]
        return [*args, *size, *exact]

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.base.models.ir_actions_report import _wkhtml

from ..tools.letters.paper import PAPERS

MARGIN = 12
FONT_SIZE = 8.5
# An unpatched Qt prints at three quarters of the size.
UNPATCHED = 4 / 3


class ReportOpportunityReportPrint(models.AbstractModel):
    """Gives the template of printed reports its tables."""

    _name = "report.sales_opportunity_classic.opportunity_report_print"
    _description = "Printed Report"

    @api.model
    def _get_report_values(self, docids, data=None):
        data = data or {}
        report = self._get_printed_report(data.get("model"))
        try:
            document = report._prepare_print(data)
        except (KeyError, TypeError, ValueError, NotImplementedError) as error:
            raise UserError(
                self.env._("This cannot be printed. Open the report again.")
            ) from error
        lang = self.env["res.lang"]._get_data(code=self.env.lang or "en_US")
        return {
            "document": document,
            "company": self.env.company.name,
            "today": format_date(self.env, fields.Date.context_today(self)),
            "direction": lang.direction or "ltr",
            "font_size": FONT_SIZE * (1 if _wkhtml().is_patched_qt else UNPATCHED),
        }

    def _get_printed_report(self, name):
        """Return the report of a name, that a client may have made up."""
        report = self.env.get(str(name))
        if not isinstance(report, self.pool["opportunity.report.print.mixin"]):
            raise UserError(self.env._("This report cannot be printed."))
        return report

    @api.model
    def _get_exact_paper(self):
        """Return the paper: that of the company, on its side."""
        is_letter = self.env.company.paperformat_id.format == "Letter"
        paper = PAPERS["letter" if is_letter else "a4"]
        return paper._replace(
            width=paper.height, height=paper.width, margins=(MARGIN,) * 4
        )

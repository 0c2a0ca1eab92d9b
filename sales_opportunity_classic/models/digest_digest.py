from odoo import api, fields, models
from odoo.exceptions import AccessError

OUTCOME = "opportunity.report.outcome"
SALESPERSON = "opportunity.report.salesperson"
# {KPI: (report, its figure, its date)}
FIGURES = {
    "won_revenue": (OUTCOME, "won_revenue:sum", "date_closed"),
    "lost_revenue": (OUTCOME, "lost_revenue:sum", "date_closed"),
    "win_rate": (OUTCOME, "win_rate:avg", "date_closed"),
    "activities_done": (SALESPERSON, "done_count:sum", "date"),
}


class DigestDigest(models.Model):
    """Adds figures of the opportunity reports, as each recipient may read them."""

    _inherit = "digest.digest"

    kpi_opportunity_won_revenue = fields.Boolean("Won Revenue")
    kpi_opportunity_won_revenue_value = fields.Monetary(
        compute="_compute_kpi_opportunity_won_revenue_value"
    )
    kpi_opportunity_lost_revenue = fields.Boolean("Lost Revenue")
    kpi_opportunity_lost_revenue_value = fields.Monetary(
        compute="_compute_kpi_opportunity_lost_revenue_value"
    )
    kpi_opportunity_win_rate = fields.Boolean("Win Rate (%)")
    kpi_opportunity_win_rate_value = fields.Float(
        compute="_compute_kpi_opportunity_win_rate_value"
    )
    kpi_opportunity_activities_done = fields.Boolean("Sales Activities Done")
    kpi_opportunity_activities_done_value = fields.Integer(
        compute="_compute_kpi_opportunity_activities_done_value"
    )

    @api.depends_context("start_datetime", "end_datetime", "uid")
    def _compute_kpi_opportunity_won_revenue_value(self):
        self._compute_opportunity_kpi("won_revenue")

    @api.depends_context("start_datetime", "end_datetime", "uid")
    def _compute_kpi_opportunity_lost_revenue_value(self):
        self._compute_opportunity_kpi("lost_revenue")

    @api.depends_context("start_datetime", "end_datetime", "uid")
    def _compute_kpi_opportunity_win_rate_value(self):
        self._compute_opportunity_kpi("win_rate", factor=100)

    @api.depends_context("start_datetime", "end_datetime", "uid")
    def _compute_kpi_opportunity_activities_done_value(self):
        self._compute_opportunity_kpi("activities_done")

    def _compute_opportunity_kpi(self, name, factor=1):
        """Fill in a figure of the whole days of the period, up to yesterday."""
        if not self.env.user.has_group("sales_team.group_sale_salesman"):
            raise AccessError(self.env._("Only salespeople get figures of sales."))
        model, figure, date = FIGURES[name]
        start, end, __ = self._get_kpi_compute_parameters()
        for company, digests in self.grouped("company_id").items():
            company = company or self.env.company
            report = self.env[model].with_context(allowed_company_ids=company.ids)
            [[value]] = report._read_group(
                [
                    (date, ">=", fields.Date.to_date(start)),
                    (date, "<", fields.Date.to_date(end)),
                ],
                aggregates=[figure],
            )
            digests[f"kpi_opportunity_{name}_value"] = (value or 0) * factor

    def _compute_kpis_actions(self, company, user):
        actions = super()._compute_kpis_actions(company, user)
        menu = self.env.ref("crm.crm_menu_root").id
        for name, (model, *__) in FIGURES.items():
            action = f"sales_opportunity_classic.{model.replace('.', '_')}_action"
            actions[f"kpi_opportunity_{name}"] = f"{action}?menu_id={menu}"
        return actions

from odoo import api, fields, models
from odoo.tools import SQL, date_utils

from ..tools.reports import forecast


class OpportunityForecastSnapshot(models.Model):
    """What was expected of an opportunity on one day.

    A scheduled action notes it for all that is open on the first of each month, or as
    soon after as it can; nobody changes it. The rows go with their opportunity, and to
    the survivor of a merge.
    """

    _name = "opportunity.forecast.snapshot"
    _description = "Forecast Snapshot"
    _inherit = ["opportunity.access.mixin"]
    _order = "date desc, id desc"
    _rec_name = "lead_id"
    _log_access = False

    lead_id = fields.Many2one(
        "crm.lead",
        "Opportunity",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    date = fields.Date("Forecast Of", required=True, readonly=True, index=True)
    date_deadline = fields.Date("Expected Closing", readonly=True)
    user_id = fields.Many2one(
        "res.users", "Salesperson", readonly=True, ondelete="set null", index=True
    )
    team_id = fields.Many2one(
        "crm.team", "Sales Team", readonly=True, ondelete="set null", index=True
    )
    company_id = fields.Many2one(
        "res.company", readonly=True, ondelete="set null", index=True
    )
    stage_id = fields.Many2one(
        "crm.stage", readonly=True, ondelete="set null", index=True
    )
    probability = fields.Float(readonly=True, aggregator="avg")
    revenue_low = fields.Monetary(
        "Lowest Revenue", readonly=True, currency_field="company_currency"
    )
    expected_revenue = fields.Monetary(readonly=True, currency_field="company_currency")
    revenue_high = fields.Monetary(
        "Highest Revenue", readonly=True, currency_field="company_currency"
    )
    recurring_revenue_monthly = fields.Monetary(
        "Expected MRR", readonly=True, currency_field="company_currency"
    )
    include_in_forecast = fields.Boolean("Included in Forecast", readonly=True)
    company_currency = fields.Many2one("res.currency", "Currency", readonly=True)

    @api.model
    def _cron_take_snapshot(self):
        """Note what is open now, once a month at most: reports add up by month."""
        today = fields.Date.context_today(self)
        start = date_utils.start_of(today, "month")
        if self.search_count([("date", ">=", start)], limit=1):
            return
        self.env.flush_all()
        statement = SQL(
            forecast.INSERT_SNAPSHOT,
            today=today,
            currency_id=self.env.company.currency_id.id,
        )
        self.env.cr.execute(statement)

    @api.model
    def _take_over(self, survivors):
        """Hand the rows of merged opportunities to their survivors.

        :param dict survivors: {id of an opportunity: id of its survivor}
        """
        statement = SQL(
            forecast.TAKE_OVER,
            merged=list(survivors),
            survivors=list(survivors.values()),
        )
        self.env.cr.execute(statement)
        self.invalidate_model(["lead_id"], flush=False)

from odoo import fields, models
from odoo.tools import SQL

from ..tools import reports
from ..tools.reports import forecast


class OpportunityReportForecast(models.Model):
    """What an opportunity is expected to bring in a month, and what it brought.

    The belief of today is worked out of what is open now, beliefs of the past come
    from the monthly snapshots. Beside each stands what was won since, so that months
    ahead tell how the forecast drifted and months gone how good it was.
    """

    _name = "opportunity.report.forecast"
    _description = "Forecast Analysis"
    _inherit = ["opportunity.report.mixin"]
    _auto = False
    _order = "date desc, id desc"
    _printed_figures = (
        "revenue_low",
        "expected_revenue",
        "revenue_high",
        "weighted_revenue",
        "committed_revenue",
        "omitted_revenue",
        "recurring_revenue_monthly",
        "actual_revenue",
    )
    _printed_groups = (
        ("date:month",),
        ("team_id", "user_id"),
    )
    _ratios = {"accuracy": ("actual_revenue", "weighted_revenue")}
    _depends = {
        "crm.lead": [
            "type",
            "active",
            "won_status",
            "date_deadline",
            "date_closed",
            "actual_close_date",
            "user_id",
            "team_id",
            "company_id",
            "partner_id",
            "stage_id",
            "probability",
            "include_in_forecast",
            "revenue_low",
            "expected_revenue",
            "revenue_high",
            "recurring_revenue_monthly",
            "actual_revenue",
        ],
        "opportunity.forecast.snapshot": ["lead_id"],
    }

    kind = fields.Selection(
        [("open", "Expected"), ("won", "Won")], "Status", readonly=True
    )
    date = fields.Date(
        "Expected or Actual Closing",
        readonly=True,
        help="When an open opportunity is expected to close, or a won one did.",
    )
    date_believed = fields.Date(
        "Forecast Of", readonly=True, help="Today, or the day of a monthly snapshot."
    )
    is_current = fields.Boolean("Forecast of Today", readonly=True)
    stage_id = fields.Many2one("crm.stage", readonly=True)
    include_in_forecast = fields.Boolean("Included in Forecast", readonly=True)
    revenue_low = fields.Monetary(
        "Lowest Revenue",
        readonly=True,
        help="Where no lowest revenue is given, the expected one counts.",
    )
    expected_revenue = fields.Monetary(
        readonly=True,
        help="In the currency of your company, at the rate of today, or of the day of "
        "the snapshot.",
    )
    revenue_high = fields.Monetary(
        "Highest Revenue",
        readonly=True,
        help="Where no highest revenue is given, the expected one counts.",
    )
    weighted_revenue = fields.Monetary(
        readonly=True, help="Expected revenue times probability."
    )
    committed_revenue = fields.Monetary(
        readonly=True,
        help="Expected revenue of the opportunities that are included in the forecast.",
    )
    omitted_revenue = fields.Monetary(
        readonly=True,
        help="Expected revenue of the opportunities that are left out of the forecast.",
    )
    recurring_revenue_monthly = fields.Monetary("Expected MRR", readonly=True)
    weighted_recurring_revenue = fields.Monetary("Weighted MRR", readonly=True)
    actual_revenue = fields.Monetary(
        readonly=True,
        help="What was won since the day of the forecast, at the rate of the closing "
        "date.",
    )
    accuracy = fields.Float(
        readonly=True,
        aggregator="ratio",
        help="Actual revenue, of the weighted revenue that was forecast. Look at one "
        "forecast at a time: each has all that was won since.",
    )

    def _get_rate_note(self):
        return self.env._(
            "Amounts are in %(currency)s, at the rate of today, of the day of the "
            "snapshot or, for what was won, of the closing date.",
            currency=self.env.company.currency_id.display_name,
        )

    # === THE QUERY === #

    def _get_query(self, exchange):
        leads = self._select_leads(exchange)
        today = fields.Date.context_today(self)
        owner = SQL("opportunity_forecast_snapshot.company_id")
        rate = exchange.select_rate(owner, SQL("opportunity_forecast_snapshot.date"))
        date_closed = reports.local_date("lead.date_closed", str(self.env.tz))
        return SQL(
            forecast.SELECT_FORECASTS,
            currency_id=exchange.currency_id,
            open=SQL(
                forecast.OPEN,
                leads=leads,
                today=today,
                amounts=self._select_amounts(exchange, "lead"),
            ),
            past=SQL(
                forecast.PAST,
                leads=leads,
                rate=rate,
                amounts=self._select_amounts(exchange, "past"),
            ),
            won=SQL(
                forecast.WON,
                leads=leads,
                today=today,
                date_closed=date_closed,
                actual_revenue=exchange.convert("COALESCE(lead.actual_revenue, 0)"),
            ),
        )

    def _select_amounts(self, exchange, table):
        expected = f"COALESCE({table}.expected_revenue, 0)"
        recurring = f"COALESCE({table}.recurring_revenue_monthly, 0)"
        chance = f"COALESCE({table}.probability, 0)::numeric / 100"
        amounts = {
            "low": f"COALESCE(NULLIF({table}.revenue_low, 0), {expected})",
            "expected": expected,
            "high": f"COALESCE(NULLIF({table}.revenue_high, 0), {expected})",
            "weighted": f"{expected} * {chance}",
            "recurring": recurring,
            "weighted_recurring": f"{recurring} * {chance}",
        }
        for name, amount in amounts.items():
            amounts[name] = exchange.convert(amount, table)
        return SQL(forecast.EXPECTED, **amounts)

from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.reports import billing

MONTHS = 12


class OpportunityReportBilling(models.Model):
    """The bills of the next 12 months, if no subscription changes: one row each.

    Worked out when it is read, by the arithmetic that bills.
    """

    _name = "opportunity.report.billing"
    _description = "Billing Forecast"
    _inherit = ["opportunity.report.subscription.mixin"]
    _auto = False
    _order = "date, id"
    _printed_figures = ("amount", "__count")
    _printed_groups = (("date:month",), ("plan_id",))
    _depends = {
        "opportunity.subscription": [
            "partner_id",
            "plan_id",
            "user_id",
            "team_id",
            "company_id",
            "lead_id",
            "currency_id",
        ]
    }

    amount = fields.Monetary(readonly=True, help="Without taxes, at the rate of today.")
    sold_currency_id = fields.Many2one(
        "res.currency", "Customer's Currency", readonly=True
    )
    amount_currency = fields.Monetary(
        "Amount in Customer's Currency",
        currency_field="sold_currency_id",
        readonly=True,
        aggregator=None,
    )

    # === THE QUERY === #

    def _get_query(self, exchange):
        bills = self._get_bills()
        names = ("subscriptions", "numbers", "dates", "sold", "amounts")
        columns = zip(*bills, strict=True) if bills else ((),) * len(names)
        columns = {
            name: list(column) for name, column in zip(names, columns, strict=True)
        }
        return SQL(billing.SELECT_BILLING, currency_id=exchange.currency_id, **columns)

    def _get_bills(self):
        """Return the bills to come that the reader may see, as the query takes them."""
        today = fields.Date.context_today(self)
        until = today + relativedelta(months=MONTHS)
        waiting = self.env["opportunity.subscription"].search(
            Domain("date_due", "<", until) & Domain("is_parked", "=", False)
        )
        rates = self._get_rates(waiting, today)
        return [
            (row.id, number, day, amount, rates[row.currency_id](amount))
            for row in waiting
            for number, (day, amount) in enumerate(row._get_upcoming_bills(until))
        ]

    def _get_rates(self, subscriptions, today):
        """Return how amounts of each currency become those of the reader's company."""
        company = self.env.company
        target = company.currency_id

        def get_conversion(currency):
            rate = currency._get_conversion_rate(currency, target, company, today)
            return lambda amount: target.round(amount * rate)

        return {
            currency: get_conversion(currency) for currency in subscriptions.currency_id
        }

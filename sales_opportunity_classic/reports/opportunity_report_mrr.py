from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.reports import mrr


class OpportunityReportMrr(models.Model):
    """How the monthly recurring revenue moved, and what was lost of it.

    A row is a movement, or what a subscription brought at the beginning of a month:
    of that the churn rate is. All movements until a day add up to what active
    subscriptions bring then.
    """

    _name = "opportunity.report.mrr"
    _description = "MRR Analysis"
    _inherit = ["opportunity.report.subscription.mixin"]
    _auto = False
    _order = "date desc, id desc"
    _printed_figures = (
        "opening_amount",
        "new_amount",
        "expansion_amount",
        "contraction_amount",
        "churn_amount",
        "reactivation_amount",
        "amount",
        "active_count",
        "churn_rate",
    )
    _printed_groups = (("date:month",), ("plan_id",))
    _ratios = {
        "churn_rate": ("lost_amount", "opening_amount"),
        "churn_rate_count": ("lost_count", "opening_count"),
    }
    _depends = {
        "opportunity.subscription.movement": [
            "date",
            "kind",
            "amount",
            "subscription_id",
            "partner_id",
            "plan_id",
            "user_id",
            "team_id",
            "company_id",
        ],
        "opportunity.subscription": ["lead_id"],
    }

    kind = fields.Selection(
        [
            ("opening", "Beginning of Month"),
            ("new", "New"),
            ("expansion", "Expansion"),
            ("contraction", "Contraction"),
            ("churn", "Churn"),
            ("reactivation", "Reactivation"),
        ],
        readonly=True,
    )
    amount = fields.Monetary(
        "MRR Change",
        readonly=True,
        help="What all movements come to, at the rate of their days. Added up from the "
        "beginning it is the recurring revenue per month.",
    )
    opening_amount = fields.Monetary(
        "MRR at Beginning",
        readonly=True,
        help="What was active at the beginning of the month; of several months, the "
        "sum.",
    )
    opening_count = fields.Integer("Active at Beginning", readonly=True)
    active_count = fields.Integer(
        "Active Change",
        readonly=True,
        help="New and reactivated subscriptions without those that were lost.",
    )
    new_amount = fields.Monetary("New", readonly=True)
    expansion_amount = fields.Monetary("Expansion", readonly=True)
    contraction_amount = fields.Monetary("Contraction", readonly=True)
    churn_amount = fields.Monetary("Churn", readonly=True)
    reactivation_amount = fields.Monetary("Reactivation", readonly=True)
    lost_amount = fields.Monetary("MRR Lost", readonly=True)
    lost_count = fields.Integer("Subscriptions Lost", readonly=True)
    churn_rate = fields.Float(
        readonly=True,
        aggregator="ratio",
        help="Recurring revenue lost, of what there was at the beginning of the month.",
    )
    churn_rate_count = fields.Float(
        "Churn Rate (Number)",
        readonly=True,
        aggregator="ratio",
        help="Subscriptions lost, of those active at the beginning of the month.",
    )

    # === THE QUERY === #

    def _get_query(self, exchange):
        return SQL(
            mrr.SELECT_MRR,
            movements=self._select_movements(exchange),
            amount=exchange.convert("found.amount", "found"),
            columns=SQL(", ").join(map(SQL.identifier, (*mrr.COLUMNS, "lead_id"))),
            today=fields.Date.context_today(self),
            currency_id=exchange.currency_id,
        )

    def _select_movements(self, exchange):
        Movement = self.env["opportunity.subscription.movement"]
        query = Movement._search(Domain.TRUE, order="id")
        query.order = None
        table = Movement._table
        subscription = query.left_join(
            table, "subscription_id", "opportunity_subscription", "id", "sold"
        )
        names = ("id", "date", "kind", "amount", *mrr.COLUMNS)
        company, date = (SQL.identifier(table, name) for name in ("company_id", "date"))
        return query.select(
            *(SQL.identifier(table, name) for name in names),
            SQL.identifier(subscription, "lead_id"),
            exchange.select_rate(company, date),
        )

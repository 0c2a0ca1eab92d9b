from odoo import fields, models
from odoo.tools import SQL

from ..tools import reports
from ..tools.reports import ageing


class OpportunityReportAgeing(models.Model):
    """How long one open opportunity has not moved, and whether a next action is due.

    A row for each open opportunity; it leaves the report when it is closed or
    archived.
    """

    _name = "opportunity.report.ageing"
    _description = "Ageing Analysis"
    _inherit = ["opportunity.report.mixin"]
    _auto = False
    _order = "date_moved, id"
    _printed_figures = (
        "__count",
        "expected_revenue",
        "days_unmoved",
        "days_unmoved_median",
        "days_open",
        "days_overdue",
    )
    _printed_groups = (
        ("age",),
        ("next_action",),
        ("stage_id",),
        ("user_id",),
    )
    _depends = {
        "crm.lead": [
            "type",
            "active",
            "won_status",
            "create_date",
            "user_id",
            "team_id",
            "company_id",
            "partner_id",
            "stage_id",
            "next_action_date",
            "expected_revenue",
        ],
        "opportunity.stage.move": ["lead_id"],
    }

    stage_id = fields.Many2one("crm.stage", readonly=True)
    lead_create_date = fields.Datetime("Creation Date", readonly=True)
    date_moved = fields.Datetime("Last Movement", readonly=True)
    next_action_date = fields.Date(readonly=True)
    age = fields.Selection(
        [
            ("07", "Up to 7 Days"),
            ("30", "8 to 30 Days"),
            ("60", "31 to 60 Days"),
            ("90", "61 to 90 Days"),
            ("more", "More than 90 Days"),
        ],
        "Without Movement",
        readonly=True,
    )
    next_action = fields.Selection(
        [
            ("none", "None"),
            ("overdue", "Overdue"),
            ("today", "Today"),
            ("planned", "Planned"),
        ],
        readonly=True,
    )
    days_unmoved = fields.Float(
        "Days without Movement", readonly=True, aggregator="avg"
    )
    days_unmoved_median = fields.Float(
        "Days without Movement (Median)", readonly=True, aggregator="median"
    )
    days_open = fields.Float(
        readonly=True, aggregator="avg", help="Average days since the creation."
    )
    days_overdue = fields.Integer(
        readonly=True,
        aggregator="avg",
        help="Average days since the next action was due.",
    )
    expected_revenue = fields.Monetary(
        readonly=True, help="In the currency of your company, at the rate of today."
    )

    def _get_query(self, exchange):
        now = SQL("%s", fields.Datetime.now())
        moved = SQL("COALESCE(last.date, lead.create_date)")
        return SQL(
            ageing.SELECT_WAITING,
            leads=self._select_leads(exchange),
            currency_id=exchange.currency_id,
            today=fields.Date.context_today(self),
            days_unmoved=reports.days_between(moved, now),
            days_open=reports.days_between(SQL("lead.create_date"), now),
            expected_revenue=exchange.convert("lead.expected_revenue"),
        )

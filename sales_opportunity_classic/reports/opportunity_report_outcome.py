from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import reports
from ..tools.reports import outcome


class OpportunityReportOutcome(models.Model):
    """How one opportunity ended: won or lost, why, to whom and for how much.

    A row for each opportunity that is closed now; what is reopened leaves the report.
    Objections, competitors and products are lists of the row: grouped by one of them
    an opportunity counts under each, and once in every total.
    """

    _name = "opportunity.report.outcome"
    _description = "Won and Lost Analysis"
    _inherit = ["opportunity.report.closing.mixin"]
    _auto = False
    _order = "date_closed desc, id desc"
    _printed_figures = (
        "won_count",
        "lost_count",
        "win_rate",
        "won_revenue",
        "lost_revenue",
        "win_rate_revenue",
        "average_revenue",
        "awarded_revenue",
        "days_to_close",
    )
    _printed_groups = (
        ("user_id",),
        ("date_closed:month",),
        ("won_reason_id",),
        ("lost_reason_id",),
        ("objection_ids",),
        ("competitor_ids",),
        ("product_ids",),
        ("source_id",),
    )
    _ratios = {"win_rate_revenue": ("won_revenue", "closed_revenue")}
    _depends = {
        "crm.lead": [
            "type",
            "won_status",
            "create_date",
            "date_closed",
            "actual_close_date",
            "stage_id",
            "user_id",
            "team_id",
            "company_id",
            "partner_id",
            "country_id",
            "source_id",
            "medium_id",
            "campaign_id",
            "won_reason_id",
            "lost_reason_id",
            "awarded_to_id",
            "actual_revenue",
            "expected_revenue",
            "awarded_revenue",
        ],
        "opportunity.line": ["lead_id", "product_id", "is_optional"],
    }

    won_status = fields.Selection(
        [("won", "Won"), ("lost", "Lost")], "Won/Lost", readonly=True
    )
    date_closed = fields.Date("Closing Date", readonly=True)
    lead_create_date = fields.Datetime("Creation Date", readonly=True)
    stage_id = fields.Many2one("crm.stage", readonly=True)
    country_id = fields.Many2one("res.country", readonly=True)
    source_id = fields.Many2one("utm.source", readonly=True)
    medium_id = fields.Many2one("utm.medium", readonly=True)
    campaign_id = fields.Many2one("utm.campaign", readonly=True)
    won_reason_id = fields.Many2one("opportunity.won.reason", readonly=True)
    lost_reason_id = fields.Many2one("crm.lost.reason", readonly=True)
    awarded_to_id = fields.Many2one("res.partner", readonly=True)
    objection_ids = fields.Many2many(
        "opportunity.objection",
        "crm_lead_opportunity_objection_rel",
        "crm_lead_id",
        "opportunity_objection_id",
        string="Objections",
        readonly=True,
    )
    competitor_ids = fields.Many2many(
        "res.partner",
        "crm_lead_competitor_rel",
        "lead_id",
        "partner_id",
        string="Competitors",
        readonly=True,
    )
    product_ids = fields.Many2many(
        "product.product",
        outcome.PRODUCT_VIEW,
        "lead_id",
        "product_id",
        string="Products",
        readonly=True,
        help="The whole revenue of an opportunity counts under each of its products; "
        "optional ones are left out.",
    )
    win_rate = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Opportunities won, of all that were closed.",
    )
    awarded_revenue = fields.Monetary(
        "Awarded At",
        readonly=True,
        aggregator="avg",
        help="Average price at which a competitor got the business, where known.",
    )
    awarded_difference = fields.Monetary(
        "Above the Competitor",
        readonly=True,
        aggregator="avg",
        help="By how much the expected revenue was above the price of the competitor "
        "who got the business, on average.",
    )

    @api.private
    def init(self):
        self.env.cr.execute(SQL(outcome.CREATE_PRODUCT_VIEW))

    def _get_query(self, exchange):
        amounts = ("actual_revenue", "expected_revenue", "awarded_revenue")
        tz = str(self.env.tz)
        closed = SQL(
            outcome.CLOSED,
            leads=self._select_leads(exchange),
            create_date=reports.local_date("lead.create_date", tz),
            date_closed=reports.local_date("lead.date_closed", tz),
            **{name: exchange.convert(f"lead.{name}") for name in amounts},
        )
        return SQL(
            outcome.SELECT_OUTCOMES,
            closed=closed,
            currency_id=exchange.currency_id,
        )

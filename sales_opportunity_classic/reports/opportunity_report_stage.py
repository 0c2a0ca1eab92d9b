from odoo import fields, models
from odoo.tools import SQL

from ..tools import reports
from ..tools.reports import stage


class OpportunityReportStage(models.Model):
    """One visit of an opportunity to a stage: since when, until when, and what came of
    it.

    Worked out from the sales history. A visit begins when an opportunity enters a
    stage, or is restored in it, and ends when it leaves, is won or is lost. Deals that
    were merged away are not counted; archived ones stand apart.
    """

    _name = "opportunity.report.stage"
    _description = "Stage Analysis"
    _inherit = ["opportunity.report.mixin"]
    _auto = False
    _order = "date_entered desc, id desc"
    _printed_figures = (
        "__count",
        "left_count",
        "forward_count",
        "won_count",
        "lost_count",
        "conversion_rate",
        "days",
        "days_median",
        "days_percentile_90",
        "working_days",
        "over_target_count",
        "expected_revenue",
    )
    _printed_groups = (
        ("stage_id",),
        ("user_id",),
    )
    _depends = {
        "crm.lead": [
            "type",
            "active",
            "won_status",
            "user_id",
            "team_id",
            "company_id",
            "partner_id",
            "create_date",
            "date_closed",
            "expected_revenue",
        ],
        "crm.stage": ["sequence", "is_won", "target_days"],
        "opportunity.stage.move": ["lead_id"],
    }

    stage_id = fields.Many2one("crm.stage", readonly=True)
    next_stage_id = fields.Many2one("crm.stage", readonly=True)
    outcome = fields.Selection(
        [
            ("open", "Still There"),
            ("forward", "Moved Forward"),
            ("back", "Moved Back"),
            ("won", "Won"),
            ("lost", "Lost"),
            ("restored", "Restored"),
            ("archived", "Archived"),
        ],
        "Left By",
        readonly=True,
    )
    date_entered = fields.Datetime("Entered On", readonly=True)
    date_left = fields.Datetime("Left On", readonly=True)
    lead_create_date = fields.Datetime("Creation Date", readonly=True)
    is_archived = fields.Boolean(
        "Archived", readonly=True, help="Archived without having been lost."
    )
    days = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Average days in the stage, up to now for what is still there.",
    )
    days_median = fields.Float(
        "Days (Median)",
        readonly=True,
        aggregator="median",
        help="Half of the opportunities stay no longer than this.",
    )
    days_percentile_90 = fields.Float(
        "Days (90th Percentile)",
        readonly=True,
        aggregator="percentile_90",
        help="Nine out of ten opportunities stay no longer than this.",
    )
    working_days = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Average days in the stage without Saturdays and Sundays, in your time "
        "zone.",
    )
    left_count = fields.Integer("Left", readonly=True)
    forward_count = fields.Integer("Moved On", readonly=True)
    won_count = fields.Integer("Won From", readonly=True)
    lost_count = fields.Integer("Lost From", readonly=True)
    over_target_count = fields.Integer(
        "Over Target",
        readonly=True,
        help="Stayed longer than the target days of the stage.",
    )
    conversion_rate = fields.Float(
        readonly=True,
        aggregator="avg",
        help="How many of those that left went to a later stage or were won.",
    )
    expected_revenue = fields.Monetary(
        readonly=True,
        help="Expected revenue when the opportunity left the stage, in the currency of "
        "your company, at the rate of the closing date, or of today.",
    )

    def _get_query(self, exchange):
        visits = SQL(
            stage.VISITS,
            moves=SQL(stage.MOVES, leads=self._select_leads(exchange)),
            expected_revenue=exchange.convert(
                "CASE WHEN move.next_kind IS NULL THEN move.expected_revenue"
                " ELSE move.next_revenue END",
                "move",
            ),
        )
        start = SQL("visit.date_entered")
        end = SQL("COALESCE(visit.date_left, %s)", fields.Datetime.now())
        working_days = SQL(
            "CASE WHEN visit.is_won IS NOT TRUE THEN GREATEST(%s, 0) END",
            reports.working_days_between(start, end, str(self.env.tz)),
        )
        return SQL(
            stage.SELECT_VISITS,
            visits=visits,
            currency_id=exchange.currency_id,
            days=reports.days_between(start, end),
            working_days=working_days,
        )

from odoo import fields, models


class OpportunityReportClosingMixin(models.AbstractModel):
    """What opportunities brought when they were won or lost."""

    _name = "opportunity.report.closing.mixin"
    _description = "Closing Analysis Mixin"
    _inherit = ["opportunity.report.mixin"]

    won_count = fields.Integer("Won", readonly=True)
    lost_count = fields.Integer("Lost", readonly=True)
    win_rate_revenue = fields.Float(
        "Win Rate by Value",
        readonly=True,
        aggregator="ratio",
        help="Revenue won, of the revenue of all that were closed.",
    )
    won_revenue = fields.Monetary(
        readonly=True,
        help="Actual revenue of what was won, in the currency of your company, at the "
        "rate of the closing date.",
    )
    lost_revenue = fields.Monetary(
        readonly=True,
        help="Expected revenue of what was lost, in the currency of your company, at "
        "the rate of the closing date.",
    )
    closed_revenue = fields.Monetary(
        readonly=True, help="Won and lost revenue together."
    )
    average_revenue = fields.Monetary(
        "Average Deal",
        readonly=True,
        aggregator="avg",
        help="Average actual revenue of what was won.",
    )
    days_to_close = fields.Float(
        "Days to Close",
        readonly=True,
        aggregator="avg",
        help="Average days from the creation to the actual closing, in your time zone.",
    )
    days_to_close_median = fields.Float(
        "Days to Close (Median)", readonly=True, aggregator="median"
    )

"""What Odoo's aggregates leave out."""

from odoo.tools import SQL

AGGREGATES = {
    "median": lambda column: SQL(
        "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY %s)", column
    ),
    "percentile_90": lambda column: SQL(
        "PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY %s)", column
    ),
}


def select_ratio(numerator, denominator):
    """Return the ratio of two sums; NULL where there is nothing to divide by."""
    return SQL("SUM(%s)::float / NULLIF(SUM(%s), 0)::float", numerator, denominator)

from odoo.tools import SQL

from .columns import Columns


def get_columns():
    """Return the columns of letters that were printed or sent."""
    return Columns(
        kind=SQL("'letter'"),
        date=SQL("opportunity_letter.date"),
        lead=SQL("opportunity_letter.lead_id"),
        user=SQL("opportunity_letter.user_id"),
    )

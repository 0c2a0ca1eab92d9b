from odoo.tools import SQL

from .columns import Columns, partner_of


def get_columns():
    """Return the columns of letters that were printed or sent."""
    return Columns(
        kind=SQL("'letter'"),
        date=SQL("opportunity_letter.date"),
        lead=SQL("opportunity_letter.lead_id"),
        person=partner_of(SQL("opportunity_letter.user_id")),
    )

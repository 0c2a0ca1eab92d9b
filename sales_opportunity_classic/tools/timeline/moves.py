from odoo.tools import SQL

from .columns import Columns, partner_of


def get_columns():
    """Return the columns of the sales history."""
    return Columns(
        kind=SQL("'stage'"),
        date=SQL("opportunity_stage_move.date"),
        lead=SQL("opportunity_stage_move.lead_id"),
        person=partner_of(SQL("opportunity_stage_move.user_id")),
    )

from odoo.tools import SQL

from .columns import Columns


def get_columns():
    """Return the columns of the sales history."""
    return Columns(
        kind=SQL("'stage'"),
        date=SQL("opportunity_stage_move.date"),
        lead=SQL("opportunity_stage_move.lead_id"),
        user=SQL("opportunity_stage_move.user_id"),
    )

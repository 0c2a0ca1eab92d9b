from odoo.tools import SQL

from .columns import Columns


def get_columns():
    """Return the columns of follow-up steps that were carried out."""
    return Columns(
        kind=SQL("'step'"),
        date=SQL("opportunity_sequence_run.date"),
        lead=SQL("opportunity_sequence_run.lead_id"),
        user=SQL("opportunity_sequence_run.user_id"),
    )

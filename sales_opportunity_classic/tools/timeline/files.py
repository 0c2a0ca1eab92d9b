from odoo.tools import SQL

from .columns import Columns


def get_columns():
    """Return the columns of files."""
    return Columns(
        kind=SQL("'file'"),
        date=SQL("opportunity_file.create_date"),
        lead=SQL("opportunity_file.lead_id"),
        user=SQL("opportunity_file.create_uid"),
    )

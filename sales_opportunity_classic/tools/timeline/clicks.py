from odoo.tools import SQL

from .columns import Columns


def get_columns():
    """Return the columns of links that were followed and emails that were opened."""
    return Columns(
        kind=SQL("opportunity_click.kind"),
        date=SQL("opportunity_click.date"),
        lead=SQL("opportunity_click.lead_id"),
        person=SQL("opportunity_click.partner_id"),
    )

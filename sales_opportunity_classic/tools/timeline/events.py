from odoo.tools import SQL

from .columns import Columns


def get_columns(now):
    """Return the columns of meetings, which are open until they are over."""
    return Columns(
        kind=SQL("'meeting'"),
        date=SQL(
            "CASE WHEN calendar_event.allday THEN calendar_event.start_date::timestamp"
            " ELSE calendar_event.start END"
        ),
        lead=SQL("calendar_event.opportunity_id"),
        user=SQL("calendar_event.user_id"),
        is_open=SQL("calendar_event.stop > %s", now),
    )

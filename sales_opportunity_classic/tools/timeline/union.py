from datetime import timedelta
from typing import NamedTuple

from odoo.tools import SQL

ORDERS = ("newest", "due")

# As distances, of which the sign may be changed to sort the other way round.
NEWEST = SQL("TIMESTAMP 'epoch' - entry.date")
OLDEST = SQL("entry.date - TIMESTAMP 'epoch'")


class Cursor(NamedTuple):
    """Where a page begins: behind the row of these."""

    rank: int
    moment: timedelta
    source: str
    number: int


def get_position(order):
    """Return by what rows are sorted, as the fields of ``Cursor``.

    ``newest`` comes first, or what is ``due`` first; then what is done, newest first.
    """
    if order == "newest":
        return Cursor(SQL("0"), NEWEST, SQL("source"), SQL("-entry.id"))
    return Cursor(
        SQL("CASE WHEN entry.is_open THEN 0 ELSE 1 END"),
        SQL("CASE WHEN entry.is_open THEN %s ELSE %s END", OLDEST, NEWEST),
        SQL("source"),
        SQL("CASE WHEN entry.is_open THEN entry.id ELSE -entry.id END"),
    )


def get_conditions(kinds=(), date_from=None, date_to=None, is_open=None):
    """Return what the rows must be like; nothing given means all of them."""
    conditions = []
    if kinds:
        conditions.append(SQL("entry.kind = ANY(%s)", list(kinds)))
    if date_from:
        conditions.append(SQL("entry.date >= %s", date_from))
    if date_to:
        conditions.append(SQL("entry.date < %s", date_to))
    if is_open is not None:
        conditions.append(SQL("entry.is_open = %s", is_open))
    return conditions


def select_page(branches, order, limit, after=None, **filters):
    """Return the statement of a page of rows.

    :param branches: what each source selects, see ``Columns.select``
    :param Cursor after: the last row of the page before
    """
    position = get_position(order)
    conditions = get_conditions(**filters)
    if after:
        conditions.append(SQL("(%s) > %s", SQL(", ").join(position), tuple(after)))
    pages = [_select_first(one, position, conditions, limit) for one in branches]
    return SQL(
        "SELECT * FROM (%s) AS entry ORDER BY rank, moment, source, number LIMIT %s",
        SQL(" UNION ALL ").join(pages),
        limit,
    )


def _select_first(branch, position, conditions, limit):
    return SQL(
        "(SELECT entry.*, %s AS rank, %s AS moment, %s AS number FROM (%s) AS entry"
        " WHERE %s ORDER BY rank, moment, source, number LIMIT %s)",
        position.rank,
        position.moment,
        position.number,
        branch,
        SQL(" AND ").join(conditions or [SQL("TRUE")]),
        limit,
    )


def select_people(branches, limit):
    """Return the statement of the contacts who did something most often."""
    return SQL(
        "SELECT COALESCE(entry.person_id, u.partner_id) FROM (%s) AS entry"
        " LEFT JOIN res_users u ON u.id = entry.user_id"
        " WHERE COALESCE(entry.person_id, u.partner_id) IS NOT NULL"
        " GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT %s",
        SQL(" UNION ALL ").join(SQL("(%s)", branch) for branch in branches),
        limit,
    )

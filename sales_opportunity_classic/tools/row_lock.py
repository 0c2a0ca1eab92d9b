"""Row locks that hold against transactions which began earlier."""

from odoo.tools import SQL

# Odoo's transactions see the database as it was at their first query. A lock alone
# would let an earlier transaction go on with what it saw; a row that was written
# makes it fail, and Odoo runs it again.
HOLD_ROWS = """
    WITH held AS (
        SELECT id FROM %(table)s WHERE id = ANY(%(ids)s) ORDER BY id FOR NO KEY UPDATE
    )
    UPDATE %(table)s AS kept SET write_uid = kept.write_uid
      FROM held WHERE held.id = kept.id
"""


def hold_rows(table, ids):
    """Return the statement that lets one transaction at a time go on with the rows."""
    return SQL(HOLD_ROWS, table=SQL.identifier(table), ids=list(ids))

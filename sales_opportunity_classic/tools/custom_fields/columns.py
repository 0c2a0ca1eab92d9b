"""Values of custom fields, moved within the database by one statement each."""

import dataclasses

from odoo.tools import SQL

NUMBERS = ("int4", "float8", "numeric")


@dataclasses.dataclass(frozen=True)
class Column:
    """Where the values of a field are: a column of the records' table, or that of a
    relation table, whose ``record`` column names the record."""

    table: str
    name: str
    sql_type: str
    record: str = "id"

    @property
    def is_relation(self):
        """Whether a record may have several values."""
        return self.record != "id"


def read_values(cr, column):
    """Return (key, value, number of records) of each different value; a number 0
    counts as none, and the value of a relation is a list.

    The key is the value as PostgreSQL writes it.
    """
    cr.execute(
        SQL(
            """
            SELECT value::text, min(value), count(*)
              FROM (%s) AS filled
          GROUP BY value::text
          ORDER BY min(value)
            """,
            _select(column),
        )
    )
    return cr.fetchall()


def select_records(column, keys):
    """Return the SELECT of the ids of the records with values of these keys."""
    return SQL(
        "SELECT id FROM (%s) AS filled WHERE value::text = ANY(%s)",
        _select(column),
        list(keys),
    )


def read_keys(cr, column, record_ids):
    """Return {id of a record: key of its value}."""
    cr.execute(
        SQL(
            "SELECT id, value::text FROM (%s) AS filled WHERE id = ANY(%s)",
            _select(column),
            list(record_ids),
        )
    )
    return dict(cr.fetchall())


def write_values(cr, source, target, values):
    """Fill a new column from an old one.

    :param values: {key in the source: value in the target, a list for a relation}
    """
    pairs = [
        (key, str(one))
        for key, value in values.items()
        for one in (value if target.is_relation else [value])
    ]
    filled = SQL(
        """
        SELECT filled.id, pair.new::%s AS value
          FROM (%s) AS filled
          JOIN unnest(%s::text[], %s::text[]) AS pair(old, new)
            ON pair.old = filled.value::text
        """,
        SQL(target.sql_type),
        _select(source),
        [old for old, _new in pairs],
        [new for _old, new in pairs],
    )
    cr.execute(_insert(target, filled) if target.is_relation else _set(target, filled))


def replace_value(cr, column, old, new):
    """Give the records with one value another; those of a relation have it once."""
    name, record = SQL.identifier(column.name), SQL.identifier(column.record)
    table = SQL.identifier(column.table)
    if not column.is_relation:
        cr.execute(
            SQL("UPDATE %s SET %s = %s WHERE %s = %s", table, name, new, name, old)
        )
        return
    chosen = SQL(
        "SELECT %s AS id, %s AS value FROM %s WHERE %s = %s",
        *(record, new, table, name, old),
    )
    cr.execute(_insert(column, chosen))
    cr.execute(SQL("DELETE FROM %s WHERE %s = %s", table, name, old))


def _select(column):
    """The SELECT of the records that have a value: id, value."""
    name, record = SQL.identifier(column.name), SQL.identifier(column.record)
    table = SQL.identifier(column.table)
    if column.is_relation:
        return SQL(
            "SELECT %s AS id, array_agg(%s ORDER BY %s) AS value FROM %s GROUP BY %s",
            *(record, name, name, table, record),
        )
    is_number = column.sql_type in NUMBERS
    filled = SQL("%s <> 0", name) if is_number else SQL("%s::text <> ''", name)
    return SQL("SELECT id, %s AS value FROM %s WHERE %s", name, table, filled)


def _insert(column, rows):
    return SQL(
        "INSERT INTO %s (%s, %s) SELECT id, value FROM (%s) AS rows"
        " ON CONFLICT DO NOTHING",
        SQL.identifier(column.table),
        SQL.identifier(column.record),
        SQL.identifier(column.name),
        rows,
    )


def _set(column, rows):
    return SQL(
        "UPDATE %s AS record SET %s = rows.value FROM (%s) AS rows"
        " WHERE record.id = rows.id",
        SQL.identifier(column.table),
        SQL.identifier(column.name),
        rows,
    )

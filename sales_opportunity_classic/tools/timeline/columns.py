from dataclasses import dataclass

from odoo.tools import SQL

FALSE = SQL("FALSE")
NOBODY = SQL("NULL::integer")


@dataclass(frozen=True)
class Columns:
    """What the timeline takes of a table, each an expression over it."""

    kind: SQL
    date: SQL
    lead: SQL
    # Who did it or is to do it, as contact or as user
    person: SQL = NOBODY
    user: SQL = NOBODY
    # Whether it is still to be done
    is_open: SQL = FALSE
    where: SQL | None = None

    def select(self, source, table):
        """Return the columns of a row, for the rows of ``source``."""
        return [
            SQL("%s AS source", source),
            SQL("%s AS id", SQL.identifier(table, "id")),
            SQL("%s AS kind", self.kind),
            SQL("%s AS date", self.date),
            SQL("%s AS lead_id", self.lead),
            SQL("%s AS person_id", self.person),
            SQL("%s AS user_id", self.user),
            SQL("%s AS is_open", self.is_open),
        ]

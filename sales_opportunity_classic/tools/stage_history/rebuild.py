"""The run over the leads whose past is not in the history yet."""

from odoo.tools import SQL
from odoo.tools.sql import table_exists

from .past import (
    NO_TRACKING,
    REBUILD_CHAIN,
    REBUILD_MOVES,
    REBUILD_OUTCOMES,
    REBUILD_SNAPSHOT,
    SELECT_TRACKING,
    SNAPSHOTS,
)

REBUILD_BATCH = 50_000

# Held until the end of the transaction: two would write the same first rows.
LOCK_REBUILD = "SELECT pg_try_advisory_xact_lock(hashtext('opportunity_stage_move'))"

# Leads without their first row, a batch at a time.
SELECT_MISSING = """
    SELECT lead.id
      FROM crm_lead AS lead
     WHERE lead.id > %(after)s
       AND (%(lead_ids)s::int[] IS NULL OR lead.id = ANY(%(lead_ids)s))
       AND NOT EXISTS (
           SELECT FROM opportunity_stage_move AS first
            WHERE first.lead_id = lead.id
              AND first.kind IN ('created', 'imported')
              AND first.origin IS NULL)
     ORDER BY lead.id
     LIMIT %(limit)s
"""


class Rebuild:
    """One run over the leads whose past is not in the history yet.

    Works by batches of lead ids, each complete in itself; a later run goes on with
    the leads that still miss their first row.

    :param dict fields: {name: id} of the tracked fields of ``crm.lead``
    :param int currency_id: the currency of leads without a company
    """

    def __init__(self, cr, fields, currency_id):
        self.cr = cr
        self.fields = fields
        self.currency_id = currency_id
        self.has_tracking = table_exists(cr, "mail_tracking_value")

    def run(self, lead_ids=None):
        """Rebuild the given leads, or all. Return the number of rows added; none
        while another transaction rebuilds."""
        added = last_id = 0
        if not self.lock():
            return added
        while batch := self._next_batch(lead_ids, last_id):
            added += self._rebuild(batch)
            last_id = batch[-1]
        return added

    def lock(self):
        """Tell whether this transaction is the one that rebuilds."""
        self.cr.execute(SQL(LOCK_REBUILD))
        return self.cr.fetchone()[0]

    def _next_batch(self, lead_ids, after):
        query = SQL(SELECT_MISSING, after=after, lead_ids=lead_ids, limit=REBUILD_BATCH)
        self.cr.execute(query)
        return [lead_id for (lead_id,) in self.cr.fetchall()]

    def _rebuild(self, batch):
        live = self._get_recorded(batch)
        moves = SQL(
            REBUILD_MOVES,
            lead_ids=batch,
            tracking=self._tracking("stage_id", batch),
            currency_id=self.currency_id,
        )
        self.cr.execute(moves)
        added = self.cr.rowcount
        outcomes = SQL(
            REBUILD_OUTCOMES,
            field_id=self.fields["won_status"],
            tracking=self._tracking("won_status", batch),
        )
        self.cr.execute(outcomes)
        closed = [lead_id for (lead_id,) in self.cr.fetchall()]
        self.cr.execute(SQL(REBUILD_CHAIN, lead_ids=closed + live))
        self._rebuild_snapshots(batch)
        return added + len(closed)

    def _get_recorded(self, batch):
        query = "SELECT lead_id FROM opportunity_stage_move WHERE lead_id = ANY(%s)"
        self.cr.execute(SQL(query, batch))
        return [lead_id for (lead_id,) in self.cr.fetchall()]

    def _rebuild_snapshots(self, batch):
        for name, (column, value) in SNAPSHOTS.items():
            update = SQL(
                REBUILD_SNAPSHOT,
                column=SQL.identifier(column),
                value=value,
                tracking=self._tracking(name, batch),
            )
            self.cr.execute(update)

    def _tracking(self, name, batch):
        if not self.has_tracking:
            return SQL(NO_TRACKING)
        return SQL(SELECT_TRACKING, field_id=self.fields[name], lead_ids=batch)

"""The SQL of the sales history: set-based, one statement per batch of leads.

Plain functions that make statements and one class that runs them; no ORM. Dates are
UTC, durations are seconds or days of 86,400 seconds. A row with an ``origin`` came from
a merged lead and is outside every chain and duration.
"""

from itertools import zip_longest

from odoo.tools import SQL
from odoo.tools.sql import table_exists

REBUILD_BATCH = 50_000

# Held until the end of the transaction: two would write the same first rows.
LOCK_REBUILD = "SELECT pg_try_advisory_xact_lock(hashtext('opportunity_stage_move'))"

INSERT_CREATIONS = """
    INSERT INTO opportunity_stage_move (
        lead_id, date, kind, to_stage_id, to_stage_name, days, user_id, owner_id,
        team_id, probability, expected_revenue, company_currency
    )
    SELECT lead.id, lead.create_date, %(kind)s, stage.id,
           COALESCE(stage.name->>%(lang)s, stage.name->>'en_US'), 0, %(uid)s,
           lead.user_id, lead.team_id, lead.probability, lead.expected_revenue,
           COALESCE(company.currency_id, %(currency_id)s)
      FROM crm_lead AS lead
      LEFT JOIN crm_stage AS stage ON stage.id = lead.stage_id
      LEFT JOIN res_company AS company ON company.id = lead.company_id
     WHERE lead.id = ANY(%(lead_ids)s)
     ORDER BY lead.id
"""

# "old" is the lead as it is in the database, "new" as it is about to be written.
# A lead without stage and without rows is being created: its first row comes later.
INSERT_CHANGES = """
    INSERT INTO opportunity_stage_move (
        lead_id, date, kind, from_stage_id, to_stage_id, from_stage_name,
        to_stage_name, previous_date, days, user_id, owner_id, team_id, probability,
        expected_revenue, company_currency, actual_revenue, actual_close_date,
        closing_reason
    )
    SELECT old.id, %(now)s, change.kind, old.stage_id, target.id,
           COALESCE(source.name->>%(lang)s, source.name->>'en_US'),
           COALESCE(target.name->>%(lang)s, target.name->>'en_US'),
           previous.date,
           EXTRACT(EPOCH FROM %(now)s - COALESCE(previous.date, old.create_date))
               / 86400,
           -- whoever wrote, which need not be who makes the ORM flush
           COALESCE((written->>'write_uid')::int, %(uid)s),
           new.user_id, new.team_id, new.probability, new.expected_revenue,
           COALESCE(company.currency_id, %(currency_id)s),
           CASE WHEN change.kind IN ('won', 'lost') THEN new.actual_revenue END,
           CASE WHEN change.kind IN ('won', 'lost') THEN new.actual_close_date END,
           CASE change.kind
               WHEN 'won' THEN (
                   SELECT COALESCE(name->>%(lang)s, name->>'en_US')
                     FROM opportunity_won_reason WHERE id = new.won_reason_id)
               WHEN 'lost' THEN (
                   SELECT COALESCE(name->>%(lang)s, name->>'en_US')
                     FROM crm_lost_reason WHERE id = new.lost_reason_id)
           END
      FROM jsonb_array_elements(%(rows)s::jsonb) AS written
      JOIN crm_lead AS old ON old.id = (written->>'id')::int
      -- keys missing in "written" keep the old value
     CROSS JOIN LATERAL jsonb_populate_record(old, written) AS new
      LEFT JOIN crm_stage AS source ON source.id = old.stage_id
      LEFT JOIN crm_stage AS target ON target.id = new.stage_id
      LEFT JOIN res_company AS company ON company.id = old.company_id
      LEFT JOIN LATERAL (
           SELECT date, kind
             FROM opportunity_stage_move
            WHERE lead_id = old.id AND origin IS NULL
            ORDER BY date DESC, id DESC
            LIMIT 1
      ) AS previous ON TRUE
     CROSS JOIN LATERAL (
           SELECT CASE
               WHEN new.won_status = 'lost' AND old.won_status <> 'lost' THEN 'lost'
               WHEN old.stage_id IS DISTINCT FROM new.stage_id AND target.is_won
                    AND source.is_won IS NOT TRUE THEN 'won'
               WHEN old.won_status = 'lost' AND new.won_status <> 'lost'
                    THEN 'restored'
               WHEN old.stage_id IS DISTINCT FROM new.stage_id AND source.is_won
                    AND target.is_won IS NOT TRUE THEN 'restored'
               WHEN old.stage_id IS DISTINCT FROM new.stage_id THEN 'moved'
               -- the stage itself became a won stage, or ceases to be one
               WHEN old.won_status = 'pending' AND new.won_status = 'won'
                    AND previous.kind IS DISTINCT FROM 'won' THEN 'won'
               WHEN old.won_status = 'won' AND new.won_status = 'pending'
                    AND previous.kind IS DISTINCT FROM 'restored' THEN 'restored'
           END AS kind
      ) AS change
     WHERE change.kind IS NOT NULL
       AND (old.stage_id IS NOT NULL OR previous.date IS NOT NULL)
     ORDER BY old.id
"""

# Rows where the opportunity entered a stage; an outcome alone stays in it.
SELECT_ENTRIES = """
    SELECT lead_id, to_stage_id, date
      FROM opportunity_stage_move
     WHERE lead_id = ANY(%(lead_ids)s)
       AND origin IS NULL
       AND (from_stage_id IS DISTINCT FROM to_stage_id
            OR kind IN ('created', 'imported', 'moved'))
     ORDER BY lead_id, date, id
"""

TAKE_OVER = """
    UPDATE opportunity_stage_move AS move
       SET lead_id = survivor.id, origin = COALESCE(move.origin, lead.name)
      FROM unnest(%(merged)s::int[], %(survivors)s::int[]) AS pair (id, survivor_id)
      JOIN crm_lead AS lead ON lead.id = pair.id
      JOIN crm_lead AS survivor ON survivor.id = pair.survivor_id
     WHERE move.lead_id = lead.id
"""

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

SELECT_TRACKING = """
    SELECT message.res_id AS lead_id, value.id, value.create_date AS date,
           value.create_uid AS uid,
           NULLIF(value.old_value_integer, 0) AS old_id, value.old_value_float,
           value.old_value_char, value.new_value_char
      FROM mail_tracking_value AS value
      JOIN mail_message AS message ON message.id = value.mail_message_id
      JOIN crm_lead AS lead ON lead.id = message.res_id
     WHERE value.field_id = %(field_id)s
       AND message.model = 'crm.lead'
       AND message.res_id = ANY(%(lead_ids)s)
       -- older than the lead itself: came with the messages of a merged lead
       AND value.create_date >= COALESCE(lead.create_date, '-infinity')
"""

NO_TRACKING = """
    SELECT NULL::int AS lead_id, NULL::int AS id, NULL::timestamp AS date,
           NULL::int AS uid, NULL::int AS old_id, NULL::float AS old_value_float,
           NULL::varchar AS old_value_char, NULL::varchar AS new_value_char
     WHERE FALSE
"""

# Each tracked change ends a stay in its old stage; the next change's old stage (or
# the present one) is where the lead went. So Odoo counts as well.
REBUILD_MOVES = """
    WITH change AS (
        SELECT tracked.lead_id, tracked.id, tracked.date, tracked.uid, tracked.old_id,
               tracked.old_value_char AS old_name,
               LAG(tracked.date) OVER history AS previous_date,
               LEAD(tracked.date) OVER history IS NULL AS is_last,
               LEAD(tracked.old_id) OVER history AS next_id,
               LEAD(tracked.old_value_char) OVER history AS next_name
          FROM (%(tracking)s) AS tracked
        WINDOW history AS (
            PARTITION BY tracked.lead_id ORDER BY tracked.date, tracked.id)
    ),
    -- up to the first movement recorded live, if there is one already
    lead AS (
        SELECT lead.id, lead.create_uid, lead.user_id, lead.team_id,
               COALESCE(lead.create_date, lead.write_date, NOW() AT TIME ZONE 'UTC')
                   AS create_date,
               COALESCE(company.currency_id, %(currency_id)s) AS currency_id,
               lead.expected_revenue, COALESCE(live.date, 'infinity') AS until,
               CASE WHEN live.date IS NULL THEN lead.stage_id
                    ELSE live.from_stage_id END AS last_id
          FROM crm_lead AS lead
          LEFT JOIN LATERAL (
               SELECT date, from_stage_id
                 FROM opportunity_stage_move
                WHERE lead_id = lead.id AND origin IS NULL
                ORDER BY date, id
                LIMIT 1
          ) AS live ON TRUE
          LEFT JOIN res_company AS company ON company.id = lead.company_id
         WHERE lead.id = ANY(%(lead_ids)s)
    ),
    movement AS (
        SELECT lead.id AS lead_id, 0 AS number, lead.create_date AS date,
               NULL::timestamp AS previous,
               lead.create_uid AS uid, NULL::int AS from_id, NULL::varchar AS from_name,
               CASE WHEN first.lead_id IS NULL THEN lead.last_id ELSE first.old_id END
                   AS to_id,
               first.old_name AS to_name, 'created' AS kind
          FROM lead
          LEFT JOIN change AS first
            ON first.lead_id = lead.id AND first.previous_date IS NULL
     UNION ALL
        SELECT lead.id, change.id, change.date,
               COALESCE(change.previous_date, lead.create_date),
               change.uid, change.old_id, change.old_name,
               CASE WHEN change.is_last THEN lead.last_id ELSE change.next_id END,
               change.next_name, NULL
          FROM change
          JOIN lead ON lead.id = change.lead_id
         WHERE change.date < lead.until
    )
    INSERT INTO opportunity_stage_move (
        lead_id, date, kind, from_stage_id, to_stage_id, from_stage_name,
        to_stage_name, previous_date, days, user_id, owner_id, team_id,
        expected_revenue, company_currency
    )
    SELECT movement.lead_id, movement.date,
           CASE
               WHEN movement.kind IS NOT NULL THEN movement.kind
               WHEN target.is_won AND source.is_won IS NOT TRUE THEN 'won'
               WHEN source.is_won AND target.is_won IS NOT TRUE THEN 'restored'
               ELSE 'moved'
           END,
           source.id, target.id,
           COALESCE(movement.from_name, source.name->>'en_US'),
           COALESCE(movement.to_name, target.name->>'en_US'),
           movement.previous,
           COALESCE(EXTRACT(EPOCH FROM movement.date - movement.previous) / 86400, 0),
           mover.id, lead.user_id, lead.team_id, lead.expected_revenue,
           lead.currency_id
      FROM movement
      JOIN lead ON lead.id = movement.lead_id
      LEFT JOIN crm_stage AS source ON source.id = movement.from_id
      LEFT JOIN crm_stage AS target ON target.id = movement.to_id
      LEFT JOIN res_users AS mover ON mover.id = movement.uid
     -- changes of one transaction share its time: their ids must keep the order
     ORDER BY movement.lead_id, movement.date, movement.number
    -- rebuilt by others since this transaction began: an error that Odoo tries again
    ON CONFLICT (lead_id) WHERE kind IN ('created', 'imported') AND origin IS NULL
    DO NOTHING
"""

# The tracking holds the label of a selection, in the language of whoever changed it.
REBUILD_OUTCOMES = """
    WITH label AS (
        SELECT DISTINCT translated.value AS lost
          FROM ir_model_fields_selection AS selection
         CROSS JOIN LATERAL jsonb_each_text(selection.name) AS translated
         WHERE selection.field_id = %(field_id)s AND selection.value = 'lost'
    ),
    outcome AS (
        SELECT tracked.lead_id, tracked.id, tracked.date, tracked.uid,
               CASE WHEN tracked.new_value_char IN (SELECT lost FROM label)
                    THEN 'lost' ELSE 'restored' END AS kind
          FROM (%(tracking)s) AS tracked
         WHERE (tracked.new_value_char IN (SELECT lost FROM label))
            <> (COALESCE(tracked.old_value_char, '') IN (SELECT lost FROM label))
    )
    INSERT INTO opportunity_stage_move (
        lead_id, date, kind, from_stage_id, to_stage_id, from_stage_name,
        to_stage_name, user_id, owner_id, team_id, expected_revenue, company_currency
    )
    SELECT outcome.lead_id, outcome.date, outcome.kind, stay.to_stage_id,
           stay.to_stage_id, stay.to_stage_name, stay.to_stage_name, mover.id,
           stay.owner_id, stay.team_id, stay.expected_revenue, stay.company_currency
      FROM outcome
     CROSS JOIN LATERAL (
           SELECT *
             FROM opportunity_stage_move AS move
            WHERE move.lead_id = outcome.lead_id
              AND move.origin IS NULL
              AND move.date <= outcome.date
            ORDER BY move.date DESC, move.id DESC
            LIMIT 1
      ) AS stay
      LEFT JOIN res_users AS mover ON mover.id = outcome.uid
     -- a movement of that moment may already tell it
     WHERE NOT EXISTS (
           SELECT FROM opportunity_stage_move AS told
            WHERE told.lead_id = outcome.lead_id
              AND told.date = outcome.date
              AND told.kind IN ('won', 'lost', 'restored')
              AND told.origin IS NULL)
     ORDER BY outcome.date, outcome.id
 RETURNING lead_id
"""

REBUILD_CHAIN = """
    UPDATE opportunity_stage_move AS move
       SET previous_date = chain.previous,
           days = COALESCE(EXTRACT(EPOCH FROM move.date - chain.previous) / 86400, 0)
      FROM (
           SELECT id,
                  LAG(date) OVER (PARTITION BY lead_id ORDER BY date, id) AS previous
             FROM opportunity_stage_move
            WHERE lead_id = ANY(%(lead_ids)s) AND origin IS NULL
      ) AS chain
     WHERE chain.id = move.id
       AND (chain.previous IS DISTINCT FROM move.previous_date OR move.days IS NULL)
"""

# Between two tracked changes of a field, its value was the old value of the second.
REBUILD_SNAPSHOT = """
    UPDATE opportunity_stage_move AS move
       SET %(column)s = past.value
      FROM (
           SELECT tracked.lead_id, %(value)s AS value, tracked.date AS until,
                  LAG(tracked.date, 1, '-infinity'::timestamp) OVER (
                      PARTITION BY tracked.lead_id ORDER BY tracked.date, tracked.id
                  ) AS since
             FROM (%(tracking)s) AS tracked
      ) AS past
     WHERE move.lead_id = past.lead_id
       AND move.origin IS NULL
       AND move.date >= past.since
       AND move.date < past.until
"""

SNAPSHOTS = {
    "user_id": (
        "owner_id",
        SQL("(SELECT id FROM res_users WHERE id = tracked.old_id)"),
    ),
    "team_id": ("team_id", SQL("(SELECT id FROM crm_team WHERE id = tracked.old_id)")),
    "expected_revenue": ("expected_revenue", SQL("tracked.old_value_float")),
}


def insert_creations(lead_ids, kind, **actor):
    """Return the statement that gives new leads their first row.

    :param actor: ``uid``, ``lang`` and, for leads without a company, ``currency_id``
    """
    return SQL(INSERT_CREATIONS, lead_ids=lead_ids, kind=kind, **actor)


def insert_changes(rows, now, **actor):
    """Return the statement that compares what is written with what is there.

    :param str rows: JSON list of objects with the lead's id and its new values
    :param actor: as for ``insert_creations``
    """
    return SQL(INSERT_CHANGES, rows=rows, now=now, **actor)


def select_entries(lead_ids):
    """Return the query of (lead id, stage id, date) in the order of time per lead."""
    return SQL(SELECT_ENTRIES, lead_ids=lead_ids)


def add_up_stays(entries, now):
    """Return {lead id: {stage id: seconds}} of entries in the order of time per lead.

    Whole seconds per stay, as Odoo counts; the last stay of a lead lasts until ``now``.
    """
    totals = {}
    for entry, following in zip_longest(entries, entries[1:], fillvalue=(None,)):
        lead_id, stage_id, since = entry
        until = following[2] if following[0] == lead_id else now
        stays = totals.setdefault(lead_id, {})
        seconds = int((until - since).total_seconds())
        stays[stage_id] = stays.get(stage_id, 0) + seconds
    return totals


def take_over(survivor_by_merged):
    """Return the statement that hands rows to other leads, marked with the title.

    :param dict survivor_by_merged: {lead id: id of the lead to hand its rows to}
    """
    return SQL(
        TAKE_OVER,
        merged=list(survivor_by_merged),
        survivors=list(survivor_by_merged.values()),
    )


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

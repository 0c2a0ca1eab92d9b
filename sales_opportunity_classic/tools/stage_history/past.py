"""Statements that tell the past out of Odoo's tracking."""

from odoo.tools import SQL

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

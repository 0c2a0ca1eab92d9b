"""Statements that write the rows: on creation, on a change and in a merge."""

from odoo.tools import SQL

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

TAKE_OVER = """
    UPDATE opportunity_stage_move AS move
       SET lead_id = survivor.id, origin = COALESCE(move.origin, lead.name)
      FROM unnest(%(merged)s::int[], %(survivors)s::int[]) AS pair (id, survivor_id)
      JOIN crm_lead AS lead ON lead.id = pair.id
      JOIN crm_lead AS survivor ON survivor.id = pair.survivor_id
     WHERE move.lead_id = lead.id
"""


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


def take_over(survivor_by_merged):
    """Return the statement that hands rows to other leads, marked with the title.

    :param dict survivor_by_merged: {lead id: id of the lead to hand its rows to}
    """
    return SQL(
        TAKE_OVER,
        merged=list(survivor_by_merged),
        survivors=list(survivor_by_merged.values()),
    )

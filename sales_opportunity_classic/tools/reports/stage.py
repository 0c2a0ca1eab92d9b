"""The visits of opportunities to stages."""

SELECT_VISITS = """
    SELECT visit.id,
           visit.lead_id,
           visit.stage_id,
           visit.next_stage_id,
           visit.outcome,
           visit.date_entered,
           visit.date_left,
           visit.lead_create_date,
           visit.user_id,
           visit.team_id,
           visit.company_id,
           visit.partner_id,
           visit.is_archived,
           %(currency_id)s::int AS currency_id,
           visit.expected_revenue,
           span.days,
           span.days AS days_median,
           span.days AS days_percentile_90,
           %(working_days)s AS working_days,
           CASE WHEN visit.date_left IS NULL THEN 0 ELSE 1 END AS left_count,
           visit.won_count,
           visit.lost_count,
           CASE WHEN visit.outcome IN ('won', 'forward') THEN 1 ELSE 0 END
               AS forward_count,
           CASE WHEN visit.outcome IN ('won', 'forward') THEN 1.0
                WHEN visit.date_left IS NOT NULL THEN 0.0 END AS conversion_rate,
           CASE WHEN visit.target_days > 0 AND span.days > visit.target_days
                THEN 1 ELSE 0 END AS over_target_count
      FROM (%(visits)s) AS visit
     CROSS JOIN LATERAL (
           SELECT CASE WHEN visit.is_won IS NOT TRUE
                       THEN GREATEST(%(days)s, 0) END AS days
      ) AS span
"""

# A row of the history that leaves the opportunity open or won begins a visit; the row
# that follows ends it. What is moved while it is lost visits nothing. Only the outcome
# needs the next stage: PostgreSQL joins it for nothing else.
VISITS = """
    SELECT move.id, move.lead_id, stage.id AS stage_id,
           NULLIF(move.next_stage_id, stage.id) AS next_stage_id,
           move.date AS date_entered,
           move.create_date AS lead_create_date,
           move.company_id, move.partner_id,
           stage.is_won, stage.target_days,
           ending.outcome,
           CASE WHEN move.next_kind IS NOT NULL THEN move.next_date
                WHEN move.won_status = 'lost' AND stage.is_won IS NOT TRUE
                    THEN GREATEST(COALESCE(move.date_closed, move.date), move.date)
                END AS date_left,
           CASE move.next_kind WHEN 'won' THEN 1 ELSE 0 END AS won_count,
           CASE COALESCE(move.next_kind, move.won_status) WHEN 'lost' THEN 1 ELSE 0 END
               AS lost_count,
           CASE WHEN move.next_kind IS NULL THEN move.user_id
                ELSE move.next_owner_id END AS user_id,
           CASE WHEN move.next_kind IS NULL THEN move.team_id
                ELSE move.next_team_id END AS team_id,
           %(expected_revenue)s AS expected_revenue,
           move.next_kind IS NULL AND move.won_status IS DISTINCT FROM 'lost'
               AND NOT move.active AS is_archived
      FROM (%(moves)s) AS move
      JOIN crm_stage AS stage ON stage.id = move.to_stage_id
      LEFT JOIN crm_stage AS next ON next.id = move.next_stage_id
     CROSS JOIN LATERAL (
           SELECT CASE
               WHEN move.next_kind IN ('won', 'lost') THEN move.next_kind
               WHEN move.next_kind = 'restored' THEN 'restored'
               WHEN move.next_kind IS NOT NULL
                    AND (next.is_won IS TRUE, COALESCE(next.sequence, 0), next.id)
                      > (stage.is_won IS TRUE, COALESCE(stage.sequence, 0), stage.id)
                    THEN 'forward'
               WHEN move.next_kind IS NOT NULL THEN 'back'
               WHEN move.won_status = 'lost' THEN 'lost'
               WHEN NOT move.active THEN 'archived'
               ELSE 'open'
           END AS outcome
      ) AS ending
     WHERE move.kind <> 'lost'
       AND (move.kind <> 'moved' OR move.lost_on IS NULL
            OR move.open_on >= move.lost_on)
"""

MOVES = """
    SELECT move.id, move.lead_id, move.kind, move.date, move.to_stage_id,
           lead.create_date, lead.company_id, lead.partner_id, lead.user_id,
           lead.team_id, lead.active, lead.won_status, lead.date_closed,
           lead.expected_revenue, lead.exchange_rate,
           LEAD(move.kind) OVER history AS next_kind,
           LEAD(move.date) OVER history AS next_date,
           LEAD(move.to_stage_id) OVER history AS next_stage_id,
           LEAD(move.owner_id) OVER history AS next_owner_id,
           LEAD(move.team_id) OVER history AS next_team_id,
           LEAD(move.expected_revenue) OVER history AS next_revenue,
           MAX(move.date) FILTER (WHERE move.kind = 'lost') OVER history AS lost_on,
           MAX(move.date) FILTER (WHERE move.kind IN ('won', 'restored')) OVER history
               AS open_on
      FROM (%(leads)s) AS lead
      JOIN opportunity_stage_move AS move ON move.lead_id = lead.id
     WHERE move.origin IS NULL
       AND lead.type = 'opportunity'
    WINDOW history AS (PARTITION BY move.lead_id ORDER BY move.date, move.id)
"""

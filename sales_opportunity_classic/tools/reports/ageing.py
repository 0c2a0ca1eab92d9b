"""How long open opportunities have been waiting."""

SELECT_WAITING = """
    SELECT lead.id, lead.id AS lead_id, lead.user_id, lead.team_id, lead.company_id,
           lead.partner_id, lead.stage_id, lead.create_date AS lead_create_date,
           lead.next_action_date,
           %(currency_id)s::int AS currency_id,
           waiting.date_moved,
           waiting.days_unmoved,
           waiting.days_unmoved AS days_unmoved_median,
           %(days_open)s AS days_open,
           CASE WHEN waiting.days_unmoved < 8 THEN '07'
                WHEN waiting.days_unmoved < 31 THEN '30'
                WHEN waiting.days_unmoved < 61 THEN '60'
                WHEN waiting.days_unmoved < 91 THEN '90'
                ELSE 'more' END AS age,
           CASE WHEN lead.next_action_date IS NULL THEN 'none'
                WHEN lead.next_action_date < %(today)s THEN 'overdue'
                WHEN lead.next_action_date = %(today)s THEN 'today'
                ELSE 'planned' END AS next_action,
           CASE WHEN lead.next_action_date < %(today)s
                THEN %(today)s - lead.next_action_date END AS days_overdue,
           %(expected_revenue)s AS expected_revenue
      FROM (%(leads)s) AS lead
      LEFT JOIN LATERAL (
           SELECT move.date
             FROM opportunity_stage_move AS move
            WHERE move.lead_id = lead.id AND move.origin IS NULL
            ORDER BY move.date DESC, move.id DESC
            LIMIT 1
      ) AS last ON TRUE
     CROSS JOIN LATERAL (
           SELECT COALESCE(last.date, lead.create_date) AS date_moved,
                  %(days_unmoved)s AS days_unmoved
      ) AS waiting
     WHERE lead.type = 'opportunity' AND lead.won_status = 'pending' AND lead.active
"""

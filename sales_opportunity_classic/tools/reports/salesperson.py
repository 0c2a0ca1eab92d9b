"""What salespeople did: one row for each fact, dated.

The columns that a fact says nothing about are NULL, or 0 where they are added up.
"""

SELECT_FACTS = """
    SELECT fact.*,
           %(currency_id)s::int AS currency_id,
           fact.won_count + fact.lost_count AS closed_count,
           COALESCE(fact.won_revenue, 0) + COALESCE(fact.lost_revenue, 0)
               AS closed_revenue,
           0.0 AS win_rate,
           0.0 AS win_rate_revenue,
           0.0 AS attainment,
           CASE WHEN fact.won_count = 1 THEN fact.won_revenue END AS average_revenue,
           fact.days_to_close AS days_to_close_median,
           fact.response_hours AS response_hours_median
      FROM (
           %(created)s UNION ALL %(answered)s UNION ALL %(closed)s
           UNION ALL %(open)s
           UNION ALL %(moved)s UNION ALL %(messages)s
           UNION ALL %(overdue)s UNION ALL %(quotas)s
      ) AS fact
"""

# What each kind of fact says of the columns; the others are as here.
COLUMNS = {
    "worked_count": "NULL::int",
    "created_count": "0",
    "won_count": "0",
    "lost_count": "0",
    "open_count": "0",
    "done_count": "0",
    "overdue_count": "0",
    "won_revenue": "NULL::numeric",
    "lost_revenue": "NULL::numeric",
    "open_revenue": "NULL::numeric",
    "weighted_revenue": "NULL::numeric",
    "quota": "NULL::numeric",
    "days_to_close": "NULL::float",
    "response_hours": "NULL::float",
}

OF_LEAD = """
    SELECT lead.id::bigint * 8 + %(number)s AS id, %(event)s AS event, %(date)s AS date,
           lead.id AS lead_id, lead.user_id, lead.team_id, lead.company_id,
           lead.partner_id, %(columns)s
      FROM (%(leads)s) AS lead
     WHERE %(condition)s
"""

# The first time an employee, not Odoo itself, answered the customer or finished an
# activity. Grouped from the messages: asked for each opportunity it would take four
# times as long.
ANSWERED = """
    SELECT answer.id::bigint * 8 + 7 AS id, 'answered' AS event, %(date)s AS date,
           answer.id AS lead_id, answer.user_id, answer.team_id, answer.company_id,
           answer.partner_id, %(columns)s
      FROM (
           SELECT lead.id, lead.user_id, lead.team_id, lead.company_id,
                  lead.partner_id, lead.create_date, MIN(message.date) AS date
             FROM (%(leads)s) AS lead
             JOIN mail_message AS message
               ON message.model = 'crm.lead' AND message.res_id = lead.id
             JOIN res_users AS author
               ON author.partner_id = message.author_id AND author.share IS NOT TRUE
              AND author.id <> %(odoobot_id)s
            WHERE message.date >= lead.create_date
              AND (message.mail_activity_type_id IS NOT NULL
                   OR (message.message_type IN ('comment', 'email_outgoing')
                       AND message.is_internal IS NOT TRUE))
            GROUP BY lead.id, lead.user_id, lead.team_id, lead.company_id,
                  lead.partner_id, lead.create_date
      ) AS answer
"""

MOVED = """
    SELECT move.id::bigint * 8 + 3 AS id, 'moved' AS event, %(date)s AS date,
           lead.id AS lead_id, move.user_id, lead.team_id, lead.company_id,
           lead.partner_id, %(columns)s
      FROM (%(leads)s) AS lead
      JOIN opportunity_stage_move AS move ON move.lead_id = lead.id
     WHERE move.origin IS NULL
"""

MESSAGES = """
    SELECT message.id::bigint * 8 + 4 AS id,
           CASE WHEN message.mail_activity_type_id IS NULL THEN 'message'
                ELSE 'activity' END AS event,
           %(date)s AS date, lead.id AS lead_id, author.id AS user_id, lead.team_id,
           lead.company_id, lead.partner_id, %(columns)s
      FROM (%(leads)s) AS lead
      JOIN mail_message AS message
        ON message.model = 'crm.lead' AND message.res_id = lead.id
      JOIN (SELECT partner_id, MIN(id) AS id
              FROM res_users
             WHERE share IS NOT TRUE
             GROUP BY partner_id) AS author ON author.partner_id = message.author_id
     WHERE message.mail_activity_type_id IS NOT NULL
        OR message.message_type IN ('comment', 'email_outgoing')
"""

OVERDUE = """
    SELECT activity.id::bigint * 8 + 5 AS id, 'overdue' AS event, %(today)s AS date,
           lead.id AS lead_id, activity.user_id, lead.team_id, lead.company_id,
           lead.partner_id, %(columns)s
      FROM (%(leads)s) AS lead
      JOIN mail_activity AS activity
        ON activity.res_model = 'crm.lead' AND activity.res_id = lead.id
     WHERE activity.active AND activity.date_deadline < %(today)s
"""

# A quota counts in equal parts in each of its months.
QUOTAS = """
    SELECT (quota.id::bigint * 12 + part.number) * 8 + 6 AS id, 'quota' AS event,
           part.date, NULL::int AS lead_id, quota.user_id, quota.team_id,
           quota.company_id, NULL::int AS partner_id, %(columns)s
      FROM (%(quotas)s) AS quota
     CROSS JOIN LATERAL (
           SELECT number, (quota.date_from + number * INTERVAL '1 month')::date AS date
             FROM generate_series(0, quota.months - 1) AS number
      ) AS part
"""

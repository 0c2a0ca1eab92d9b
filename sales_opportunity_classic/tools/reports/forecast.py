"""What is expected and what came of it, as believed on each day that is known."""

SELECT_FORECASTS = """
    SELECT forecast.*,
           %(currency_id)s::int AS currency_id,
           CASE WHEN forecast.include_in_forecast THEN forecast.expected_revenue
                ELSE 0 END AS committed_revenue,
           CASE WHEN forecast.include_in_forecast THEN 0
                ELSE forecast.expected_revenue END AS omitted_revenue,
           0.0 AS accuracy
      FROM (%(open)s UNION ALL %(past)s UNION ALL %(won)s) AS forecast
"""

# The zeros are numeric because the amounts are: of parts of one type PostgreSQL leaves
# out those that a filter rules out, and reads the others in parallel.
EXPECTED = """
    %(low)s AS revenue_low, %(expected)s AS expected_revenue, %(high)s AS revenue_high,
    %(weighted)s AS weighted_revenue, %(recurring)s AS recurring_revenue_monthly,
    %(weighted_recurring)s AS weighted_recurring_revenue,
    0::numeric AS actual_revenue
"""

OPEN = """
    SELECT lead.id::bigint * 4 AS id, 'open' AS kind, %(today)s AS date_believed,
           TRUE AS is_current, lead.date_deadline AS date, lead.id AS lead_id,
           lead.user_id, lead.team_id, lead.company_id, lead.partner_id, lead.stage_id,
           lead.include_in_forecast IS NOT FALSE AS include_in_forecast, %(amounts)s
      FROM (%(leads)s) AS lead
     WHERE lead.type = 'opportunity' AND lead.won_status = 'pending' AND lead.active
"""

PAST = """
    SELECT past.id::bigint * 4 + 1, 'open', past.date, FALSE, past.date_deadline,
           lead.id, past.user_id, past.team_id, past.company_id, lead.partner_id,
           past.stage_id, past.include_in_forecast IS NOT FALSE, %(amounts)s
      FROM (%(leads)s) AS lead
      JOIN (
           SELECT opportunity_forecast_snapshot.*, %(rate)s
             FROM opportunity_forecast_snapshot
      ) AS past ON past.lead_id = lead.id
"""

# Beside each belief stands what was won since; today, all that was ever won.
WON = """
    SELECT (lead.id::bigint * 100000 + (belief.date - DATE '2000-01-01')) * 4 + 2
               + belief.is_current::int,
           'won', belief.date, belief.is_current, closing.date, lead.id, lead.user_id,
           lead.team_id, lead.company_id, lead.partner_id, lead.stage_id, TRUE,
           0::numeric, 0::numeric, 0::numeric, 0::numeric, 0::numeric, 0::numeric,
           %(actual_revenue)s
      FROM (%(leads)s) AS lead
     CROSS JOIN LATERAL (
           SELECT COALESCE(lead.actual_close_date, %(date_closed)s) AS date
      ) AS closing
      JOIN (
           SELECT DISTINCT date, FALSE AS is_current FROM opportunity_forecast_snapshot
        UNION ALL
           SELECT %(today)s, TRUE
      ) AS belief ON belief.is_current OR closing.date >= belief.date
     WHERE lead.type = 'opportunity' AND lead.won_status = 'won'
"""

INSERT_SNAPSHOT = """
    INSERT INTO opportunity_forecast_snapshot (
        lead_id, date, date_deadline, user_id, team_id, company_id, stage_id,
        probability, revenue_low, expected_revenue, revenue_high,
        recurring_revenue_monthly, include_in_forecast, company_currency
    )
    SELECT lead.id, %(today)s, lead.date_deadline, lead.user_id, lead.team_id,
           lead.company_id, lead.stage_id, lead.probability, lead.revenue_low,
           lead.expected_revenue, lead.revenue_high, lead.recurring_revenue_monthly,
           lead.include_in_forecast, COALESCE(company.currency_id, %(currency_id)s)
      FROM crm_lead AS lead
      LEFT JOIN res_company AS company ON company.id = lead.company_id
     WHERE lead.type = 'opportunity' AND lead.won_status = 'pending' AND lead.active
     ORDER BY lead.id
"""

TAKE_OVER = """
    UPDATE opportunity_forecast_snapshot AS snapshot SET lead_id = pair.survivor_id
      FROM unnest(%(merged)s::int[], %(survivors)s::int[]) AS pair (id, survivor_id)
     WHERE snapshot.lead_id = pair.id
"""

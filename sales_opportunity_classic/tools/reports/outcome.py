"""How opportunities ended: one row for each that is won or lost."""

SELECT_OUTCOMES = """
    SELECT lead.id,
           lead.id AS lead_id,
           lead.won_status,
           lead.date_closed,
           lead.create_date AS lead_create_date,
           lead.stage_id,
           lead.user_id,
           lead.team_id,
           lead.company_id,
           lead.partner_id,
           lead.country_id,
           lead.source_id,
           lead.medium_id,
           lead.campaign_id,
           CASE lead.won_status WHEN 'won' THEN lead.won_reason_id END AS won_reason_id,
           CASE lead.won_status WHEN 'lost' THEN lead.lost_reason_id END
               AS lost_reason_id,
           lead.awarded_to_id,
           %(currency_id)s::int AS currency_id,
           CASE lead.won_status WHEN 'won' THEN 1 ELSE 0 END AS won_count,
           CASE lead.won_status WHEN 'lost' THEN 1 ELSE 0 END AS lost_count,
           CASE lead.won_status WHEN 'won' THEN 1.0 ELSE 0.0 END AS win_rate,
           CASE lead.won_status WHEN 'won' THEN lead.actual_revenue ELSE 0 END
               AS won_revenue,
           CASE lead.won_status WHEN 'lost' THEN lead.expected_revenue ELSE 0 END
               AS lost_revenue,
           CASE lead.won_status WHEN 'won' THEN lead.actual_revenue
                ELSE lead.expected_revenue END AS closed_revenue,
           CASE lead.won_status WHEN 'won' THEN 1.0 ELSE 0.0 END AS win_rate_revenue,
           CASE lead.won_status WHEN 'won' THEN lead.actual_revenue END
               AS average_revenue,
           NULLIF(lead.awarded_revenue, 0) AS awarded_revenue,
           CASE WHEN lead.awarded_revenue > 0
                THEN lead.expected_revenue - lead.awarded_revenue END
               AS awarded_difference,
           lead.days_to_close,
           lead.days_to_close AS days_to_close_median
      FROM (%(closed)s) AS lead
"""

CLOSED = """
    SELECT lead.id, lead.won_status, lead.create_date, lead.stage_id, lead.user_id,
           lead.team_id, lead.company_id, lead.partner_id, lead.country_id,
           lead.source_id, lead.medium_id, lead.campaign_id, lead.won_reason_id,
           lead.lost_reason_id, lead.awarded_to_id, closing.date AS date_closed,
           COALESCE(%(actual_revenue)s, 0) AS actual_revenue,
           COALESCE(%(expected_revenue)s, 0) AS expected_revenue,
           COALESCE(%(awarded_revenue)s, 0) AS awarded_revenue,
           GREATEST(closing.date - %(create_date)s, 0)::float AS days_to_close
      FROM (%(leads)s) AS lead
     CROSS JOIN LATERAL (
           SELECT COALESCE(lead.actual_close_date, %(date_closed)s) AS date
      ) AS closing
     WHERE lead.type = 'opportunity'
       AND lead.won_status IN ('won', 'lost')
"""

# Two lines of a product are one product of the deal.
PRODUCT_VIEW = "opportunity_report_outcome_product_rel"
CREATE_PRODUCT_VIEW = """
    CREATE OR REPLACE VIEW opportunity_report_outcome_product_rel AS
    SELECT DISTINCT lead_id, product_id
      FROM opportunity_line
     WHERE is_optional IS NOT TRUE AND product_id IS NOT NULL
"""

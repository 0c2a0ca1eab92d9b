"""How the monthly recurring revenue moved: one row for each movement, dated, and one
for what each subscription brought at the beginning of each month since.

``movements`` is the query of those that the reader may read, with ``exchange_rate``.
An id has room for 2047 months after its movement.
"""

SELECT_MRR = """
    WITH movement AS (
         SELECT found.*, %(amount)s AS converted FROM (%(movements)s) AS found
    ), stay AS (
         SELECT movement.*,
                SUM(converted) OVER earlier AS mrr,
                LEAD(date) OVER earlier AS following
           FROM movement
         WINDOW earlier AS (PARTITION BY subscription_id ORDER BY date, id)
    ), fact AS (
         SELECT movement.id::bigint * 2048 AS id, kind, date, %(columns)s,
                converted AS amount, 0.0 AS opening_amount, 0 AS opening_count
           FROM movement
          UNION ALL
         SELECT stay.id::bigint * 2048 + opening.number AS id, 'opening' AS kind,
                opening.date, %(columns)s, 0.0 AS amount, stay.mrr AS opening_amount,
                1 AS opening_count
           FROM stay
          CROSS JOIN LATERAL (
                SELECT day::date AS date,
                       ROW_NUMBER() OVER (ORDER BY day) AS number
                  FROM generate_series(
                       DATE_TRUNC('month', stay.date) + INTERVAL '1 month',
                       DATE_TRUNC('month', LEAST(stay.following, %(today)s)),
                       INTERVAL '1 month') AS day
          ) AS opening
          WHERE stay.kind <> 'churn'
    )
    SELECT fact.*,
           %(currency_id)s::int AS currency_id,
           CASE WHEN kind = 'new' THEN amount ELSE 0 END AS new_amount,
           CASE WHEN kind = 'expansion' THEN amount ELSE 0 END AS expansion_amount,
           CASE WHEN kind = 'contraction' THEN amount ELSE 0 END
               AS contraction_amount,
           CASE WHEN kind = 'churn' THEN amount ELSE 0 END AS churn_amount,
           CASE WHEN kind = 'reactivation' THEN amount ELSE 0 END
               AS reactivation_amount,
           CASE WHEN kind = 'churn' THEN -amount ELSE 0 END AS lost_amount,
           CASE WHEN kind = 'churn' THEN 1 ELSE 0 END AS lost_count,
           CASE WHEN kind IN ('new', 'reactivation') THEN 1
                WHEN kind = 'churn' THEN -1 ELSE 0 END AS active_count,
           0.0 AS churn_rate,
           0.0 AS churn_rate_count
      FROM fact
"""

COLUMNS = ("subscription_id", "partner_id", "plan_id", "user_id", "team_id")
COLUMNS += ("company_id",)

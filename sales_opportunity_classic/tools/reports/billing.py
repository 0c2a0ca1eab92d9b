"""The bills to come: worked out before, and given as arrays, an entry each. An id has
room for 65535 bills of a subscription.
"""

SELECT_BILLING = """
    SELECT bill.subscription_id::bigint * 65536 + bill.number AS id, bill.date,
           bill.subscription_id, bill.amount_currency, bill.amount,
           subscription.partner_id, subscription.plan_id, subscription.user_id,
           subscription.team_id, subscription.company_id, subscription.lead_id,
           subscription.currency_id AS sold_currency_id,
           %(currency_id)s::int AS currency_id
      FROM UNNEST(%(subscriptions)s::int[], %(numbers)s::int[], %(dates)s::date[],
                  %(sold)s::numeric[], %(amounts)s::numeric[])
           AS bill(subscription_id, number, date, amount_currency, amount)
      JOIN opportunity_subscription AS subscription
        ON subscription.id = bill.subscription_id
"""

from odoo.tools import SQL

# Each message's own are looked up by the indexes on its id.
SELECT_OUTCOMES = """
    SELECT message.id, delivery.states, delivery.recipients, answer.clicks, answer.opens
      FROM unnest(%s::integer[]) AS message(id),
           LATERAL (
               SELECT array_agg(DISTINCT notification.notification_status) AS states,
                      array_agg(DISTINCT recipient.complete_name)
                          FILTER (WHERE recipient.id IS NOT NULL) AS recipients
                 FROM mail_notification notification
                 LEFT JOIN res_partner recipient
                        ON recipient.id = notification.res_partner_id
                WHERE notification.mail_message_id = message.id
                  AND notification.notification_type IN ('email', 'sms')
           ) AS delivery,
           LATERAL (
               SELECT count(*) FILTER (WHERE click.kind = 'click') AS clicks,
                      count(*) FILTER (WHERE click.kind = 'open') AS opens
                 FROM opportunity_click click
                WHERE click.mail_message_id = message.id AND click.is_robot IS NOT TRUE
           ) AS answer
"""


def select_outcomes(ids):
    """Return the statement of what became of messages: to whom they were sent, the
    states of that, and how often they were clicked and opened."""
    return SQL(SELECT_OUTCOMES, list(ids))

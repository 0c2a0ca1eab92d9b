from odoo.tools import SQL

from .columns import Columns

# What is due some day may be done until it ends. Odoo keeps no more than the day on
# which something was done; as long as nobody changed it since, the moment is known.
DATE = SQL(
    """CASE WHEN mail_activity.active
       THEN mail_activity.date_deadline + interval '23:59:59'
       ELSE LEAST(
           mail_activity.write_date,
           COALESCE(mail_activity.date_done, mail_activity.date_deadline)
               + interval '23:59:59'
       ) END"""
)
KIND = SQL(
    """COALESCE((
        SELECT CASE type.category
               WHEN 'phonecall' THEN 'call' WHEN 'meeting' THEN 'meeting' ELSE 'task'
               END
          FROM mail_activity_type type WHERE type.id = mail_activity.activity_type_id
    ), 'task')"""
)


def get_columns():
    """Return the columns of open and done activities."""
    return Columns(
        kind=KIND,
        date=DATE,
        lead=SQL(
            "CASE WHEN mail_activity.res_model = 'crm.lead'"
            " THEN mail_activity.res_id END"
        ),
        user=SQL("mail_activity.user_id"),
        is_open=SQL("mail_activity.active"),
    )

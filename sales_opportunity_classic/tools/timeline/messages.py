from odoo.tools import SQL

from .columns import Columns

# What an internal user writes goes out, whatever way it came.
KIND = SQL(
    """CASE
       WHEN mail_message.message_type = 'sms' THEN 'sms'
       WHEN mail_message.is_internal OR COALESCE((
           SELECT COALESCE(subtype.internal, FALSE) FROM mail_message_subtype subtype
            WHERE subtype.id = mail_message.subtype_id), TRUE)
            AND mail_message.message_type = 'comment' THEN 'note'
       WHEN COALESCE((
           SELECT author.partner_share FROM res_partner author
            WHERE author.id = mail_message.author_id),
            mail_message.message_type = 'email') THEN 'email_in'
       ELSE 'email_out' END"""
)
KIND_DONE = SQL(
    """COALESCE((
        SELECT CASE type.category
               WHEN 'phonecall' THEN 'call' WHEN 'meeting' THEN 'meeting' ELSE 'task'
               END
          FROM mail_activity_type type
         WHERE type.id = mail_message.mail_activity_type_id
    ), 'task')"""
)
# Of a done activity Odoo posts a message; it stands for it where the activity is gone.
ACTIVITY_IS_GONE = SQL(
    """NOT EXISTS (
        SELECT FROM mail_activity activity
         WHERE activity.res_model = mail_message.model
           AND activity.res_id = mail_message.res_id
           AND NOT activity.active
           AND COALESCE(activity.activity_type_id, 0)
               = COALESCE(mail_message.mail_activity_type_id, 0)
           AND activity.date_done = mail_message.date::date)"""
)


def get_columns(kind=KIND, where=None):
    """Return the columns of notes and emails."""
    return Columns(
        kind=kind,
        date=SQL("COALESCE(mail_message.date, mail_message.create_date)"),
        lead=SQL(
            "CASE WHEN mail_message.model = 'crm.lead' THEN mail_message.res_id END"
        ),
        person=SQL("mail_message.author_id"),
        where=where,
    )


def get_done_columns():
    """Return the columns of messages of done activities that are gone."""
    return get_columns(KIND_DONE, ACTIVITY_IS_GONE)

from odoo.tools import SQL

from .columns import Columns

# What an internal user writes goes out, whatever way it came.
KIND = SQL(
    """CASE
       WHEN mail_message.message_type = 'notification' THEN COALESCE((
           SELECT CASE type.category
                  WHEN 'phonecall' THEN 'call' WHEN 'meeting' THEN 'meeting'
                  ELSE 'task' END
             FROM mail_activity_type type
            WHERE type.id = mail_message.mail_activity_type_id), 'task')
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

# Of a done activity Odoo posts a message; it stands for it where the activity is gone.
# A message without content is one that its author deleted.
WHERE = SQL(
    """(mail_message.message_type != 'notification' OR NOT EXISTS (
            SELECT FROM mail_activity activity
             WHERE activity.res_model = mail_message.model
               AND activity.res_id = mail_message.res_id
               AND NOT activity.active
               AND activity.activity_type_id
                   IS NOT DISTINCT FROM mail_message.mail_activity_type_id
               AND activity.date_done = mail_message.date::date))
       AND (COALESCE(mail_message.body, '') != ''
            OR COALESCE(mail_message.subject, '') != ''
            OR EXISTS (SELECT FROM message_attachment_rel attached
                        WHERE attached.message_id = mail_message.id))"""
)


def get_columns():
    """Return the columns of notes, emails, and activities that are gone."""
    return Columns(
        kind=KIND,
        date=SQL("mail_message.date"),
        lead=SQL(
            "CASE WHEN mail_message.model = 'crm.lead' THEN mail_message.res_id END"
        ),
        person=SQL("mail_message.author_id"),
        where=WHERE,
    )

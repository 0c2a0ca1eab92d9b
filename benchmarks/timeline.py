"""The first page of a timeline of 10,000 entries against the bare union for it."""

from odoo.tools import SQL

from .figures import interleave, line
from .measure import environment, timed
from .setting import SUPERUSER

PAGE_GOAL = 1.5
PAGE_ROUNDS = 31
PAGE_ROWS = 41

# How many of each make 10,000 entries.
ENTRIES = {
    "notes": 5_000,
    "emails": 2_000,
    "activities": 1_500,
    "events": 500,
    "letters": 300,
    "moves": 400,
    "files": 300,
}
PARTS = {
    "notes": """
        INSERT INTO mail_message (model, res_id, message_type, subtype_id, author_id,
                                  body, date, create_uid, create_date)
        SELECT 'crm.lead', %(lead)s, 'comment', %(note)s, %(partner)s,
               '<p>What was said in the meeting ' || n || '</p>' || repeat('x', 500),
               now() - n * interval '1 hour', %(user)s, now()
          FROM generate_series(1, %(count)s) n""",
    "emails": """
        WITH message AS (
            INSERT INTO mail_message (model, res_id, message_type, subtype_id,
                                      author_id, subject, body, date, create_uid,
                                      create_date)
            SELECT 'crm.lead', %(lead)s, 'comment', %(comment)s, %(partner)s,
                   'Offer ' || n, '<p>Dear customer ' || n || '</p>',
                   now() - n * interval '90 minutes', %(user)s, now()
              FROM generate_series(1, %(count)s) n
            RETURNING id
        )
        INSERT INTO mail_notification (mail_message_id, res_partner_id,
                                       notification_type, notification_status, is_read)
        SELECT id, %(customer)s, 'email', 'sent', TRUE FROM message""",
    "activities": """
        INSERT INTO mail_activity (res_model, res_model_id, res_id, activity_type_id,
                                   summary, user_id, date_deadline, date_done, active,
                                   create_uid, create_date, write_date)
        SELECT 'crm.lead', %(model)s, %(lead)s, %(type)s, 'Call ' || n, %(user)s,
               current_date - n, CASE WHEN n > 20 THEN current_date - n END, n <= 20,
               %(user)s, now(), now() - n * interval '1 day'
          FROM generate_series(1, %(count)s) n""",
    "events": """
        INSERT INTO calendar_event (name, start, stop, opportunity_id, user_id, active,
                                    privacy, show_as, create_uid, create_date)
        SELECT 'Demo ' || n, now() - n * interval '1 day',
               now() - n * interval '1 day' + interval '1 hour', %(lead)s, %(user)s,
               TRUE, 'public', 'busy', %(user)s, now()
          FROM generate_series(1, %(count)s) n""",
    "letters": """
        INSERT INTO opportunity_letter (name, lead_id, kind, company_id, date, user_id,
                                        paper, "window", margin_top, margin_right,
                                        margin_bottom, margin_left)
        SELECT 'Letter ' || n, %(lead)s, 'print', %(company)s,
               now() - n * interval '1 day', %(user)s, 'a4', 'none', 20, 20, 20, 25
          FROM generate_series(1, %(count)s) n""",
    "moves": """
        INSERT INTO opportunity_stage_move (lead_id, date, kind, to_stage_name, user_id)
        SELECT %(lead)s, now() - n * interval '1 day', 'moved', 'Stage ' || n, %(user)s
          FROM generate_series(1, %(count)s) n""",
    "files": """
        WITH attachment AS (
            INSERT INTO ir_attachment (name, type, res_model, create_uid, create_date)
            SELECT 'Plan ' || n || '.pdf', 'binary', 'opportunity.file', %(user)s,
                   now() - n * interval '1 day'
              FROM generate_series(1, %(count)s) n
            RETURNING id, create_date
        )
        INSERT INTO opportunity_file (attachment_id, lead_id, visibility, active,
                                      version, create_uid, create_date)
        SELECT id, %(lead)s, 'team', TRUE, 1, %(user)s, create_date FROM attachment""",
}
TABLES = (
    "mail_message",
    "mail_notification",
    "mail_activity",
    "calendar_event",
    "opportunity_letter",
    "opportunity_stage_move",
    "opportunity_file",
    "ir_attachment",
)

# No rights, no filters, no names of people: what is listed, and in which order.
BARE_UNION = """
    SELECT 'message', id, date, subject, body, author_id FROM mail_message
     WHERE model = 'crm.lead' AND res_id = %(lead)s
       AND message_type IN ('comment', 'email', 'email_outgoing', 'auto_comment', 'sms')
    UNION ALL
    SELECT 'activity', id, COALESCE(date_done, date_deadline)::timestamp, summary, note,
           user_id FROM mail_activity
     WHERE res_model = 'crm.lead' AND res_id = %(lead)s
    UNION ALL
    SELECT 'event', id, start, name, description, user_id FROM calendar_event
     WHERE opportunity_id = %(lead)s AND active
    UNION ALL
    SELECT 'letter', id, date, name, body_html, user_id FROM opportunity_letter
     WHERE lead_id = %(lead)s
    UNION ALL
    SELECT 'move', id, date, to_stage_name, closing_reason, user_id
      FROM opportunity_stage_move WHERE lead_id = %(lead)s
    UNION ALL
    SELECT 'file', file.id, file.create_date, attachment.name, attachment.description,
           file.create_uid
      FROM opportunity_file file JOIN ir_attachment attachment
        ON attachment.id = file.attachment_id
     WHERE file.lead_id = %(lead)s AND file.active
     ORDER BY 3 DESC, 2 DESC LIMIT %(rows)s
"""


def timeline_page(setting):
    """The first page of the Tasks tab of an opportunity with 10,000 entries."""
    with environment(setting.ours, SUPERUSER) as env:
        lead = env["crm.lead"].browse(setting.own_leads[0])
        fill_timeline(env, setting, lead)
        parameters = {"lead": lead.id, "rows": PAGE_ROWS}

        def ours(_number):
            opened = lead.with_env(env(user=setting.uid, su=False))
            env.invalidate_all()
            return timed(env.cr, opened.get_timeline)

        def floor(_number):
            return timed(env.cr, lambda: fetch(env.cr, parameters))

        samples = interleave(PAGE_ROUNDS, ours=ours, floor=floor)
    return [line("timeline_page", samples, PAGE_GOAL)]


def fetch(cr, parameters):
    """Read what the bare union gives."""
    cr.execute(BARE_UNION, parameters)
    return cr.fetchall()


def fill_timeline(env, setting, lead):
    """Give an opportunity 10,000 entries of all kinds."""
    partner = env["res.users"].browse(setting.uid).partner_id
    parameters = {
        "lead": lead.id,
        "user": setting.uid,
        "partner": partner.id,
        "customer": lead.partner_id.id or partner.id,
        "company": env.company.id,
        "model": env["ir.model"]._get_id("crm.lead"),
        "note": env.ref("mail.mt_note").id,
        "comment": env.ref("mail.mt_comment").id,
        "type": env.ref("mail.mail_activity_data_call").id,
    }
    for part, count in ENTRIES.items():
        env.cr.execute(PARTS[part], {**parameters, "count": count})
    for table in TABLES:
        env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))

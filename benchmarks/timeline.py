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
    "notes": 4_600,
    "emails": 2_000,
    "activities": 1_500,
    "events": 500,
    "letters": 300,
    "moves": 400,
    "files": 300,
    "clicks": 300,
    "steps": 100,
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
    "clicks": """
        WITH trace AS (
            INSERT INTO opportunity_mail_trace (lead_id, token, subject, date, email,
                                                mail_message_id)
            SELECT %(lead)s, md5(id::text), subject, date, 'x@example.com', id
              FROM mail_message
             WHERE model = 'crm.lead' AND res_id = %(lead)s AND subject LIKE 'Offer %%'
             ORDER BY date DESC LIMIT %(count)s
            RETURNING id, mail_message_id, date
        )
        INSERT INTO opportunity_click (lead_id, trace_id, mail_message_id, partner_id,
                                       kind, date, url, is_robot)
        SELECT %(lead)s, id, mail_message_id, %(customer)s, 'click',
               date + interval '10 minutes', 'https://example.com/' || id, FALSE
          FROM trace""",
    "steps": """
        WITH sequence AS (
            INSERT INTO opportunity_sequence (name, model, version)
            VALUES ('{"en_US": "After the fair"}', 'crm.lead', 1) RETURNING id
        ), enrollment AS (
            INSERT INTO opportunity_sequence_enrollment (sequence_id, lead_id, user_id,
                                                         state)
            SELECT id, %(lead)s, %(user)s, 'completed' FROM sequence
            RETURNING id, sequence_id
        )
        INSERT INTO opportunity_sequence_run (enrollment_id, sequence_id, lead_id, name,
                                              step_type, state, date, user_id, round)
        SELECT id, sequence_id, %(lead)s, 'Step ' || n, 'tag', 'done',
               now() - n * interval '1 day', %(user)s, n
          FROM enrollment, generate_series(1, %(count)s) n""",
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
    "opportunity_mail_trace",
    "opportunity_click",
    "opportunity_sequence_run",
)

# No rights and no filters: the rows in their order, and of those of the page what it
# shows besides, names and what became of emails.
BARE_UNION = """
    SELECT 'message' AS source, id, date, subject AS title, body AS text, author_id,
           NULL::integer AS user_id, subtype_id AS of_id
      FROM mail_message
     WHERE model = 'crm.lead' AND res_id = %(lead)s
       AND message_type IN ('comment', 'email', 'email_outgoing', 'auto_comment', 'sms')
    UNION ALL
    SELECT 'activity', id, COALESCE(date_done, date_deadline)::timestamp, summary, note,
           NULL, user_id, activity_type_id
      FROM mail_activity WHERE res_model = 'crm.lead' AND res_id = %(lead)s
    UNION ALL
    SELECT 'event', id, start, name, description, NULL, user_id, NULL
      FROM calendar_event WHERE opportunity_id = %(lead)s AND active
    UNION ALL
    SELECT 'letter', id, date, name, body_html, NULL, user_id, NULL
      FROM opportunity_letter WHERE lead_id = %(lead)s
    UNION ALL
    SELECT 'move', id, date, to_stage_name, closing_reason, NULL, user_id, NULL
      FROM opportunity_stage_move WHERE lead_id = %(lead)s
    UNION ALL
    SELECT 'file', file.id, file.create_date, attachment.name, attachment.description,
           NULL, file.create_uid, NULL
      FROM opportunity_file file JOIN ir_attachment attachment
        ON attachment.id = file.attachment_id
     WHERE file.lead_id = %(lead)s AND file.active
    UNION ALL
    SELECT 'click', id, date, kind, url, partner_id, NULL, trace_id
      FROM opportunity_click WHERE lead_id = %(lead)s AND NOT is_robot
    UNION ALL
    SELECT 'step', id, date, name, note, NULL, user_id, sequence_id
      FROM opportunity_sequence_run WHERE lead_id = %(lead)s
     ORDER BY date DESC, id DESC LIMIT %(rows)s
"""
FIRST_PAGE = f"""
    SELECT page.*, person.name, subtype.internal, activity_type.name, delivery.states,
           delivery.recipients, attendees.names, response.clicks
      FROM ({BARE_UNION}) AS page
      LEFT JOIN res_users u ON u.id = page.user_id
      LEFT JOIN res_partner person
             ON person.id = COALESCE(page.author_id, u.partner_id)
      LEFT JOIN mail_message_subtype subtype
             ON subtype.id = page.of_id AND page.source = 'message'
      LEFT JOIN mail_activity_type activity_type
             ON activity_type.id = page.of_id AND page.source = 'activity'
      LEFT JOIN LATERAL (
           SELECT array_agg(DISTINCT notification.notification_status) AS states,
                  array_agg(recipient.name) AS recipients
             FROM mail_notification notification
             JOIN res_partner recipient ON recipient.id = notification.res_partner_id
            WHERE notification.mail_message_id = page.id
              AND notification.notification_type IN ('email', 'sms')
           ) delivery ON page.source = 'message'
      LEFT JOIN LATERAL (
           SELECT array_agg(attendee.name) AS names
             FROM calendar_event_res_partner_rel rel
             JOIN res_partner attendee ON attendee.id = rel.res_partner_id
            WHERE rel.calendar_event_id = page.id
           ) attendees ON page.source = 'event'
      LEFT JOIN LATERAL (
           SELECT count(*) AS clicks FROM opportunity_click click
            WHERE click.mail_message_id = page.id AND NOT click.is_robot
           ) response ON page.source = 'message'
     ORDER BY page.date DESC, page.id DESC
"""


def timeline_page(setting):
    """The first page of the Tasks tab of an opportunity with 10,000 entries."""
    with environment(setting.ours, SUPERUSER) as env:
        lead = env["crm.lead"].browse(setting.own_leads[0])
        fill_timeline(env, setting, lead)
        parameters = {"lead": lead.id, "rows": PAGE_ROWS}
        # As ours: else the floor would be compiled, which takes longer than to run it.
        env.cr.execute("SET LOCAL jit = off")

        def ours(_number):
            opened = lead.with_env(env(user=setting.uid, su=False))
            env.invalidate_all()
            return timed(env.cr, opened.get_timeline)

        def floor(_number):
            return timed(env.cr, lambda: fetch(env.cr, parameters))

        samples = interleave(PAGE_ROUNDS, ours=ours, floor=floor)
    return [line("timeline_page", samples, PAGE_GOAL)]


def fetch(cr, parameters):
    """Read the page by the bare union."""
    cr.execute(FIRST_PAGE, parameters)
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

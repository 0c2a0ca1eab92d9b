"""Sending the queue of 5,000 mails to a mail server on this machine, beside Odoo's own
queue and beside the bare delivery of the same messages over one connection.

Here everything is saved, as the queue saves after each mail; it is deleted afterwards.
"""

import smtplib
from unittest.mock import patch

from odoo import api
from odoo.tools import config

from .figures import interleave, line
from .measure import environment, timed
from .setting import SUPERUSER
from .smtp_sink import smtp_sink

GOAL = 1.15
ROUNDS = 3
MAILS = 5_000
PARTNERS = 2_000
BODY = "<p>Hello, about your project:</p>" + "".join(
    f'<p>{"What we offer. " * 10}<a href="https://example.com/page/{number}">More</a></p>'
    for number in range(5)
)
TRACKING = [f"sales_opportunity_classic.track_{what}" for what in ("links", "opens")]
DELETE = (
    "DELETE FROM mail_message WHERE id = ANY(%(messages)s)",
    "DELETE FROM ir_cron_trigger WHERE cron_id = %(cron)s",
)
DELETE_TRACKED = (
    "DELETE FROM opportunity_mail_trace WHERE mail_message_id = ANY(%(messages)s)",
    "DELETE FROM link_tracker WHERE is_of_opportunity",
)


def mail_queue(setting):
    """Mails of opportunities, without and with links that are tracked."""
    with smtp_sink() as port, patch.dict(config.options, get_options(port)):

        def ours(_number):
            return drain(setting.ours, tracked=False)

        def tracked(_number):
            return drain(setting.ours, tracked=True)

        def peer(_number):
            return drain(setting.core)

        def floor(_number):
            return deliver(setting.core, port)

        samples = interleave(
            ROUNDS, warm_up=0, ours=ours, tracked=tracked, peer=peer, floor=floor
        )
    plain = {side: samples[side] for side in ("ours", "peer")}
    bare = {side: samples[side] for side in ("ours", "floor")}
    with_links = {"ours": samples["tracked"], "peer": samples["peer"]}
    return [
        line("mail_queue", plain, GOAL),
        line("mail_queue_bare", bare, GOAL),
        line("mail_queue_tracked", with_links, GOAL),
    ]


def get_options(port):
    """What Odoo is configured with."""
    return {"smtp_server": "127.0.0.1", "smtp_port": port}


def drain(registry, tracked=None):
    """The sample of running the queue until it is empty.

    Our queue runs as long as it asks for it itself, as scheduled actions do. Odoo's
    own, which waits for an hour each time, is run as often.

    :param tracked: whether the links are, None without the addon
    """
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER, {})
        set_tracking(env, tracked)
        messages = make_mails(env).mail_message_id.ids
        cr.commit()
        try:
            return timed(cr, lambda: run_queue(env, is_ours=tracked is not None))
        finally:
            set_tracking(env, None)
            delete(env, messages, DELETE if tracked is None else (DELETE_TRACKED + DELETE))
            cr.commit()


def run_queue(env, is_ours):
    """Send what waits."""
    cron = env.ref("mail.ir_cron_mail_scheduler_action")
    triggers = env["ir.cron.trigger"]
    while left := env["mail.mail"].search_count([("state", "=", "outgoing")]):
        if is_ours and left < MAILS and not triggers.search([("cron_id", "=", cron.id)]):
            raise AssertionError(f"{left} mails wait for an hour")
        triggers.search([("cron_id", "=", cron.id)]).unlink()
        env.invalidate_all()
        env["mail.mail"].process_email_queue()


def set_tracking(env, value):
    """Switch the tracking of links on, or off."""
    for name in TRACKING:
        env["ir.config_parameter"].set_param(name, value)


def delete(env, messages, statements):
    """Delete what was made."""
    cron = env.ref("mail.ir_cron_mail_scheduler_action")
    for statement in statements:
        env.cr.execute(statement, {"messages": messages, "cron": cron.id})


def deliver(registry, port):
    """The sample of delivering the messages that Odoo would, and nothing else."""
    with environment(registry, SUPERUSER) as env:
        messages = build(env, make_mails(env))

        def run():
            with smtplib.SMTP("127.0.0.1", port) as connection:
                for sender, recipients, text in messages:
                    connection.sendmail(sender, recipients, text)

        return timed(env.cr, run)


def build(env, mails):
    """The envelope and the bytes of each mail."""
    server, built = env["ir.mail_server"], []
    for mail in mails:
        for email in mail._prepare_outgoing_list():
            message = server._build_email__(
                mail.email_from,
                email["email_to"],
                email["subject"],
                email["body"],
                body_alternative=email["body_alternative"],
                message_id=email["message_id"],
                headers=email["headers"],
                subtype="html",
                subtype_alternative="plain",
            )
            recipients = email["email_to_normalized"]
            built.append((mail.email_from, recipients, message.as_bytes()))
    return built


def make_mails(env):
    """Mails as steps of follow-ups leave them."""
    leads = env["crm.lead"].search(
        [("partner_id.email", "!=", False)], limit=MAILS, order="id"
    )
    return env["mail.mail"].create(
        [
            {
                "subject": f"About {lead.name}",
                "body_html": BODY,
                "body": BODY,
                "email_from": "salesperson@example.com",
                "model": "crm.lead",
                "res_id": lead.id,
                "recipient_ids": [(4, lead.partner_id.id)],
                "auto_delete": True,
                "is_notification": True,
            }
            for lead in leads
        ]
    )

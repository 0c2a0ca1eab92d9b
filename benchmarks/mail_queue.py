"""Sending the queue of 5,000 mails to a mail server on this machine, beside Odoo's own
queue and beside the bare delivery of the same messages over one connection.

Here everything is saved, as the queue saves after each mail; it is deleted afterwards.
"""

import contextlib
import smtplib
from unittest.mock import patch

from odoo import api
from odoo.tools import config

from .figures import Sample, line
from .measure import environment, timed
from .setting import SUPERUSER
from .smtp_sink import smtp_sink

GOAL = 1.15
MAILS = 5_000
TRACKED = 1_000
BATCHES = 5
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
    """Mails of opportunities, without and with links that are tracked.

    The queues take turns, batch by batch: what else the machine does meets both.
    """
    with smtp_sink() as port, patch.dict(config.options, get_options(port)):
        bare = deliver(setting.core, port)
        with queue(setting.ours) as ours, queue(setting.core) as peer:
            plain = take_turns(ours=ours, peer=peer)
        with (
            queue(setting.ours, TRACKED, tracked=True) as ours,
            queue(setting.core, TRACKED) as peer,
        ):
            tracked = take_turns(ours=ours, peer=peer)
    return [
        line("mail_queue", plain, GOAL),
        line("mail_queue_bare", {"ours": plain["ours"], "floor": [bare]}, GOAL),
        line("mail_queue_tracked", tracked, GOAL),
    ]


def take_turns(**sides):
    """The sample of each side, a function that is called until it sends no more."""
    total = dict.fromkeys(sides, Sample(0, 0))
    left = list(sides)
    while left:
        for name in tuple(left):
            if sample := sides[name]():
                total[name] += sample
            else:
                left.remove(name)
        left.reverse()
    return {name: [sample] for name, sample in total.items()}


def get_options(port):
    """What Odoo is configured with."""
    return {"smtp_server": "127.0.0.1", "smtp_port": port}


@contextlib.contextmanager
def queue(registry, mails=MAILS, tracked=False):
    """A function that sends a batch of mails, made before, and returns its sample.

    :param tracked: whether their links are; only with the addon
    """
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER, {})
        set_tracking(env, tracked)
        messages = make_mails(env, mails).mail_message_id.ids
        cr.commit()
        try:
            yield lambda: send_batch(env, min(mails // BATCHES, 1000))
        finally:
            set_tracking(env, False)
            delete(env, messages)
            cr.commit()


def send_batch(env, size):
    """Send a batch. The addon asks for the next one, Odoo waits for an hour."""
    waiting = [("state", "=", "outgoing")]
    if not env["mail.mail"].search_count(waiting):
        return None
    cron = env.ref("mail.ir_cron_mail_scheduler_action")
    triggers = env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
    triggers.unlink()
    env.invalidate_all()
    sample = timed(
        env.cr, lambda: env["mail.mail"].process_email_queue(batch_size=size)
    )
    is_asked = env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
    left = env["mail.mail"].search_count(waiting)
    if left and not is_asked and "opportunity.mail.trace" in env:
        raise AssertionError(f"{left} mails wait for an hour")
    return sample


def set_tracking(env, value):
    """Switch the tracking of links on, or off."""
    for name in TRACKING:
        env["ir.config_parameter"].set_param(name, value)


def delete(env, messages):
    """Delete what was made."""
    cron = env.ref("mail.ir_cron_mail_scheduler_action")
    statements = DELETE
    if "opportunity.mail.trace" in env:
        statements = DELETE_TRACKED + DELETE
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


def make_mails(env, count=MAILS):
    """Mails as steps of follow-ups leave them."""
    leads = env["crm.lead"].search(
        [("partner_id.email", "!=", False)], limit=count, order="id"
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

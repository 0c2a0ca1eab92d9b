"""The engine of follow-up sequences beside what Odoo does for the same mails and tasks,
and beside the bare query for what is due."""

import contextlib

from odoo import fields

from .figures import interleave, line
from .measure import environment, timed
from .setting import SUPERUSER

STEP_GOAL = 1.1
PICK_GOAL = 1.3
ROUNDS = 9
PICK_ROUNDS = 31
RECORDS = 600
BATCH = 200
PICKED = 500

TEMPLATE = {
    "name": "Benchmark",
    "subject": "About {{ object.name }}",
    "body_html": '<p>Hello <t t-out="object.contact_name"/>, about '
    '<t t-out="object.name"/>: <t t-out="object.expected_revenue * 2"/></p>',
    "email_from": "{{ user.email_formatted }}",
    "email_to": "{{ 'person-%d@example.com' % object.id }}",
    "use_default_to": False,
}
ENROLL = """
    INSERT INTO opportunity_sequence_enrollment (
        sequence_id, lead_id, user_id, state, version, round, next_step_id, date_start,
        date_next, create_uid, write_uid, create_date, write_date
    )
    SELECT %(sequence)s, id, %(user)s, 'active', 1, 1, %(step)s, %(start)s,
           %(start)s + id * INTERVAL '1 second', %(user)s, %(user)s,
           %(start)s, %(start)s
      FROM crm_lead
     WHERE id = ANY(%(leads)s)
"""
LONG_AGO, LATER = "2020-01-01 00:00:00", "2120-01-01 00:00:00"


def sequence_emails(setting):
    """Email steps of 500 opportunities against Odoo's batches of the same mails."""

    def ours(_number):
        with environment(setting.ours, SUPERUSER) as env:
            template = make_template(env)
            env.cr.commit()
            try:
                step = {"step_type": "email", "template_id": template.id}
                return run_steps(setting, step)
            finally:
                template.unlink()
                env.cr.commit()

    def peer(_number):
        with environment(setting.core, SUPERUSER) as env:
            template = make_template(env).with_user(setting.uid)
            ids = list(setting.open_leads[:RECORDS])
            env.flush_all()
            env.invalidate_all()
            return timed(env.cr, lambda: send(template, ids))

    samples = interleave(ROUNDS, warm_up=1, ours=ours, peer=peer)
    return [line("sequence_emails", samples, STEP_GOAL)]


def sequence_tasks(setting):
    """Task steps of 500 opportunities against activities created in batches."""

    def ours(_number):
        return run_steps(setting, {"step_type": "task", "subject": "Call"})

    def floor(_number):
        with environment(setting.ours, SUPERUSER) as env:
            activities = env(user=setting.uid, su=False)["mail.activity"]
            ids = setting.open_leads[:RECORDS]
            env.invalidate_all()
            return timed(env.cr, lambda: schedule(activities, ids))

    samples = interleave(ROUNDS, warm_up=1, ours=ours, floor=floor)
    return [line("sequence_tasks", samples, STEP_GOAL)]


def sequence_pick(setting):
    """Picking what is due out of ten thousand, and of a million, enrolments."""
    return [
        pick(setting, "sequence_pick_10k", 1, 10_000),
        pick(setting, "sequence_pick_1m", 10, 100_000),
    ]


def make_template(env):
    """The template of the mails that both sides make."""
    model_id = env["ir.model"]._get_id("crm.lead")
    return env["mail.template"].create({**TEMPLATE, "model_id": model_id})


def send(template, ids):
    """Queue mails as a program of Odoo's would."""
    for start in range(0, len(ids), BATCH):
        template.send_mail_batch(ids[start : start + BATCH])
        template.env.cr.flush()


def schedule(activities, ids):
    """Create activities as a program of Odoo's would."""
    model_id = activities.env["ir.model"]._get_id("crm.lead")
    activity_type = activities._default_activity_type_for_model("crm.lead")
    common = {
        "res_model_id": model_id,
        "activity_type_id": activity_type.id,
        "date_deadline": fields.Date.context_today(activities),
        "summary": "Call",
    }
    for start in range(0, len(ids), BATCH):
        activities.create(
            [
                {**common, "res_id": id_, "user_id": activities.env.uid}
                for id_ in ids[start : start + BATCH]
            ]
        )
        activities.env.cr.flush()


def run_steps(setting, step):
    """The sample of the engine's batches with one step."""
    with enrolled(setting, step), environment(setting.ours, SUPERUSER) as env:
        engine = env["opportunity.sequence.enrollment"]
        # A new sequence makes the registry forget; the other side is warm.
        engine._run_batch(1)
        env.invalidate_all()

        def run():
            while engine._run_batch(BATCH):
                env.cr.flush()

        sample = timed(env.cr, run)
        done = env["opportunity.sequence.run"].search_count([("state", "=", "done")])
        if done <= RECORDS:
            raise AssertionError(f"{done} steps were carried out")
        return sample


@contextlib.contextmanager
def enrolled(setting, step):
    """A sequence of one step with its enrolments, saved: PostgreSQL asks all their
    references again where a row was made in the same transaction."""
    with environment(setting.ours, SUPERUSER) as env:
        sequence = make_sequence(env, step)
        enroll(env, setting, sequence, setting.open_leads[: RECORDS + 1])
        env.cr.commit()
        try:
            yield
        finally:
            sequence.unlink()
            env.cr.commit()


def make_sequence(env, step):
    """A sequence of one step."""
    steps = [(0, 0, {"delay_count": 0, **step})]
    return env["opportunity.sequence"].create({"name": "Benchmark", "step_ids": steps})


def enroll(env, setting, sequence, lead_ids, start=LONG_AGO):
    """Enrol opportunities as if they had been for long."""
    env.flush_all()
    env.cr.execute(
        ENROLL.replace("%(start)s", "%(start)s::timestamp"),
        {
            "sequence": sequence.id,
            "step": sequence.step_ids[0].id,
            "user": setting.uid,
            "start": start,
            "leads": list(lead_ids),
        },
    )


def pick(setting, name, sequences, leads_each):
    """The line of picking 500 due ones where most others are not due."""
    with environment(setting.ours, SUPERUSER) as env:
        leads = env["crm.lead"].with_context(active_test=False).search([])
        ids = leads.ids[:leads_each]
        for number in range(sequences):
            sequence = make_sequence(env, {"step_type": "wait"})
            enroll(env, setting, sequence, ids, LATER)
            if not number:
                due = make_sequence(env, {"step_type": "wait"})
                enroll(env, setting, due, ids[:PICKED], LONG_AGO)
        env.cr.execute("ANALYZE opportunity_sequence_enrollment")
        engine = env["opportunity.sequence.enrollment"]
        query = get_due_query()

        def ours(_number):
            return timed(env.cr, lambda: engine._pick(query))

        def floor(_number):
            return timed(env.cr, lambda: fetch(env.cr, query))

        samples = interleave(PICK_ROUNDS, warm_up=1, ours=ours, floor=floor)
    return line(name, samples, PICK_GOAL)


def get_due_query():
    """The engine's own query."""
    # Odoo's addons are there once the registry is.
    from odoo.addons.sales_opportunity_classic.tools.follow_up_queue import select_due

    return select_due(fields.Datetime.now(), PICKED)


def fetch(cr, query):
    """Read the rows of a query."""
    cr.execute(query)
    return cr.fetchall()

"""Moving leads to another stage: with the addon, without it, and as bare SQL."""

from .figures import interleave, line
from .measure import environment, timed

GOAL = 1.05

UPDATE = """
    UPDATE crm_lead
       SET stage_id = %(stage)s, date_last_stage_update = now(), write_date = now()
     WHERE id = ANY(%(leads)s)
"""
INSERT = """
    INSERT INTO opportunity_stage_move (
        lead_id, date, kind, from_stage_id, to_stage_id, user_id, owner_id, team_id)
    SELECT id, now(), 'moved', stage_id, %(stage)s, user_id, user_id, team_id
      FROM crm_lead
     WHERE id = ANY(%(leads)s)
"""


def stage_write_1(setting):
    """One lead, as when somebody drags a card."""
    return measure(setting, "stage_write_1", 1, 101)


def stage_write_80(setting):
    """The 80 leads of a page of the list."""
    return measure(setting, "stage_write_80", 80, 15)


def measure(setting, name, size, rounds):
    """Move as many leads, others in each round; their tracking is part of it."""

    def leads_of(number):
        start = number * size % (len(setting.open_leads) - size)
        return list(setting.open_leads[start : start + size])

    def through_orm(registry):
        return lambda number: write(setting, registry, leads_of(number))

    sides = {side: through_orm(registry) for side, registry in setting.sides().items()}
    samples = interleave(
        rounds, **sides, floor=lambda number: bare(setting, leads_of(number))
    )
    return [line(name, samples, GOAL)]


def write(setting, registry, lead_ids):
    """The sample of one write through the ORM, up to what is done on commit."""
    with environment(registry, setting.uid) as env:
        leads = env["crm.lead"].browse(lead_ids)

        def move():
            leads.write({"stage_id": setting.stages[1]})
            env.cr.flush()

        return timed(env.cr, move)


def bare(setting, lead_ids):
    """The sample of the two statements that cannot be done without."""
    with environment(setting.ours, setting.uid) as env:
        values = {"stage": setting.stages[1], "leads": lead_ids}

        def move():
            env.cr.execute(INSERT, values)
            env.cr.execute(UPDATE, values)

        return timed(env.cr, move)

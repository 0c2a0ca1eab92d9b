"""Rebuilding the history of all leads: ours beside the bare INSERT ... SELECT."""

from .figures import interleave, line
from .measure import environment, timed
from .setting import SUPERUSER

GOAL = 1.3
SMALL = 25_000
PROJECTED = 1_000_000
ROUNDS = 9
# All leads take so long that what disturbs the machine evens out by itself.
ROUNDS_OF_ALL = 3

BARE = """
    INSERT INTO opportunity_stage_move (
        lead_id, date, kind, from_stage_id, to_stage_id, from_stage_name,
        to_stage_name, previous_date, days, user_id, owner_id, team_id,
        expected_revenue, company_currency
    )
    SELECT past.lead_id, past.date, past.kind, source.id, target.id,
           source.name->>'en_US', target.name->>'en_US', past.previous,
           EXTRACT(EPOCH FROM past.date - past.previous) / 86400,
           past.uid, past.user_id, past.team_id, past.expected_revenue,
           company.currency_id
      FROM (
           SELECT lead.id AS lead_id, value.create_date AS date,
                  CASE value.new_value_integer WHEN %(won)s THEN 'won' ELSE 'moved' END
                      AS kind,
                  value.old_value_integer AS old_id, value.new_value_integer AS new_id,
                  LAG(value.create_date, 1, lead.create_date) OVER (
                      PARTITION BY lead.id ORDER BY value.create_date, value.id
                  ) AS previous,
                  value.create_uid AS uid, lead.user_id, lead.team_id,
                  lead.expected_revenue, lead.company_id
             FROM mail_tracking_value AS value
             JOIN mail_message AS message ON message.id = value.mail_message_id
             JOIN crm_lead AS lead ON lead.id = message.res_id
            WHERE value.field_id = %(field)s
              AND message.model = 'crm.lead'
              AND lead.id <= %(last)s
        UNION ALL
           SELECT id, create_date, 'created', NULL, %(first)s, NULL, create_uid,
                  user_id, team_id, expected_revenue, company_id
             FROM crm_lead
            WHERE id <= %(last)s
      ) AS past
      LEFT JOIN crm_stage AS source ON source.id = past.old_id
      LEFT JOIN crm_stage AS target ON target.id = past.new_id
      LEFT JOIN res_company AS company ON company.id = past.company_id
"""


def backfill(setting):
    """Two sizes, and from both what a million leads would take."""
    with environment(setting.ours, SUPERUSER) as env:
        everything = env["crm.lead"].with_context(active_test=False).search_count([])
    large = measure(setting, "backfill_100k", everything, ROUNDS_OF_ALL)
    small = measure(setting, "backfill_25k", SMALL, ROUNDS)
    projected = project(large, everything, small, SMALL)
    print(f"  projected for 1,000,000 leads: {projected:.0f} seconds", flush=True)
    return [large, small]


def project(large, many, small, few):
    """The seconds for a million leads, on the straight line through two sizes."""
    slope = (large.ours - small.ours) / (many - few)
    return (large.ours + slope * (PROJECTED - many)) / 1000


def measure(setting, name, size, rounds):
    """Rebuild as many leads, in a table that is empty at first."""
    sides = {
        "ours": lambda number: sample(setting, size, rebuild),
        "floor": lambda number: sample(setting, size, insert_bare),
    }
    return line(name, interleave(rounds, warm_up=0, **sides), GOAL)


def sample(setting, size, run):
    """The sample of one way to fill the emptied table."""
    with environment(setting.ours, SUPERUSER) as env:
        env.cr.execute("TRUNCATE opportunity_stage_move")
        leads = env["crm.lead"].with_context(active_test=False)
        leads = leads.search([("id", "<=", size)], order="id")
        taken = timed(env.cr, lambda: run(setting, leads))
        if run is rebuild:
            require_nothing_left(leads)
        return taken


def rebuild(setting, leads):
    """The addon's own way."""
    leads.env["opportunity.stage.move"]._rebuild_history(leads)


def insert_bare(setting, leads):
    """One statement, without any care for what a real past holds."""
    values = {
        "field": leads.env["ir.model.fields"]._get("crm.lead", "stage_id").id,
        "first": setting.stages[0],
        "won": setting.stages[-1],
        "last": leads.ids[-1],
    }
    leads.env.cr.execute(BARE, values)


def require_nothing_left(leads):
    """A second run adds nothing."""
    added = leads.env["opportunity.stage.move"]._rebuild_history(leads)
    if added:
        raise AssertionError(f"The second run added {added} rows.")

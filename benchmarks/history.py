"""Reading the seconds per stage: our history, Odoo's tracking, and bare SQL."""

from .figures import interleave, line
from .measure import environment, timed

GOAL = 25

BARE = """
    SELECT lead_id, to_stage_id, SUM(EXTRACT(EPOCH FROM until - date))
      FROM (
           SELECT lead_id, to_stage_id, date,
                  LEAD(date, 1, now() AT TIME ZONE 'UTC') OVER (
                      PARTITION BY lead_id ORDER BY date, id) AS until
             FROM opportunity_stage_move
            WHERE lead_id = ANY(%s)
      ) AS stay
     GROUP BY lead_id, to_stage_id
"""


def history_80(setting):
    """The 80 leads of a page of the list."""
    return measure(setting, "history_80", 80, 21)


def history_1500(setting):
    """As many as a report or an export reads at once."""
    return measure(setting, "history_1500", 1500, 9)


def measure(setting, name, size, rounds):
    """Read as many leads, others in each round; all sides read the same ones."""

    def leads_of(number):
        start = number * size % (len(setting.own_leads) - size + 1)
        return list(setting.own_leads[start : start + size])

    def side(read):
        return lambda number: sample(setting, read, leads_of(number))

    require_same(setting, leads_of(0))
    sides = {"ours": side(read_ours), "peer": side(read_peer), "floor": side(read_bare)}
    return [line(name, interleave(rounds, **sides), GOAL, faster=True)]


def sample(setting, read, lead_ids):
    """The sample of one way to read, on records that nothing was read of."""
    with environment(setting.ours, setting.uid) as env:
        leads = env["crm.lead"].browse(lead_ids)
        return timed(env.cr, lambda: read(leads))


def read_ours(leads):
    """The sales history."""
    return leads._get_seconds_per_stage()


def read_peer(leads):
    """Odoo's own field."""
    return {lead.id: lead.duration_tracking for lead in leads}


def read_bare(leads):
    """The rows alone."""
    leads.env.cr.execute(BARE, [leads.ids])
    return leads.env.cr.fetchall()


def require_same(setting, lead_ids):
    """Faster must not mean wrong: both agree to the second."""
    with environment(setting.ours, setting.uid) as env:
        leads = env["crm.lead"].browse(lead_ids)
        ours, peer = read_ours(leads), read_peer(leads)
        for lead_id, stages in peer.items():
            for stage, seconds in stages.items():
                difference = abs(ours[lead_id].get(int(stage), 0) - seconds)
                if difference > 1:
                    raise AssertionError(f"Lead {lead_id}: {ours[lead_id]}, {stages}")

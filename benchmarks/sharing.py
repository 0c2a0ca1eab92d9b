"""Working where opportunities are shared, beside Odoo without the addon and bare SQL.

Up to 200 shares the peer is Odoo without the addon, where the same salesperson sees
their own opportunities alone. With more they see several times as many, so that only
a UNION by hand, which gives the same rows, says what that must cost.
"""

import random
from functools import partial

from odoo.modules.registry import Registry

from .data import LOGIN
from .figures import interleave, line, median
from .measure import environment, timed
from .setting import SUPERUSER
from .sharing_data import SIZES

NONE_GOAL = 1.05
FEW_GOAL = 1.25
UNION_GOAL = 1.5
ACCESS_GOAL = 1.15
FEW = 200
ROUNDS = 41
ROUNDS_OF_ACCESS = 101
DOMAIN = [("type", "=", "opportunity")]
COLUMNS = (
    "id",
    "name",
    "partner_id",
    "contact_name",
    "email_from",
    "phone",
    "user_id",
    "team_id",
    "stage_id",
    "priority",
    "expected_revenue",
    "probability",
    "date_deadline",
    "won_status",
    "create_date",
)
LIVE = """
    share.user_id = %(user)s AND access = ANY(%(access)s)
    AND COALESCE(datetime_end, date_until + 1, 'infinity') > now() AT TIME ZONE 'UTC'
"""
OWN = "SELECT id FROM crm_lead WHERE user_id = %(user)s OR user_id IS NULL"
SHARED = f"""
    SELECT lead.id FROM opportunity_share AS share
      JOIN crm_lead AS lead ON lead.id = share.lead_id
     WHERE {LIVE} AND lead.user_id <> %(user)s AND lead.active
"""
# Of what comes first depends on how much is shared: the floor is the faster one.
SEEN = {
    "rows": f"""
        FROM (SELECT * FROM crm_lead WHERE user_id = %(user)s OR user_id IS NULL
              UNION ALL
              SELECT lead.* FROM opportunity_share AS share
                JOIN crm_lead AS lead ON lead.id = share.lead_id
               WHERE {LIVE} AND lead.user_id <> %(user)s) AS seen
    """,
    "ids": f"""
        FROM crm_lead AS seen
       WHERE id = ANY(ARRAY(
             {OWN} UNION SELECT lead_id FROM opportunity_share AS share WHERE {LIVE}))
    """,
}
ALIVE = """
    type = 'opportunity' AND active AND (company_id IN (1) OR company_id IS NULL)
"""
PAGE = f"SELECT {', '.join(COLUMNS)} {{}} ORDER BY priority DESC, id DESC LIMIT 80"
STATEMENTS = {
    "list": PAGE,
    "count": "SELECT count(*) {}",
    "stage": "SELECT stage_id, count(*), sum(expected_revenue) {} GROUP BY 1",
    "pivot": """
        SELECT stage_id, date_trunc('month', create_date), count(*),
               sum(expected_revenue), sum(prorated_revenue) {} GROUP BY 1, 2
    """,
}


def read_page(leads):
    """The first page of the list in its own order."""
    return leads.search_fetch(DOMAIN, COLUMNS, limit=80)


def count(leads):
    """How many there are, for the pager."""
    return leads.search_count(DOMAIN)


def group_by_stage(leads):
    """The heads of the columns of the kanban."""
    return leads._read_group(DOMAIN, ["stage_id"], ["__count", "expected_revenue:sum"])


def pivot(leads):
    """Stages by month, with two sums."""
    sums = ["__count", "expected_revenue:sum", "prorated_revenue:sum"]
    return leads._read_group(DOMAIN, ["stage_id", "create_date:month"], sums)


WAYS = {"list": read_page, "count": count, "stage": group_by_stage, "pivot": pivot}


def sharing(setting):
    """List, count, groups and pivot by the number of shares, and checks of access."""
    core, unshared, shared = (
        Registry(f"{setting.sharing}_{side}") for side in ("core", "unshared", "shared")
    )
    people = find_people(core)
    lines = [
        race(f"share_{way}_none", unshared, core, people[0], way, NONE_GOAL)
        for way in WAYS
    ]
    for uid, size in zip(people, SIZES, strict=True):
        peer = core if size <= FEW else None
        goal = UNION_GOAL if size > FEW else FEW_GOAL if size else NONE_GOAL
        for way in WAYS:
            for union in SEEN:
                require_same(shared, uid, way, union)
            name = f"share_{way}_{size}"
            lines.append(race(name, shared, peer, uid, way, goal))
    uid = people[SIZES.index(FEW)]
    for operation in ("read", "write"):
        lines.append(check_access(core, shared, uid, operation))
    return lines


def find_people(registry):
    """The ids of those with as many shares as are measured."""
    logins = [LOGIN.format(number) for number in range(len(SIZES))]
    with environment(registry, SUPERUSER) as env:
        users = env["res.users"].search([("login", "in", logins)]).grouped("login")
        return [users[login].id for login in logins]


def race(name, ours, peer, uid, way, goal):
    """The line of one way to look at all that somebody sees."""
    sides = {"ours": lambda _number: look(ours, uid, WAYS[way])}
    for union in SEEN:
        sides[union] = partial(ask, ours, uid, write(way, union))
    if peer:
        sides["peer"] = lambda _number: look(peer, uid, WAYS[way])
    samples = interleave(ROUNDS, **sides)
    samples["floor"] = min((samples.pop(union) for union in SEEN), key=median)
    return line(name, samples, goal)


def write(way, union):
    """The statement of one way, by one UNION."""
    rest = f"{'AND' if union == 'ids' else 'WHERE'} {ALIVE}"
    return STATEMENTS[way].format(SEEN[union] + rest)


def look(registry, uid, way):
    """The sample of one look, by somebody who is known already, as in a request."""
    with environment(registry, uid) as env:
        leads = greet(env)
        return timed(env.cr, lambda: way(leads))


def ask(registry, uid, statement, _number):
    """The sample of a bare statement."""
    with environment(registry, uid) as env:
        return timed(env.cr, lambda: fetch(env, statement))


def greet(env):
    """Read what each request reads of its user; return no opportunity."""
    env.user.fetch(["name", "tz", "company_id", "company_ids", "share", "active"])
    assert env.companies and env.user.has_group("base.group_user")
    return env["crm.lead"]


def fetch(env, statement, access="read"):
    """The rows of a statement on what one may read, or edit."""
    allowed = ["edit"] if access == "write" else ["read", "edit"]
    env.cr.execute(statement, {"user": env.uid, "access": allowed})
    return env.cr.fetchall()


def require_same(registry, uid, way, union):
    """Faster must not mean wrong: both see the same."""
    with environment(registry, uid) as env:
        found, rows = WAYS[way](env["crm.lead"]), fetch(env, write(way, union))
        match way:
            case "list":
                found, rows = found.ids, [row[0] for row in rows]
            case "count":
                found = [(found,)]
            case _:
                found = sorted(row[-2:] for row in found)
                rows = sorted(row[-2:] for row in rows)
    if found != rows:
        raise AssertionError(f"{way} of user {uid}: {found[:5]}, {rows[:5]}")


def check_access(core, shared, uid, operation):
    """The line of the check whether one may read or write one opportunity.

    Ours is one that was shared, the peer one of their own without the addon.
    """
    with environment(shared, uid) as env:
        foreign = [row[0] for row in fetch(env, SHARED, operation)]
    with environment(core, uid) as env:
        own = [row[0] for row in fetch(env, OWN)]
    sides = {
        "ours": lambda _number: check_one(shared, uid, foreign, operation),
        "peer": lambda _number: check_one(core, uid, own, operation),
    }
    samples = interleave(ROUNDS_OF_ACCESS, **sides)
    return line(f"share_check_{operation}", samples, ACCESS_GOAL)


def check_one(registry, uid, lead_ids, operation):
    """The sample of one check, of any of these that nothing is known of."""
    with environment(registry, uid) as env:
        lead = greet(env).browse(random.choice(lead_ids))
        return timed(env.cr, lambda: lead.check_access(operation))

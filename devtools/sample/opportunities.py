"""Opportunities with the dates of their past.

Odoo stamps what it writes with the present. So the opportunities are created and
closed through the ORM, which lets the addon write their history, and afterwards
opportunities and history are moved to the days of the file.
"""

import json

from .sql import DATE_CLOSINGS, DATE_CREATIONS, DATE_OPPORTUNITIES

BATCH = 1000
HOUR = "12:00:00"
# The file's first two stages, in the place of Odoo's.
STAGES = {"Prospecting": "crm.stage_lead1", "Engaging": "crm.stage_lead2"}
WON = "crm.stage_lead4"


def load_opportunities(env, opportunities, users, teams, partners):
    """Create all opportunities, close those that are closed, date them back."""
    rename_stages(env)
    leads = env["crm.lead"]
    for part in batches(opportunities):
        values = [prepare(env, row, users, teams, partners) for row in part]
        leads += env["crm.lead"].create(values)
        print(f"  {len(leads)} of {len(opportunities)} opportunities", flush=True)
    close(env, leads, opportunities)
    date_back(env, leads, opportunities)


def batches(rows):
    """The rows in parts that the ORM digests well."""
    return [rows[start : start + BATCH] for start in range(0, len(rows), BATCH)]


def rename_stages(env):
    """Let the pipeline begin with the two stages of the file."""
    for name, xml_id in STAGES.items():
        env.ref(xml_id).name = name


def prepare(env, row, users, teams, partners):
    """The values of an opportunity that is still open."""
    return {
        "name": row.title,
        "type": "opportunity",
        "referred": row.reference,
        "partner_id": partners[row.account].id if row.account else False,
        "user_id": users[row.agent].id,
        "team_id": teams[row.agent].id,
        "stage_id": env.ref(STAGES.get(row.stage, STAGES["Engaging"])).id,
        "expected_revenue": row.expected,
        "actual_revenue": row.stage == "Won" and row.value,
        "actual_close_date": row.closed,
    }


def close(env, leads, opportunities):
    """Win and lose what was won and lost, as Odoo does."""
    for part in batches(list(zip(leads, opportunities, strict=True))):
        chosen(env, part, "Won").write({"stage_id": env.ref(WON).id})
        chosen(env, part, "Lost").action_set_lost()
        env.flush_all()


def chosen(env, pairs, stage):
    """The leads whose row says that stage."""
    return env["crm.lead"].union(*(lead for lead, row in pairs if row.stage == stage))


def date_back(env, leads, opportunities):
    """Give opportunities and history the dates of the file; Odoo counts the days."""
    env.flush_all()
    rows = json.dumps([dated(*pair) for pair in zip(leads, opportunities, strict=True)])
    for statement in (DATE_OPPORTUNITIES, DATE_CREATIONS, DATE_CLOSINGS):
        env.cr.execute(statement, {"rows": rows})
    env.invalidate_all(flush=False)
    for name in ("day_open", "day_close"):
        env.add_to_compute(leads._fields[name], leads)
    env.flush_all()


def dated(lead, row):
    """One opportunity's two moments, for SQL."""
    return {
        "id": lead.id,
        "engaged": f"{row.engaged} {HOUR}",
        "closed": row.closed and f"{row.closed} {HOUR}",
    }

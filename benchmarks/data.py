"""The data of the benchmarks, made once for each database."""

from pathlib import Path

from odoo.fields import Command

LEADS = 100_000
SALESPEOPLE = 50
PARTNERS = 2_000
TEAMS = 5
TAGS = 5
FOLDERS = 20
LOGIN = "salesperson{}"
QUIET = {"tracking_disable": True, "no_reset_password": True}

FILE_IN_FOLDERS = """
    UPDATE crm_lead SET folder_id = (%(folders)s::int[])[1 + mod(id / 2, 20)]
     WHERE mod(id, 2) = 0
"""
ADD_PARTIES = """
    INSERT INTO opportunity_party (lead_id, partner_id, role_id, sequence)
    SELECT lead.id, (%(partners)s::int[])[1 + mod(lead.id + number, 2000)],
           (%(roles)s::int[])[number], 10
      FROM crm_lead AS lead
     CROSS JOIN generate_series(1, 2) AS number
     WHERE mod(lead.id, 10) < 3
"""


def fill(env):
    """Fill a database without the addon: people, and the past by SQL."""
    env = env(context={**env.context, **QUIET})
    users = create_salespeople(env)
    parameters = {
        "leads": LEADS,
        "users": users.ids,
        "teams": create_teams(env, users).ids,
        "partners": create_partners(env).ids,
        "tags": env["crm.tag"].create([{"name": f"Tag {n}"} for n in range(TAGS)]).ids,
        "stages": env["crm.stage"].search([]).ids,
        "subtype": env.ref("crm.mt_lead_stage").id,
        "stage_field": field_id(env, "stage_id"),
        "outcome_field": field_id(env, "won_status"),
        "lead_model": env["ir.model"]._get_id("crm.lead"),
        "activity_type": env.ref("mail.mail_activity_data_call").id,
    }
    env.flush_all()
    past = Path(__file__).with_name("past.sql").read_text()
    env.cr.execute(past, parameters)
    env.cr.commit()


def fill_addon(env):
    """Fill what only the addon has: folders for half of the leads, some parties."""
    folders = create_folders(env)
    partners = env["res.partner"].search([("name", "=like", "Customer %")])
    parameters = {
        "folders": folders.ids,
        "partners": partners.ids,
        "roles": env["opportunity.party.role"].search([]).ids,
    }
    env.flush_all()
    for statement in (FILE_IN_FOLDERS, ADD_PARTIES):
        env.cr.execute(statement, parameters)
    env.cr.commit()


def create_salespeople(env):
    """Salespeople with ordinary rights; nobody needs a password."""
    groups = env.ref("base.group_user") + env.ref("sales_team.group_sale_salesman")
    values = [
        {
            "name": f"Salesperson {number}",
            "login": LOGIN.format(number),
            "email": f"{LOGIN.format(number)}@example.com",
            "group_ids": [Command.set(groups.ids)],
        }
        for number in range(SALESPEOPLE)
    ]
    return env["res.users"].create(values)


def create_teams(env, users):
    """Teams, each with every fifth salesperson."""
    values = [
        {"name": f"Team {n}", "member_ids": [Command.set(users[n::TEAMS].ids)]}
        for n in range(TEAMS)
    ]
    return env["crm.team"].create(values)


def create_partners(env):
    """Companies that buy."""
    countries = env["res.country"].search([], limit=20, order="id")
    values = [
        {
            "name": f"Customer {number}",
            "is_company": True,
            "email": f"customer{number}@example.com",
            "country_id": countries[number % 20].id,
        }
        for number in range(PARTNERS)
    ]
    return env["res.partner"].create(values)


def create_folders(env):
    """Folders in a tree: five at the top, three in each."""
    model = env["opportunity.folder"]
    top = model.create([{"name": f"Folder {n}"} for n in range(5)])
    values = [
        {"name": f"Folder {n}", "parent_id": top[n % 5].id} for n in range(5, FOLDERS)
    ]
    return top + model.create(values)


def field_id(env, name):
    """The id of a field of the leads."""
    return env["ir.model.fields"]._get("crm.lead", name).id

"""Choose who takes the pictures and of which records; fed to `odoo shell`.

Reads the table's records and drafts as JSON in SCREEN_RECORDS and SCREEN_CUSTOM_TABS;
prints one line of JSON.
"""

import json
import os

from odoo.tools.safe_eval import safe_eval

GROUP = "sales_team.group_sale_salesman"
MANAGERS = "sales_team.group_sale_manager"
NEW_LOGIN = "salesperson"
MANAGER_LOGIN = "salesmanager"


def find_salesperson(env):
    """The demo user, else whoever owns most and signs in with the login, else new."""
    users = env["res.users"]
    if demo := users.search([("login", "=", "demo")]):
        return demo
    ordinary = (
        env.ref(GROUP).all_user_ids
        - env.ref("sales_team.group_sale_manager").all_user_ids
    )
    owners = env["crm.lead"]._read_group(
        [("user_id", "in", ordinary.ids)], ["user_id"], order="__count desc"
    )
    for (user,) in owners:
        if has_password(user, user.login):
            return user
    return find_or_create(env, NEW_LOGIN, "Sam Salesperson", GROUP)


def find_or_create(env, login, name, group):
    """The user with that login; a new one has the rights of one group."""
    users = env["res.users"].with_context(no_reset_password=True)
    rights = env.ref("base.group_user") + env.ref(group)
    return users.search([("login", "=", login)]) or users.create(
        {
            "name": name,
            "login": login,
            "password": login,
            "group_ids": [(6, 0, rights.ids)],
        }
    )


def has_password(user, password):
    """Whether the user signs in with that password."""
    user.env.cr.execute("SELECT password FROM res_users WHERE id = %s", [user.id])
    [hashed] = user.env.cr.fetchone()
    return bool(hashed) and user._crypt_context().verify(password, hashed)


def find_record(env, user, model, domain, fields):
    """The id of the record that has most to show, or None."""
    records = env[model].with_user(user).with_context(active_test=False)
    found = records.search(safe_eval(domain, {"uid": user.id}), limit=200)
    found = found.filtered("active") or found if "active" in found._fields else found
    return max(found, key=lambda record: fullness(record, fields), default=found).id


def fullness(record, fields):
    """How much of a record is filled in, one figure for each field."""
    return sum(min(len(record[name] or ()), 3) for name in fields)


def draft_tabs(env, tabs):
    """Draft custom tabs of opportunities; nothing is applied."""
    for name, headers in tabs:
        tab = env["opportunity.custom.tab"].create({"name": name})
        for header, fields in headers:
            group = env["opportunity.custom.group"].create(
                {"name": header, "tab_id": tab.id}
            )
            for label, kind, options, values in fields:
                env["opportunity.custom.field"].create(
                    {
                        "group_id": group.id,
                        "label": label,
                        "field_type": kind,
                        "option_ids": [
                            (0, 0, {"name": option, "color": color})
                            for color, option in enumerate(options)
                        ],
                        **values,
                    }
                )


def prepare(env):
    """Everything that the pictures need to know."""
    salesperson = find_salesperson(env)
    admin = env.ref("base.user_admin")
    manager = find_or_create(env, MANAGER_LOGIN, "Mia Manager", MANAGERS)
    (salesperson + manager + admin).tour_enabled = False
    if not env["opportunity.custom.tab"].search_count([]):
        draft_tabs(env(user=manager.id), json.loads(os.environ["SCREEN_CUSTOM_TABS"]))
    table = json.loads(os.environ["SCREEN_RECORDS"])
    found = {
        name: find_record(env, salesperson, *wanted) for name, wanted in table.items()
    }
    return {
        "users": {
            "salesperson": salesperson.login,
            "manager": manager.login,
            "admin": admin.login,
        },
        "records": {name: record for name, record in found.items() if record},
    }


print(json.dumps(prepare(env)))  # noqa: F821
env.cr.commit()  # noqa: F821

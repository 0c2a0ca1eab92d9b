"""Salespeople, their managers and the teams that these lead."""

import re

from odoo.fields import Command

SALESPERSON = "sales_team.group_sale_salesman"
MANAGER = "sales_team.group_sale_manager"


def load_people(env, agents):
    """Create users and teams; return both by the names of agents and teams."""
    managers = sorted({agent.manager for agent in agents})
    users = {
        **create_users(env, [agent.name for agent in agents], SALESPERSON),
        **create_users(env, managers, MANAGER),
    }
    return users, create_teams(env, agents, users)


def create_users(env, names, group):
    """Create internal users of a group; return them by name."""
    groups = env.ref("base.group_user") + env.ref(group)
    values = [prepare_user(name, groups) for name in names]
    return dict(zip(names, env["res.users"].create(values), strict=True))


def prepare_user(name, groups):
    """The values of a user whose password is the login."""
    login = re.sub(r"[^a-z]+", ".", name.casefold())
    return {
        "name": name,
        "login": login,
        "password": login,
        "email": f"{login}@example.com",
        "group_ids": [Command.set(groups.ids)],
        "notification_type": "inbox",
    }


def create_teams(env, agents, users):
    """Create the managers' teams; return them by the name of each agent."""
    by_agent = {}
    for name in sorted({agent.team for agent in agents}):
        members = [agent for agent in agents if agent.team == name]
        values = {
            "name": name,
            "user_id": users[members[0].manager].id,
            "member_ids": [Command.set([users[agent.name].id for agent in members])],
        }
        team = env["crm.team"].create(values)
        by_agent.update({agent.name: team for agent in members})
    return by_agent

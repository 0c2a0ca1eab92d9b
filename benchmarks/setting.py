"""The two databases and the salesperson as whom everything is measured."""

import dataclasses

from odoo.modules.registry import Registry

from .data import LOGIN
from .measure import environment

SUPERUSER = 1


@dataclasses.dataclass(frozen=True)
class Setting:
    """Where the benchmarks run: `ours` with the addon, `core` without.

    `custom` is what the names of the databases with custom fields begin with,
    `sharing` what those with and without shares do, `million` is the name of the one
    with a million opportunities.
    """

    ours: Registry
    core: Registry
    uid: int
    stages: tuple
    own_leads: tuple
    open_leads: tuple
    custom: str = ""
    sharing: str = ""
    million: str = ""

    def sides(self):
        """Both registries by the side of the measurement."""
        return {"ours": self.ours, "peer": self.core}


def make_setting(ours, core, custom="", sharing="", million=""):
    """Look up who measures what; both databases have the same ids."""
    registry = Registry(ours)
    with environment(registry, SUPERUSER) as env:
        user = env["res.users"].search([("login", "=", LOGIN.format(0))])
        leads = env["crm.lead"].search([("user_id", "=", user.id)], order="id")
        stages = env["crm.stage"].search([])
        still_open = leads.filtered(lambda lead: lead.won_status == "pending")
        moving = still_open.filtered(lambda lead: lead.stage_id == stages[2])
        return Setting(
            ours=registry,
            core=Registry(core),
            uid=user.id,
            stages=tuple(stages.ids),
            own_leads=tuple(leads.ids),
            open_leads=tuple(moving.ids),
            custom=custom,
            sharing=sharing,
            million=million,
        )

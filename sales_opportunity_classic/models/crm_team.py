from odoo import models

from .opportunity_settings_mixin import AUTOMATIC


class CrmTeam(models.Model):
    """A sales team whose automatic assignment is no act of a person, and with which
    opportunities are shared."""

    _inherit = "crm.team"

    def _action_assign_leads(self, force_quota=False, creation_delta_days=7):
        teams = self.with_context(opportunity_actor=AUTOMATIC)
        return super(CrmTeam, teams)._action_assign_leads(
            force_quota=force_quota, creation_delta_days=creation_delta_days
        )

    def unlink(self):
        result = super().unlink()
        # Its shares and members went with it.
        self.env["opportunity.share"]._forget_shared()
        return result

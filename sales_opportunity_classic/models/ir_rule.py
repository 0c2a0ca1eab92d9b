from odoo import api, models
from odoo.fields import Domain
from odoo.tools import ormcache

from .opportunity_share_access_mixin import is_about_shares


class IrRule(models.Model):
    """Asks nothing of shares where nothing is shared with the user, so that searches
    are those of Odoo."""

    _inherit = "ir.rule"

    @api.model
    def _compute_domain(self, model_name, mode="read"):
        shares = self.env["opportunity.share"]
        if model_name != "crm.lead" or shares._get_shared_ids() != []:
            return super()._compute_domain(model_name, mode)
        return self._compute_unshared_domain(mode)

    @api.model
    @ormcache(
        "self.env.uid",
        "self.env.su",
        "mode",
        "tuple(self._compute_domain_context_values())",
    )
    def _compute_unshared_domain(self, mode):
        """Return what the rules of opportunities say where nothing is shared."""
        rule = super()._compute_domain("crm.lead", mode)
        return rule.map_conditions(
            lambda condition: Domain.FALSE if is_about_shares(condition) else condition
        ).optimize(self.env["crm.lead"])

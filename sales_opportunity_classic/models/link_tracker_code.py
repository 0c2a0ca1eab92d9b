import secrets

from odoo import api, models


class LinkTrackerCode(models.Model):
    """Codes of links in emails of opportunities cannot be guessed, as Odoo's can."""

    _inherit = "link.tracker.code"

    @api.model
    def _get_random_code_strings(self, n=1):
        if self.env.context.get("opportunity_links"):
            return [secrets.token_urlsafe(16) for __ in range(n)]
        return super()._get_random_code_strings(n)

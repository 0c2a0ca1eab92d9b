from odoo import api, models

from .opportunity_share_guard_mixin import READ_ACTIVITIES


class MailActivity(models.Model):
    """Whoever may read an opportunity finds its activities, as Odoo lets them read
    each one; Odoo alone lists those of records that the user may change."""

    _inherit = "mail.activity"

    @api.model
    def _search(self, *args, **kwargs):
        reader = self.with_context(opportunity_access=READ_ACTIVITIES)
        return super(MailActivity, reader)._search(*args, **kwargs)

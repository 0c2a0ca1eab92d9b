from odoo import api, models

from .opportunity_share_guard_mixin import READ_ACTIVITIES


class MailActivity(models.Model):
    """Whoever may read an opportunity finds its activities, as Odoo lets them read
    each one; Odoo alone lists those of records that the user may change. Activities
    come to an opportunity by whoever may change it."""

    _name = "mail.activity"
    _inherit = ["opportunity.timeline.activity.mixin", "mail.activity"]

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"res_id", "res_model", "res_model_id"}:
            # For Odoo it is enough that the activity is the user's own.
            moved = self.filtered(lambda activity: activity.res_model == "crm.lead")
            moved.check_access("create")
        return result

    @api.model
    def _search(self, *args, **kwargs):
        reader = self.with_context(opportunity_access=READ_ACTIVITIES)
        return super(MailActivity, reader)._search(*args, **kwargs)

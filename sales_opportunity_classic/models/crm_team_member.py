from odoo import api, models


class CrmTeamMember(models.Model):
    """Joining and leaving a sales team changes what is shared with its members."""

    _inherit = "crm.team.member"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        members = super().create(vals_list)
        self.env["opportunity.share"]._forget_shared()
        return members

    def write(self, vals):
        result = super().write(vals)
        self.env["opportunity.share"]._forget_shared()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["opportunity.share"]._forget_shared()
        return result

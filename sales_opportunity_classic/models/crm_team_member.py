from odoo import api, models


class CrmTeamMember(models.Model):
    """Members of a sales team see what is shared with it from when they join until
    they leave."""

    _inherit = "crm.team.member"

    @api.model_create_multi
    def create(self, vals_list):
        members = super().create(vals_list)
        self.env["res.users"]._forget_opportunity_shares()
        return members

    def write(self, vals):
        result = super().write(vals)
        self.env["res.users"]._forget_opportunity_shares()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["res.users"]._forget_opportunity_shares()
        return result

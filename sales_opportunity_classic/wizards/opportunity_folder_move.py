from odoo import fields, models


class OpportunityFolderMove(models.TransientModel):
    """Files several opportunities in one folder, or in none."""

    _name = "opportunity.folder.move"
    _description = "Move Opportunities to a Folder"

    lead_ids = fields.Many2many(
        "crm.lead", string="Opportunities", context={"active_test": False}
    )
    folder_id = fields.Many2one("opportunity.folder")

    def action_move(self):
        self.ensure_one()
        self.lead_ids.folder_id = self.folder_id
        return {"type": "ir.actions.client", "tag": "soft_reload"}

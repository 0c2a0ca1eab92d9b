from odoo import api, fields, models


class OpportunityChecklistTick(models.Model):
    """A checklist item done on one opportunity: by whom and when.

    Made by ticking, deleted by unticking, never changed. The server says who and
    when. It follows the opportunity's access rights.
    """

    _name = "opportunity.checklist.tick"
    _description = "Ticked Checklist Item"
    _inherit = ["opportunity.access.mixin"]
    _order = "date desc, id desc"
    _rec_name = "item_id"

    lead_id = fields.Many2one(
        "crm.lead", "Opportunity", required=True, index=True, ondelete="cascade"
    )
    item_id = fields.Many2one(
        "opportunity.checklist.item",
        "Checklist Item",
        required=True,
        index=True,
        ondelete="restrict",
    )
    stage_id = fields.Many2one(related="item_id.stage_id")
    user_id = fields.Many2one(
        "res.users",
        "Done by",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.user,
    )
    date = fields.Datetime(
        "Done on", required=True, readonly=True, default=fields.Datetime.now
    )

    _lead_item_uniq = models.Constraint(
        "UNIQUE (lead_id, item_id)", "This checklist item is already ticked."
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [
                {
                    "lead_id": vals.get("lead_id"),
                    "item_id": vals.get("item_id"),
                    "user_id": self.env.uid,
                    "date": fields.Datetime.now(),
                }
                for vals in vals_list
            ]
        return super().create(vals_list)

from odoo import api, fields, models
from odoo.exceptions import AccessError


class OpportunityChecklistTick(models.Model):
    """A checklist item done on one opportunity: by whom and when.

    Made by ticking, deleted by unticking, never changed, by the superuser neither.
    The server says who and when. It follows the opportunity's access rights.
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

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(
            [
                {
                    "lead_id": vals.get("lead_id"),
                    "item_id": vals.get("item_id"),
                    "user_id": self.env.uid,
                    "date": fields.Datetime.now(),
                }
                for vals in vals_list
            ]
        )

    def write(self, vals):
        if self:
            raise AccessError(
                self.env._("A tick does not change. Untick the item and tick it again.")
            )
        return super().write(vals)

    @api.model
    def _search(self, *args, **kwargs):
        """Nothing was ticked where there are no checklists: nothing is searched."""
        self.browse().check_access("read")
        if not self.env["opportunity.checklist.item"]._is_used():
            return self.browse()._as_query()
        return super()._search(*args, **kwargs)

    # === BUSINESS METHODS === #

    @api.model
    def _copy_ticks(self, source, target):
        """Tick for ``target`` what is ticked for ``source`` only: by whom and when
        it was done there."""
        missing = source.checklist_tick_ids.filtered(
            lambda tick: tick.item_id not in target.checklist_tick_ids.item_id
        )
        return super().create(
            [
                {
                    "lead_id": target.id,
                    "item_id": item.id,
                    "user_id": ticks[0].user_id.id,
                    "date": ticks[0].date,
                }
                for item, ticks in missing.grouped("item_id").items()
            ]
        )

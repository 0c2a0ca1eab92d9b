from odoo import api, fields, models, tools
from odoo.exceptions import UserError


class OpportunityChecklistItem(models.Model):
    """Something to do while an opportunity is in a stage; ticked per opportunity.

    A required item that is not ticked keeps the opportunity from moving forward.
    Once ticked anywhere an item is archived, not deleted, so that who did what
    stays readable.
    """

    _name = "opportunity.checklist.item"
    _description = "Stage Checklist Item"
    _order = "stage_id, sequence, id"

    stage_id = fields.Many2one(
        "crm.stage", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(required=True, translate=True)
    required = fields.Boolean(
        help="An opportunity cannot move forward before this item is ticked."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    tick_ids = fields.One2many("opportunity.checklist.tick", "item_id", string="Ticks")

    # === COMPUTE METHODS === #

    @api.depends("name", "required")
    def _compute_display_name(self):
        for item in self:
            item.display_name = f"{item.name} *" if item.required else item.name

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        if items:
            self.env.registry.clear_cache()
        return items

    def write(self, vals):
        result = super().write(vals)
        if self:
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        if self:
            self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ticked(self):
        # sudo: ticks on opportunities that the user may not see count as well
        if ticked := self.sudo().filtered("tick_ids"):
            raise UserError(
                self.env._(
                    "%(items)s: already ticked on opportunities. Archive instead of "
                    "deleting, so that the ticks stay readable.",
                    items=", ".join(ticked.mapped("name")),
                )
            )

    # === BUSINESS METHODS === #

    def _get_name_beside(self, stage):
        """Return the name, with the item's stage unless that is ``stage``."""
        if self.stage_id == stage:
            return self.name
        return self.env._(
            "%(item)s (%(stage)s)", item=self.name, stage=self.stage_id.name
        )

    @api.model
    @tools.ormcache()
    def _is_used(self):
        """Tell whether there are items at all, archived ones included, cached."""
        # sudo: the answer is the same for everybody
        items = self.sudo().with_context(active_test=False)
        return bool(items.search_count([], limit=1))

    @api.model
    @tools.ormcache()
    def _get_ids_by_stage(self):
        """Return {stage id: (ids of its active items, ids of the required ones)},
        cached, so that opportunities cost nothing where no checklist is used."""
        # sudo: the rule holds for everybody, whatever they may read
        items = self.sudo().search([("active", "=", True)])
        return {
            stage.id: (tuple(items.ids), tuple(items.filtered("required").ids))
            for stage, items in items.grouped("stage_id").items()
        }

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class OpportunityFileCategory(models.Model):
    """What a file is: a contract, an estimate; categories may have sub-categories.

    A category in use is not deleted but archived.
    """

    _name = "opportunity.file.category"
    _description = "File Category"
    _inherit = ["opportunity.text.mixin"]
    _rec_name = "complete_name"
    _order = "sequence, complete_name, id"

    name = fields.Char(required=True, translate=True)
    complete_name = fields.Char(
        "Full Path", compute="_compute_complete_name", recursive=True, store=True
    )
    parent_id = fields.Many2one(
        "opportunity.file.category",
        string="Parent Category",
        ondelete="restrict",
        index="btree_not_null",
    )
    child_ids = fields.One2many(
        "opportunity.file.category", "parent_id", string="Sub-Categories"
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    @api.depends("name", "parent_id.complete_name")
    def _compute_complete_name(self):
        for category in self:
            names = (category.parent_id.complete_name, category.name)
            category.complete_name = " / ".join(filter(None, names))

    @api.constrains("parent_id")
    def _check_no_cycle(self):
        if self._has_cycle():
            raise ValidationError(
                self.env._(
                    "A category cannot be moved into itself or its sub-categories."
                )
            )

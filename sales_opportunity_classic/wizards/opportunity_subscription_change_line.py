from odoo import api, fields, models

NUMBERS = ("quantity", "price_unit")


class OpportunitySubscriptionChangeLine(models.TransientModel):
    """The new quantity and price of a product, while the dialog is open."""

    _name = "opportunity.subscription.change.line"
    _description = "Change of a Product"
    _inherit = ["opportunity.number.mixin"]

    change_id = fields.Many2one(
        "opportunity.subscription.change", required=True, ondelete="cascade"
    )
    line_id = fields.Many2one(
        "opportunity.subscription.line", "Product", required=True, ondelete="cascade"
    )
    quantity = fields.Float(digits="Product Unit", required=True)
    price_unit = fields.Float("Unit Price", min_display_digits="Product Price")

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_numbers(vals, NUMBERS)
        return super().create(vals_list)

    def write(self, vals):
        self._check_numbers(vals, NUMBERS)
        return super().write(vals)

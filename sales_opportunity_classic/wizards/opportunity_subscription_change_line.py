from odoo import fields, models


class OpportunitySubscriptionChangeLine(models.TransientModel):
    """The new quantity and price of a product, while the dialog is open."""

    _name = "opportunity.subscription.change.line"
    _description = "Change of a Product"

    change_id = fields.Many2one(
        "opportunity.subscription.change", required=True, ondelete="cascade"
    )
    line_id = fields.Many2one(
        "opportunity.subscription.line", "Product", required=True, ondelete="cascade"
    )
    quantity = fields.Float(digits="Product Unit", required=True)
    price_unit = fields.Float("Unit Price", min_display_digits="Product Price")

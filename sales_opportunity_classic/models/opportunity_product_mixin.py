from odoo import api, fields, models

from ..tools.validity import AMOUNT_DIGITS, is_amount


class OpportunityProductMixin(models.AbstractModel):
    """A product, how many of it and in which unit, at figures that can be meant.

    Whoever inherits has a ``price_unit`` and a ``discount``, and says in ``_refuse``
    where the product stands.
    """

    _name = "opportunity.product.mixin"
    _description = "Product and Quantity"

    product_id = fields.Many2one(
        "product.product",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain=[("sale_ok", "=", True), ("type", "!=", "combo")],
    )
    quantity = fields.Float(default=1.0, required=True, digits="Product Unit")
    allowed_uom_ids = fields.Many2many("uom.uom", compute="_compute_allowed_uom_ids")
    product_uom_id = fields.Many2one(
        "uom.uom",
        "Unit",
        compute="_compute_product_uom_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        domain="[('id', 'in', allowed_uom_ids)]",
    )

    # === COMPUTE METHODS === #

    @api.depends("product_id")
    def _compute_allowed_uom_ids(self):
        for line in self:
            line.allowed_uom_ids = line.product_id.uom_id | line.product_id.uom_ids

    @api.depends("product_id")
    def _compute_product_uom_id(self):
        for line in self:
            line.product_uom_id = line.product_id.uom_id

    # === CONSTRAINT METHODS === #

    @api.constrains("quantity", "price_unit", "discount")
    def _check_plausible_price(self):
        for line in self:
            if line.quantity <= 0:
                line._refuse(self.env._("the quantity must be above zero"))
            if line.price_unit < 0:
                line._refuse(self.env._("the price cannot be negative"))
            if not 0 <= line.discount <= 100:
                line._refuse(self.env._("the discount lies between 0 and 100 %"))
            if not is_amount(line.quantity * line.price_unit):
                line._refuse(
                    self.env._(
                        "the subtotal has more than %(digits)s digits",
                        digits=AMOUNT_DIGITS,
                    )
                )

    @api.constrains("product_uom_id", "product_id")
    def _check_unit(self):
        for line in self:
            unit = line.product_uom_id
            if unit and not unit._has_common_reference(line.product_id.uom_id):
                line._refuse(
                    self.env._("it is not sold by the unit “%(unit)s”", unit=unit.name)
                )

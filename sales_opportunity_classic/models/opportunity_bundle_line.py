from odoo import api, fields, models
from odoo.exceptions import ValidationError

NUMBERS = ("quantity", "price_unit", "discount")
# What opportunities take over: a change of it is a new revision of the bundle.
TERMS = (
    "bundle_id",
    "product_id",
    "name",
    "quantity",
    "product_uom_id",
    "is_special_price",
    "price_unit",
    "discount",
    "plan_id",
    "is_optional",
)


class OpportunityBundleLine(models.Model):
    """A product of a bundle, at the list price or at a special one.

    Opportunities take copies: what is changed here reaches them when a salesperson
    updates the bundle there.
    """

    _name = "opportunity.bundle.line"
    _description = "Product of a Bundle"
    _inherit = ["opportunity.product.mixin", "opportunity.number.mixin"]
    _order = "sequence, id"
    _rec_name = "product_id"
    _check_company_auto = True

    bundle_id = fields.Many2one(
        "opportunity.bundle", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(related="bundle_id.company_id", store=True)
    currency_id = fields.Many2one(related="bundle_id.currency_id")
    name = fields.Text(
        "Description", help="Leave empty for the description of the product."
    )
    is_special_price = fields.Boolean(
        "Special Price",
        help="Ask the price given here. Otherwise the customer's pricelist is asked.",
    )
    price_unit = fields.Float(
        "Price",
        min_display_digits="Product Price",
        help="Special price per unit; 0 is free of charge.",
    )
    discount = fields.Float("Discount (%)", digits="Discount")
    plan_id = fields.Many2one(
        "opportunity.subscription.plan",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Billed again and again by this plan, at this price each time.",
    )
    is_optional = fields.Boolean(
        "Optional", help="Proposed besides: the customer may take it or not."
    )

    # === CONSTRAINT METHODS === #

    def _refuse(self, reason):
        raise ValidationError(
            self.env._(
                "“%(product)s” of the bundle “%(bundle)s”: %(reason)s.",
                product=self.product_id.display_name,
                bundle=self.bundle_id.name,
                reason=reason,
            )
        )

    # === ONCHANGE METHODS === #

    @api.onchange("is_special_price", "product_id")
    def _onchange_is_special_price(self):
        """Start from the list price, which is easier to lower than zero."""
        if self.is_special_price and not self.price_unit:
            self.price_unit = self.product_id.lst_price

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create([self._prepare_values(vals) for vals in vals_list])
        lines.bundle_id._raise_revision()
        return lines

    def write(self, vals):
        terms = {line: line._get_terms() for line in self}
        bundles = {line: line.bundle_id for line in self}
        result = super().write(self._prepare_values(vals))
        changed = self.filtered(lambda line: line._get_terms() != terms[line])
        moved_from = changed.bundle_id.union(*(bundles[line] for line in changed))
        moved_from._raise_revision()
        return result

    def unlink(self):
        bundles = self.bundle_id
        result = super().unlink()
        bundles._raise_revision()
        return result

    @api.model
    def _prepare_values(self, vals):
        """Refuse what is no number; who gives a price and no more means it."""
        self._check_numbers(vals, NUMBERS)
        if vals.get("price_unit") is None or vals["price_unit"] is False:
            return vals
        return {"is_special_price": True, **vals}

    def _get_terms(self):
        return tuple(self[name] for name in TERMS)

    # === BUSINESS METHODS === #

    def _check_offered_by(self, company):
        """Refuse products and plans that are archived or of another company."""
        # sudo: what the user may not see is in the way as well, and is to be named
        for line in self.sudo():
            for record in filter(None, (line.product_id, line.plan_id)):
                name = record.display_name
                if not record.active:
                    line.bundle_id._refuse(self.env._("“%s” is archived", name))
                if not record.filtered_domain(record._check_company_domain(company)):
                    line.bundle_id._refuse(
                        self.env._("“%s” belongs to another company", name)
                    )

    def _prepare_opportunity_line(self, lead):
        """Return the values of the line that offers this to an opportunity; special
        prices are converted to the currency of its offer, at today's rate."""
        self.ensure_one()
        values = {
            "lead_id": lead.id,
            "bundle_id": self.bundle_id.id,
            "bundle_revision": self.bundle_id.revision,
            "product_id": self.product_id.id,
            "product_uom_id": self.product_uom_id.id,
            "quantity": self.quantity,
            "discount": self.discount,
            "plan_id": self.plan_id.id,
            "is_optional": self.is_optional,
        }
        if self.name:
            values["name"] = self.name
        if self.is_special_price:
            values["price_unit"] = self._convert_price(lead)
        return values

    def _convert_price(self, lead):
        return self.currency_id._convert(
            self.price_unit,
            lead.offer_currency_id or self.currency_id,
            lead._get_offer_company(),
            round=False,
        )

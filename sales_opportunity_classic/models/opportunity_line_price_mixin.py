from odoo import api, fields, models
from odoo.tools import float_compare

# Digits that count when prices are compared
TERMS_DIGITS = 6


class OpportunityLinePriceMixin(models.AbstractModel):
    """The price of a product: what the opportunity's pricelist asks, until somebody
    writes another one. Prices are per unit, in the currency of the line."""

    _name = "opportunity.line.price.mixin"
    _description = "Price of a Product"

    list_price = fields.Float(
        compute="_compute_list_price",
        store=True,
        precompute=True,
        min_display_digits="Product Price",
        help="What the pricelist asks this customer for, per unit.",
    )
    is_special_price = fields.Boolean(readonly=True, copy=False)
    price_unit = fields.Float(
        "Price",
        compute="_compute_price_unit",
        inverse="_inverse_price_unit",
        store=True,
        readonly=False,
        precompute=True,
        min_display_digits="Product Price",
        help="What this customer is asked for, per unit. Change it to give a special "
        "price.",
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "product_id",
        "product_uom_id",
        "quantity",
        "currency_id",
        "company_id",
        "lead_id.pricelist_id",
    )
    def _compute_list_price(self):
        for (pricelist, company), lines in self.grouped(
            lambda line: (line.lead_id._get_offer_pricelist(), line.company_id)
        ).items():
            lines.with_company(company)._set_list_price(pricelist)

    @api.depends("list_price", "is_special_price")
    def _compute_price_unit(self):
        for line in self:
            if not line.is_special_price:
                line.price_unit = line.list_price

    def _inverse_price_unit(self):
        for line in self:
            line.is_special_price = line._is_off_list()

    # === ONCHANGE METHODS === #

    @api.onchange("price_unit")
    def _onchange_price_unit(self):
        self.is_special_price = self._is_off_list()

    # === BUSINESS METHODS === #

    def _set_list_price(self, pricelist):
        """Take the list prices from ``pricelist``; its rules are read once."""
        now = fields.Datetime.now()
        rules = pricelist._get_applicable_rules(self.product_id, now)
        for line in self:
            rule = line._get_pricelist_rule(rules)
            line.list_price = line._get_price_by(rule, now) if line.product_id else 0.0

    def _get_pricelist_rule(self, rules):
        product, uom = self.product_id, self.product_uom_id
        quantity = self.quantity
        if uom and uom != product.uom_id:
            quantity = uom._compute_quantity(
                quantity, product.uom_id, raise_if_failure=False
            )
        applicable = (r for r in rules if r._is_applicable_for(product, quantity))
        return next(applicable, rules.browse()) if product else rules.browse()

    def _get_price_by(self, rule, date):
        """Return the unit price by a pricelist rule, as on a quotation."""
        product = self.product_id
        price = rule._compute_price(
            product,
            self.quantity or 1.0,
            self.product_uom_id or product.uom_id,
            date,
            currency=self.currency_id or self.company_id.currency_id,
        )
        return product._get_tax_included_unit_price_from_price(
            price,
            product_taxes=product.taxes_id._filter_taxes_by_company(self.company_id),
            fiscal_position=self.lead_id._get_offer_fiscal_position(),
        )

    def _is_off_list(self):
        # Finer than what is shown: small units of a currency count as well.
        return bool(
            float_compare(
                self.price_unit, self.list_price, precision_digits=TERMS_DIGITS
            )
        )

    def _convert_special_prices(self, currency):
        """Convert the special prices given in ``currency`` to the lines' own."""
        for line in self.filtered("is_special_price"):
            line.price_unit = line._convert(line.price_unit, currency, line.currency_id)

    def _convert(self, price, currency, to_currency):
        """Return a unit price in another currency, at today's rate."""
        return currency._convert(
            price,
            to_currency or currency,
            self.company_id,
            fields.Date.context_today(self),
            round=False,
        )

from odoo import api, fields, models
from odoo.exceptions import ValidationError

NUMBERS = ("quantity", "price_unit", "intro_price_unit", "discount")
# What people change; the rest says what was sold.
FREE_FIELDS = frozenset(
    ("name", "tax_ids", "analytic_distribution", "analytic_precision", *NUMBERS)
)
# What it comes to depends on these.
PRICING = (*NUMBERS, "tax_ids")


class OpportunitySubscriptionLine(models.Model):
    """A product of a subscription, as the order's line sold it.

    What is changed holds from the next period on. Lines that are billed once ask or
    credit something besides, with the next bill.
    """

    _name = "opportunity.subscription.line"
    _description = "Product of a Subscription"
    _inherit = [
        "opportunity.subscription.part.mixin",
        "opportunity.number.mixin",
        "opportunity.text.mixin",
        "analytic.mixin",
    ]
    _order = "subscription_id, is_once, sequence, id"
    _rec_name = "product_id"

    sequence = fields.Integer(default=10)
    order_line_id = fields.Many2one(
        "sale.order.line",
        "Line of the Order",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    product_id = fields.Many2one(
        "product.product",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    name = fields.Text("Description", required=True)
    quantity = fields.Float(digits="Product Unit", required=True, default=1.0)
    product_uom_id = fields.Many2one(
        "uom.uom", "Unit", readonly=True, ondelete="restrict"
    )
    price_unit = fields.Float("Unit Price", min_display_digits="Product Price")
    intro_price_unit = fields.Float(
        "Introductory Price", min_display_digits="Product Price"
    )
    discount = fields.Float("Disc.%", digits="Discount")
    tax_ids = fields.Many2many(
        "account.tax", string="Taxes", context={"active_test": False}
    )
    price_subtotal = fields.Monetary(
        "Per Period", compute="_compute_amounts", store=True
    )
    intro_subtotal = fields.Monetary(
        "Introductory", compute="_compute_amounts", store=True
    )
    is_once = fields.Boolean(
        "Once", readonly=True, help="Asked or credited with the next bill alone."
    )
    invoice_id = fields.Many2one(
        "account.move", "Billed with", readonly=True, index="btree_not_null"
    )

    billed_terms = fields.Json(
        readonly=True,
        help="What the present period was billed with, if that was changed since.",
    )

    _order_line_uniq = models.UniqueIndex(
        "(order_line_id) WHERE order_line_id IS NOT NULL AND is_once IS NOT TRUE",
        "The line of the order has a subscription already.",
    )

    # === COMPUTE METHODS === #

    @api.depends("quantity", "price_unit", "intro_price_unit", "discount", "tax_ids")
    def _compute_amounts(self):
        for line in self:
            line.price_subtotal = line._get_untaxed(line.price_unit)
            line.intro_subtotal = line._get_untaxed(line.intro_price_unit)

    def _get_untaxed(self, *prices):
        """Return what the lines come to together at these unit prices, without taxes
        and rounded as on an invoice."""
        AccountTax, company = self.env["account.tax"], self.company_id
        base_lines = [
            AccountTax._prepare_base_line_for_taxes_computation(
                line,
                price_unit=price,
                partner_id=line.subscription_id.partner_id,
                currency_id=line.currency_id,
            )
            for line, price in zip(self, prices, strict=True)
        ]
        AccountTax._add_tax_details_in_base_lines(base_lines, company)
        AccountTax._round_base_lines_tax_details(base_lines, company)
        details = [base_line["tax_details"] for base_line in base_lines]
        return sum(
            row["total_excluded_currency"] + row["delta_total_excluded_currency"]
            for row in details
        )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_numbers(vals, NUMBERS)
        lines = super().create(vals_list)
        lines._get_recurring().subscription_id._note_movements()
        return lines

    def write(self, vals):
        self._check_numbers(vals, NUMBERS)
        is_priced = not vals.keys().isdisjoint(PRICING)
        if is_priced:
            self._keep_billed_terms()
        result = super().write(vals)
        if not self.env.su:
            self._check_plausible()
        if is_priced:
            self.subscription_id._note_movements()
        return result

    def unlink(self):
        subscriptions = self.subscription_id
        result = super().unlink()
        subscriptions._note_movements()
        return result

    @api.model
    def _has_field_access(self, field, operation):
        if operation == "write" and not self.env.su and field.name not in FREE_FIELDS:
            return False
        return super()._has_field_access(field, operation)

    # === BUSINESS METHODS === #

    def _get_recurring(self):
        return self.filtered(lambda line: not line.is_once)

    def _get_open_once(self):
        """Return what the next bill asks or credits besides its period."""
        return self.filtered(lambda line: line.is_once and not line.invoice_id)

    def _check_plausible(self):
        """Refuse what people type; what an order sold is billed as it was sold."""
        for line in self._get_recurring():
            if line.quantity <= 0 or line.price_unit < 0 or line.intro_price_unit < 0:
                raise ValidationError(
                    self.env._(
                        "“%s”: the quantity must be above zero, the prices cannot be "
                        "negative.",
                        line.product_id.display_name,
                    )
                )
            if not 0 <= line.discount <= 100:
                raise ValidationError(
                    self.env._(
                        "“%s”: the discount lies between 0 and 100 %%.",
                        line.product_id.display_name,
                    )
                )

    def _get_period_amount(self, period):
        """Return what it asks for a period, without taxes, as its bill will."""
        if period.factor == 1:
            is_intro = period.kind == "intro"
            return self.intro_subtotal if is_intro else self.price_subtotal
        return self._get_untaxed(self._get_period_price(period))

    def _get_period_price(self, period):
        price = self._get_price(period.kind)
        return price if period.factor == 1 else round(price * period.factor, 6)

    def _get_price(self, kind):
        return self.intro_price_unit if kind == "intro" else self.price_unit

    def _prepare_invoice_lines(self, period):
        """Return the values of all invoice lines for a period, what is billed once
        included."""
        recurring = self._get_recurring() if period else self.browse()
        return [line._prepare_recurring(period) for line in recurring] + [
            line._prepare_invoice_line(line.name, line.price_unit)
            for line in self._get_open_once()
        ]

    def _prepare_recurring(self, period):
        days = self.subscription_id._describe_period(self.env, period)
        price = self._get_period_price(period)
        return self._prepare_invoice_line(f"{self.name}\n{days}", price)

    def _prepare_invoice_line(self, name, price):
        """Return the values of the invoice line, as the order's line would make it."""
        values = {
            "name": name,
            "sequence": self.sequence,
            "product_id": self.product_id.id,
            "product_uom_id": self.product_uom_id.id,
            "quantity": self.quantity,
            "price_unit": price,
            "discount": self.discount,
            "tax_ids": [fields.Command.set(self.tax_ids.ids)],
            # what was sold once is not invoiced again: the order keeps its figures
            "sale_line_ids": [],
            "extra_tax_data": False,
        }
        if self.analytic_distribution:
            values["analytic_distribution"] = self.analytic_distribution
        if not self.order_line_id:
            return {"display_type": "product", **values}
        line = self.order_line_id.with_env(self.env)
        return line._prepare_invoice_line(**values)

    def _keep_billed_terms(self):
        """Remember what the present period was billed with, as that is credited."""
        # sudo: what was billed nobody changes
        for line in self.sudo().filtered(lambda row: not row.billed_terms):
            line.billed_terms = line._get_billed_terms()

    def _get_billed_terms(self):
        now = {name: self[name] for name in NUMBERS} | {"tax_ids": self.tax_ids.ids}
        return self.billed_terms or now

    def _note_invoice(self, invoice):
        """What was to be billed once is billed."""
        if invoice:
            self._get_open_once().invoice_id = invoice

    def _add_credits(self, part, kind):
        """Credit a part of what the lines ask for a whole period with the next bill."""
        values = [line._prepare_credit(part, kind) for line in self._get_recurring()]
        return self.create([vals for vals in values if vals["price_unit"]])

    def _prepare_credit(self, part, kind):
        lang = self.subscription_id.partner_id.lang or self.env.lang
        env = self.with_context(lang=lang).env
        terms = self._get_billed_terms()
        price = terms["intro_price_unit" if kind == "intro" else "price_unit"]
        return {
            "subscription_id": self.subscription_id.id,
            "is_once": True,
            "sequence": self.sequence,
            "order_line_id": self.order_line_id.id,
            "product_id": self.product_id.id,
            "name": env._("%s\nDays not used", self.name.split("\n")[0]),
            "quantity": -terms["quantity"],
            "product_uom_id": self.product_uom_id.id,
            "price_unit": round(price * part, 6),
            "discount": terms["discount"],
            "tax_ids": [fields.Command.set(terms["tax_ids"])],
            "analytic_distribution": self.analytic_distribution,
        }

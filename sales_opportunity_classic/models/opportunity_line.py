from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

from ..tools.pricing import get_net_price
from .opportunity_line_price_mixin import TERMS_DIGITS

NUMBERS = ("quantity", "price_unit", "discount")


class OpportunityLine(models.Model):
    """A product that the prospect is interested in, at the price offered.

    Lines follow the opportunity's access rights, are copied and merged with it and
    become the lines of its quotation. Prices are per unit, in the currency of the
    opportunity's pricelist; with a plan they are per period of the plan.
    """

    _name = "opportunity.line"
    _description = "Product of an Opportunity"
    _inherit = [
        "opportunity.product.mixin",
        "opportunity.line.price.mixin",
        "opportunity.special.price.mixin",
        "opportunity.bundle.origin.mixin",
        "opportunity.access.mixin",
        "opportunity.number.mixin",
    ]
    _order = "sequence, id"
    _rec_name = "product_id"
    _check_company_auto = True

    lead_id = fields.Many2one(
        "crm.lead", "Opportunity", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", store=True, precompute=True
    )
    # What is offered
    name = fields.Text(
        "Description",
        required=True,
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
    )
    is_optional = fields.Boolean(
        "Optional",
        help="Proposed besides: the customer may take it or not. It does not count in "
        "the totals.",
    )
    plan_id = fields.Many2one(
        "opportunity.subscription.plan",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Billed again and again by this plan, at this price each time.",
    )
    discount = fields.Float("Discount (%)", digits="Discount")
    tax_ids = fields.Many2many(
        "account.tax",
        string="Taxes",
        compute="_compute_tax_ids",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        domain=[("type_tax_use", "=", "sale")],
        context={"active_test": False},
    )
    # What it comes to
    price_subtotal = fields.Monetary(
        "One-Time",
        compute="_compute_amounts",
        store=True,
        precompute=True,
        help="What is billed once, without taxes.",
    )
    recurring_subtotal = fields.Monetary(
        "Recurring",
        compute="_compute_amounts",
        store=True,
        precompute=True,
        help="What is billed for each period of the plan, without taxes.",
    )
    intro_subtotal = fields.Monetary(
        "Introductory",
        compute="_compute_amounts",
        store=True,
        precompute=True,
        help="What is billed for each of the plan's introductory periods, without "
        "taxes.",
    )
    price_total = fields.Monetary(
        "First Bill",
        compute="_compute_amounts",
        store=True,
        precompute=True,
        help="What is to be paid first, taxes included.",
    )

    # === COMPUTE METHODS === #

    @api.depends("lead_id.company_id")
    def _compute_company_id(self):
        for line in self:
            line.company_id = line.lead_id._get_offer_company()

    @api.depends("lead_id.offer_currency_id")
    def _compute_currency_id(self):
        for line in self:
            line.currency_id = line.lead_id._get_offer_currency()

    @api.depends("product_id")
    def _compute_name(self):
        for line in self.filtered("product_id"):
            lang = line.lead_id.partner_id.lang or self.env.lang
            product = line.product_id.with_context(lang=lang)
            line.name = product.get_product_multiline_description_sale()

    @api.depends("product_id", "company_id")
    def _compute_tax_ids(self):
        for line in self:
            taxes = line.product_id.taxes_id._filter_taxes_by_company(line.company_id)
            line.tax_ids = line.lead_id._get_offer_fiscal_position().map_tax(taxes)

    @api.depends(
        "quantity",
        "price_unit",
        "discount",
        "tax_ids",
        "currency_id",
        "plan_id.trial_days",
        "plan_id.intro_cycles",
        "plan_id.intro_price",
        "plan_id.currency_id",
    )
    def _compute_amounts(self):
        for line in self:
            subtotal = line._get_taxed(line.price_unit)[0]
            line.price_subtotal = 0.0 if line.plan_id else subtotal
            line.recurring_subtotal = subtotal if line.plan_id else 0.0
            line.intro_subtotal = line._get_taxed(line._get_intro_price())[0]
            line.price_total = line._get_taxed(line._get_first_price())[1]

    def _get_taxed(self, price):
        """Return the line's amounts without and with taxes at this unit price."""
        company = self.company_id or self.env.company
        base_line = self._prepare_base_line(price)
        AccountTax = self.env["account.tax"]
        AccountTax._add_tax_details_in_base_line(base_line, company)
        AccountTax._round_base_lines_tax_details([base_line], company)
        details = base_line["tax_details"]
        return details["total_excluded_currency"], details["total_included_currency"]

    def _prepare_base_line(self, price):
        """Return the line at this unit price as Odoo's tax engine takes it."""
        return self.env["account.tax"]._prepare_base_line_for_taxes_computation(
            self,
            price_unit=price,
            partner_id=self.lead_id.partner_id,
            currency_id=self.currency_id or self.company_id.currency_id,
        )

    # === CONSTRAINT METHODS === #

    def _refuse(self, reason):
        raise ValidationError(
            self.env._(
                "“%(product)s” on “%(lead)s”: %(reason)s.",
                product=self.product_id.display_name,
                lead=self.lead_id.name,
                reason=reason,
            )
        )

    # === ONCHANGE METHODS === #

    @api.onchange("product_id")
    def _onchange_product_id(self):
        self.update({"is_special_price": False, "discount": 0.0})

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_numbers(vals, NUMBERS)
        leads = {vals["lead_id"] for vals in vals_list if vals.get("lead_id")}
        self.env["crm.lead"].browse(leads)._start_offer()
        return super().create(vals_list)

    def write(self, vals):
        self._check_numbers(vals, NUMBERS)
        if "product_id" in vals:
            # another product, another price
            vals = {"discount": 0.0, "is_special_price": False, **vals}
        return super().write(vals)

    def copy_data(self, default=None):
        # What is not special is the list price of the copy's own day and pricelist.
        vals_list = super().copy_data(default)
        for line, vals in zip(self, vals_list, strict=True):
            if not line.is_special_price:
                vals.pop("price_unit", None)
        return vals_list

    # === BUSINESS METHODS === #

    def _get_first_price(self):
        """Return what the first bill asks for, per unit: trials are free."""
        self.ensure_one()
        if not self.plan_id:
            return self.price_unit
        return self.plan_id._get_first_price(self.price_unit, self.currency_id)

    def _get_intro_price(self):
        """Return what the introductory periods ask, per unit; 0 if there are none."""
        plan = self.plan_id
        return plan._get_intro_price(self.currency_id) if plan.intro_cycles else 0.0

    def _get_plan_values(self):
        """Return what the plan makes of the line: MRR, first year, contract value."""
        self.ensure_one()
        return self.plan_id._get_values(self.recurring_subtotal, self.intro_subtotal)

    def _prepare_order_line(self, **values):
        """Return the values of the quotation's line; it asks what the first bill of a
        plan asks, and says what the later ones will."""
        self.ensure_one()
        return {
            "opportunity_line_id": self.id,
            "is_of_opportunity": True,
            "product_id": self.product_id.id,
            "name": self._get_order_description(),
            "product_uom_id": self.product_uom_id.id,
            "product_uom_qty": self.quantity,
            "price_unit": self._get_first_price(),
            # a price unlike this one stays when the quantity changes
            "technical_price_unit": self.list_price,
            "discount": self.discount,
            "tax_ids": [Command.set(self.tax_ids.ids)],
            "opportunity_plan_id": self.plan_id.id,
            "recurring_price_unit": self.price_unit if self.plan_id else 0.0,
            **values,
        }

    def _get_order_description(self):
        if not self.plan_id:
            return self.name
        lang = self.lead_id.partner_id.lang or self.env.lang
        price = get_net_price(self.price_unit, self.discount)
        plan = self.plan_id.with_context(lang=lang)
        return f"{self.name}\n{plan._get_description(price, self.currency_id)}"

    def _get_offer_terms(self):
        """Return what is compared with the quotation's line."""
        return (
            self.product_id.id,
            self.product_uom_id.id,
            0.0 if self.is_optional else round(self.quantity, TERMS_DIGITS),
            round(self._get_first_price(), TERMS_DIGITS),
            round(self.price_unit if self.plan_id else 0.0, TERMS_DIGITS),
            round(self.discount, TERMS_DIGITS),
            self.plan_id.id or 0,
            self.is_optional,
            sorted(self.tax_ids.ids),
        )

    def _prepare_copy(self, lead):
        """Return the values of a copy on another opportunity, without its key."""
        self.ensure_one()
        values = self.copy_data()[0]
        del values["lead_id"]
        if self.company_id != lead._get_offer_company():
            # Those of its own company are asked for.
            values.pop("tax_ids", None)
        if "price_unit" in values:
            values["price_unit"] = self._convert(
                self.price_unit, self.currency_id, lead.offer_currency_id
            )
        return values

    # === CATALOG === #

    @api.readonly
    def action_add_from_catalog(self):
        """Return Odoo's product catalog for the opportunity in the context; the list of
        lines calls it, as a quotation's does."""
        lead = self.env["crm.lead"]._get_lead_of_bundles()
        return lead.with_context(child_field="line_ids").action_add_from_catalog()

    def _get_product_catalog_lines_data(self, **kwargs):
        """Return quantity and price of one product's lines for Odoo's catalog."""
        if not self:
            return {"quantity": 0}
        return {
            "quantity": sum(self.mapped("quantity")),
            "price": self[0].price_unit * (1 - self[0].discount / 100),
            # which of several lines is meant the catalog cannot say
            "readOnly": len(self) > 1,
            "uomDisplayName": self[0].product_uom_id.display_name,
        }

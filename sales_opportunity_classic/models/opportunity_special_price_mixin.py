from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import float_compare

from ..tools.pricing import get_discount_below

DISCOUNT_DIGITS = 2


class OpportunitySpecialPriceMixin(models.AbstractModel):
    """A price below the list: who gave it, when, and whether a sales manager must
    approve it.

    Whoever changes the terms of a discounted line last is the one who gave the price,
    and an earlier approval is void: it was given for other terms. Another list price
    makes another discount of a special price, and so other terms.
    """

    _name = "opportunity.special.price.mixin"
    _description = "Special Price"

    _price_terms = (
        "lead_id",
        "product_id",
        "product_uom_id",
        "quantity",
        "price_unit",
        "is_special_price",
        "discount",
        "plan_id",
        "special_discount",
    )
    _noted_fields = ("special_by_id", "special_date", "approved_by_id", "approved_date")

    special_discount = fields.Float(
        "Below List (%)",
        digits=(16, DISCOUNT_DIGITS),
        compute="_compute_special_discount",
        store=True,
        precompute=True,
        help="How far the price, its discount included, lies below the list price.",
    )
    special_by_id = fields.Many2one(
        "res.users",
        "Price Given By",
        index="btree_not_null",
        readonly=True,
        copy=False,
        help="Who gave the special price.",
    )
    special_date = fields.Datetime("Price Given On", readonly=True, copy=False)
    approved_by_id = fields.Many2one(
        "res.users", "Price Approved By", readonly=True, copy=False
    )
    approved_date = fields.Datetime("Price Approved On", readonly=True, copy=False)
    needs_approval = fields.Boolean(
        compute="_compute_needs_approval",
        search="_search_needs_approval",
        help="The discount is above the limit of who gave it. Until a sales manager "
        "approves it there is no order and no Buy Now link.",
    )

    # === COMPUTE METHODS === #

    @api.depends("list_price", "price_unit", "discount")
    def _compute_special_discount(self):
        for line in self:
            line.special_discount = get_discount_below(
                line.list_price, line.price_unit, line.discount
            )

    @api.depends("special_discount", "special_by_id", "approved_by_id")
    def _compute_needs_approval(self):
        limits = self.env["opportunity.discount.limit"]._get_limits(self.special_by_id)
        for line in self:
            limit = limits.get(line.special_by_id)
            line.needs_approval = (
                limit is not None
                and not line.approved_by_id
                and is_above(line.special_discount, limit)
            )

    def _search_needs_approval(self, operator, value):
        if operator != "in":
            return NotImplemented
        open_lines = Domain("approved_by_id", "=", False)
        # sudo: only the givers' limits are asked, what is found follows the rights
        rows = self.sudo()._read_group(
            open_lines & Domain("special_discount", ">", 0), ["special_by_id"]
        )
        givers = self.env["res.users"].union(*(giver for (giver,) in rows))
        limits = self.env["opportunity.discount.limit"]._get_limits(givers)
        return open_lines & Domain.OR(
            Domain("special_by_id", "=", giver.id)
            & Domain("special_discount", ">", limit)
            for giver, limit in limits.items()
        )

    # === CRUD METHODS === #

    @api.model
    def _has_field_access(self, field, operation):
        # What is noted or worked out is never told by a client: neither who gave a
        # price, nor from which list price or in which currency.
        if operation == "write" and (
            field.name in self._noted_fields or (field.compute and field.readonly)
        ):
            return self.env.su
        return super()._has_field_access(field, operation)

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.filtered(lambda line: not line.special_by_id)._note_special_price()
        return lines

    def write(self, vals):
        if not vals.keys() & set(self._price_terms):
            return super().write(vals)
        terms = self._get_price_terms()
        result = super().write(vals)
        self._note_changed_prices(terms)
        return result

    # === BUSINESS METHODS === #

    def _get_price_terms(self):
        """Return {line: its terms}, to be given to ``_note_changed_prices``."""
        return {line: tuple(line[name] for name in self._price_terms) for line in self}

    def _note_changed_prices(self, terms):
        """Note the user as the one who gave the prices whose terms were others.

        :param dict terms: those of all lines before the change
        """
        present = self._get_price_terms()
        changed = self.filtered(lambda line: present[line] != terms[line])
        changed._note_special_price()

    def _note_special_price(self):
        """Note the user as the one who gave the prices unlike the list: they stay when
        the list, or the pricelist, goes up."""
        special = self.filtered(lambda line: line.is_special_price or line.discount)
        # sudo: the system's own notes
        special.sudo().write(
            {
                "special_by_id": self.env.uid,
                "special_date": fields.Datetime.now(),
                **self._get_no_approval(),
            }
        )
        # sudo: see above
        (self - special).filtered("special_by_id").sudo().write(
            {"special_by_id": False, "special_date": False, **self._get_no_approval()}
        )

    def _describe_special_prices(self):
        """Return the products with their discounts, for messages."""
        return ", ".join(
            f"{line.product_id.display_name} (-{line.special_discount:.2f} %)"
            for line in self
        )

    @api.model
    def _get_no_approval(self):
        return {"approved_by_id": False, "approved_date": False}

    def _approve_price(self):
        """Note the approval of the user, who was asked for the right before."""
        # sudo: the system's own notes
        self.sudo().write(
            {"approved_by_id": self.env.uid, "approved_date": fields.Datetime.now()}
        )


def is_above(discount, limit):
    """Tell whether a discount is above a limit, both in percent."""
    return float_compare(discount, limit, precision_digits=DISCOUNT_DIGITS) > 0

from odoo import api, fields, models
from odoo.fields import Command

TERMS_DIGITS = 6


class SaleOrderLine(models.Model):
    """Lines that were made of an opportunity's products, with the plan as sold."""

    _inherit = "sale.order.line"

    opportunity_line_id = fields.Many2one(
        "opportunity.line",
        "Product of the Opportunity",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        groups="base.group_user",
    )
    is_of_opportunity = fields.Boolean(
        "Made of the Opportunity's Products",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Its product may have been removed from the opportunity since.",
    )
    opportunity_id = fields.Many2one(
        related="order_id.opportunity_id", groups="sales_team.group_sale_salesman"
    )
    opportunity_plan_id = fields.Many2one(
        "opportunity.subscription.plan",
        "Subscription Plan",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Billed again and again by this plan once the order is confirmed.",
    )
    recurring_price_unit = fields.Float(
        "Recurring Price",
        compute="_compute_recurring_price_unit",
        store=True,
        readonly=False,
        precompute=True,
        min_display_digits="Product Price",
        help="What each later period of the plan asks, per unit. The price of this "
        "order is what the first one asks.",
    )

    # === COMPUTE METHODS === #

    @api.depends("price_unit", "opportunity_plan_id")
    def _compute_recurring_price_unit(self):
        for line in self:
            plan = line.opportunity_plan_id
            if not plan:
                line.recurring_price_unit = 0.0
            elif not (plan.trial_days or plan.intro_cycles):
                # The first bill asks what all the others do.
                line.recurring_price_unit = line.price_unit
            else:
                price = line.recurring_price_unit
                line.recurring_price_unit = price or line.price_unit

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        added = lines.filtered(
            lambda line: line.opportunity_plan_id and line.state == "sale"
        )
        added.order_id._start_subscriptions()
        return lines

    # === BUSINESS METHODS === #

    def _get_offer_lines(self):
        """Return the lines with products, but no down payments or combo items, and
        nothing of which none is sold."""
        return self.filtered(
            lambda line: (
                not line.display_type
                and not line.is_downpayment
                and not line.combo_item_id
                and (line.product_uom_qty or line._is_line_optional())
            )
        )

    def _get_offer_terms(self):
        """Return what is compared with the opportunity's line; of optional ones the
        quantity is the customer's choice."""
        plan = self.opportunity_plan_id
        optional = self._is_line_optional()
        return (
            self.product_id.id,
            self.product_uom_id.id,
            0.0 if optional else round(self.product_uom_qty, TERMS_DIGITS),
            round(self.price_unit, TERMS_DIGITS),
            round(self.recurring_price_unit if plan else 0.0, TERMS_DIGITS),
            round(self.discount, TERMS_DIGITS),
            plan.id or 0,
            optional,
            sorted(self.tax_ids.ids),
        )

    def _get_changed_values(self, values):
        """Return those of the values that the line does not have already."""
        if values.get("product_uom_qty") == 0 and self._is_line_optional():
            values = {**values, "product_uom_qty": self.product_uom_qty}
        return {
            name: value
            for name, value in values.items()
            if self._fields[name].convert_to_write(self[name], self) != value
        }

    def _prepare_subscription(self):
        """Return the values of the subscription's line, with the prices as sold."""
        self.ensure_one()
        plan = self.opportunity_plan_id
        intro = self.price_unit
        if plan.trial_days:
            intro = plan._get_intro_price(self.currency_id)
        return {
            "sequence": self.sequence,
            "order_line_id": self.id,
            "product_id": self.product_id.id,
            "name": self.name,
            "quantity": self.product_uom_qty,
            "product_uom_id": self.product_uom_id.id,
            "price_unit": self.recurring_price_unit,
            "intro_price_unit": intro if plan.intro_cycles else 0.0,
            "discount": self.discount,
            "tax_ids": [Command.set(self.tax_ids.ids)],
            "analytic_distribution": self.analytic_distribution,
        }

    def _prepare_opportunity_line(self):
        """Return the values of the opportunity's line that says the same."""
        self.ensure_one()
        plan, optional = self.opportunity_plan_id, self._is_line_optional()
        return {
            "sequence": self.sequence,
            "product_id": self.product_id.id,
            "product_uom_id": self.product_uom_id.id,
            "quantity": self.product_uom_qty or 1.0,
            "price_unit": self.recurring_price_unit if plan else self.price_unit,
            "discount": self.discount,
            "tax_ids": [Command.set(self.tax_ids.ids)],
            "plan_id": plan.id,
            "is_optional": optional,
        }

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.recurrence import Terms, get_monthly_factor, get_period
from ..tools.subscription_due import IS_WAITING
from .opportunity_subscription_plan import INTERVAL_UNITS

# Billed when they are due.
RUNNING = ("trial", "active", "in_arrears")


class OpportunitySubscription(models.Model):
    """What a customer bought with a plan, billed period by period until it is over.

    The confirmation of an order starts one for each plan on it, with the terms as
    sold. The order bills the first period, a trial is free, and a scheduled action
    bills what follows. Dates are counted from the anchor, never from the bill before.
    It ends with its number of bills or by being cancelled. What the engine writes no
    client can write; people act with buttons.
    """

    _name = "opportunity.subscription"
    _description = "Subscription"
    _inherit = [
        "opportunity.subscription.access.mixin",
        "opportunity.subscription.movement.mixin",
        "opportunity.subscription.start.mixin",
        "opportunity.subscription.invoice.mixin",
        "opportunity.subscription.billing.mixin",
        "opportunity.subscription.life.mixin",
        "opportunity.subscription.change.mixin",
        "opportunity.subscription.charge.mixin",
        "opportunity.subscription.portal.mixin",
        "opportunity.subscription.forecast.mixin",
        "opportunity.settings.mixin",
        "opportunity.text.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _mail_post_access = "read"

    name = fields.Char(required=True, readonly=True)
    order_id = fields.Many2one(
        "sale.order",
        "Sales Order",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", string="Commercial Entity"
    )
    lead_id = fields.Many2one(
        related="order_id.opportunity_id",
        string="Opportunity",
        store=True,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_user",
    )
    user_id = fields.Many2one(
        related="order_id.user_id", string="Salesperson", store=True, index=True
    )
    team_id = fields.Many2one(
        related="order_id.team_id", string="Sales Team", store=True, index=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    state = fields.Selection(
        [
            ("trial", "Free Trial"),
            ("active", "Active"),
            ("in_arrears", "In Arrears"),
            ("paused", "Paused"),
            ("ended", "Ended"),
            ("cancelled", "Cancelled"),
        ],
        "Status",
        required=True,
        readonly=True,
        default="active",
        index=True,
        tracking=True,
    )
    # The terms as sold
    plan_id = fields.Many2one(
        "opportunity.subscription.plan",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    sold_plan_id = fields.Many2one(
        "opportunity.subscription.plan",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        help="The plan of the order; the subscription may have another one by now.",
    )
    interval_count = fields.Integer("Bill Every", required=True, readonly=True)
    interval_unit = fields.Selection(
        INTERVAL_UNITS, "Unit", required=True, readonly=True
    )
    trial_days = fields.Integer("Free Trial", readonly=True)
    intro_cycles = fields.Integer("Introductory Bills", readonly=True)
    anchor_day = fields.Integer("Billing Day", readonly=True)
    prorate = fields.Boolean("Prorate First Bill", readonly=True)
    cycles_total = fields.Integer(
        "Number of Bills",
        readonly=True,
        help="After so many bills it ends; 0 if it never ends.",
    )
    cycles_done = fields.Integer(
        "Bills so Far", readonly=True, help="The order's included."
    )
    # Where it stands
    date_start = fields.Date("Start", required=True, readonly=True)
    date_anchor = fields.Date(
        required=True, readonly=True, help="The day from which periods are counted."
    )
    next_index = fields.Integer(readonly=True, aggregator=None)
    date_due = fields.Date(
        readonly=True, help="The day on which the next period begins, or it ends."
    )
    date_next = fields.Date(
        "Next Billing Date", compute="_compute_date_next", store=True
    )
    date_cancel = fields.Date(
        "Cancelled for", readonly=True, help="The first day without it."
    )
    date_end = fields.Date("Last Day", readonly=True)
    date_paused = fields.Date("Paused on", readonly=True)
    end_reason = fields.Char("Reason", readonly=True, tracking=True)
    is_cancelled_with_order = fields.Boolean(readonly=True)
    is_parked = fields.Boolean(
        "Needs Attention",
        readonly=True,
        help="The last bill could not be made: nothing is billed until somebody solves "
        "the problem and tries again.",
    )
    problem = fields.Text(readonly=True, groups="base.group_user")
    payment_token_id = fields.Many2one(
        "payment.token",
        "Saved Payment Method",
        index="btree_not_null",
        ondelete="set null",
        domain="[('partner_id', 'child_of', commercial_partner_id)]",
        groups="sales_team.group_sale_manager,account.group_account_invoice",
        help="Charged with each bill. Without one, customers pay the invoice.",
    )
    # What it comes to
    line_ids = fields.One2many(
        "opportunity.subscription.line",
        "subscription_id",
        "Products",
        groups="base.group_user",
    )
    period_ids = fields.One2many(
        "opportunity.subscription.period",
        "subscription_id",
        "Periods",
        readonly=True,
        groups="base.group_user",
    )
    invoice_ids = fields.One2many(
        "account.move",
        "opportunity_subscription_id",
        "Invoices",
        readonly=True,
        groups="base.group_user",
    )
    invoice_count = fields.Integer(
        compute="_compute_invoice_count", groups="base.group_user"
    )
    recurring_amount = fields.Monetary(
        "Per Period",
        compute="_compute_recurring_amount",
        store=True,
        help="What each regular period asks, without taxes.",
    )
    mrr = fields.Monetary(
        "Per Month",
        compute="_compute_recurring_amount",
        store=True,
        help="What a regular period asks, as an amount per month, without taxes.",
    )

    _due_idx = models.Index(f"(date_due, id) WHERE {IS_WAITING}")
    _order_uniq = models.UniqueIndex(
        "(order_id, sold_plan_id)",
        "There is a subscription of this plan and order already.",
    )
    _check_cycles = models.Constraint(
        "CHECK (cycles_total = 0 OR cycles_done <= cycles_total)",
        "Not more is billed than was sold.",
    )

    # === COMPUTE METHODS === #

    @api.depends("date_due", "date_cancel", "cycles_total", "cycles_done")
    def _compute_date_next(self):
        for subscription in self:
            is_over = subscription._is_over()
            subscription.date_next = False if is_over else subscription.date_due

    @api.depends("line_ids.price_subtotal", "interval_unit", "interval_count")
    def _compute_recurring_amount(self):
        for subscription in self:
            lines = subscription._get_recurring_lines()
            amount = sum(lines.mapped("price_subtotal"))
            unit, count = subscription.interval_unit, subscription.interval_count
            subscription.recurring_amount = amount
            subscription.mrr = amount * get_monthly_factor(unit, count)

    def _compute_invoice_count(self):
        counts = self.env["account.move"]._read_group(
            [("opportunity_subscription_id", "in", self.ids)],
            ["opportunity_subscription_id"],
            ["__count"],
        )
        counts = {subscription.id: count for subscription, count in counts}
        for subscription in self:
            subscription.invoice_count = counts.get(subscription.id, 0)

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        if billed := self.filtered("invoice_ids"):
            raise UserError(
                self.env._(
                    "“%s” was billed: cancel it instead of deleting it.",
                    billed[0].name,
                )
            )

    # === ACTION METHODS === #

    def action_open_invoices(self):
        """Return the invoices and credit notes."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        domain = [("opportunity_subscription_id", "=", self.id)]
        context = {"create": False, "default_move_type": "out_invoice"}
        return action | {"domain": domain, "context": context}

    # === BUSINESS METHODS === #

    def _is_over(self):
        """Tell whether nothing is left to bill, or nothing any more."""
        self.ensure_one()
        is_billed = 0 < self.cycles_total <= self.cycles_done
        is_cancelled = self.date_cancel and self.date_due
        return is_billed or bool(is_cancelled and self.date_due >= self.date_cancel)

    def _get_terms(self):
        """Return what was sold, as the arithmetic takes it."""
        self.ensure_one()
        return Terms(
            self.interval_unit,
            self.interval_count,
            self.cycles_total,
            self.trial_days,
            self.intro_cycles,
            self.anchor_day,
            self.prorate,
        )

    def _get_next_period(self):
        """Return the period that is billed next."""
        self.ensure_one()
        return get_period(
            self._get_terms(), self.date_anchor, self.next_index, self.cycles_done + 1
        )

    @api.model
    def _get_running_domain(self):
        return Domain("state", "in", RUNNING)

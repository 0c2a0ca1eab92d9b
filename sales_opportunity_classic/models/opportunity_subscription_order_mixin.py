from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.validity import is_plausible_date


class OpportunitySubscriptionOrderMixin(models.AbstractModel):
    """A sales order that starts subscriptions once it is confirmed, one for each plan,
    and takes them with it when it is cancelled."""

    _name = "opportunity.subscription.order.mixin"
    _description = "Order with Subscriptions"

    subscription_ids = fields.One2many(
        "opportunity.subscription",
        "order_id",
        "Subscriptions",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    subscription_count = fields.Integer(
        "Number of Subscriptions",
        compute="_compute_subscription_count",
        groups="base.group_user",
    )
    has_plans = fields.Boolean(compute="_compute_has_plans", groups="base.group_user")
    subscription_date_start = fields.Date(
        "Subscriptions Start",
        copy=False,
        groups="base.group_user",
        help="Leave empty to start them with the confirmation.",
    )

    # === COMPUTE METHODS === #

    @api.depends("subscription_ids")
    def _compute_subscription_count(self):
        for order in self:
            order.subscription_count = len(order.subscription_ids)

    @api.depends("order_line.opportunity_plan_id")
    def _compute_has_plans(self):
        for order in self:
            order.has_plans = bool(order.order_line.opportunity_plan_id)

    # === CONSTRAINT METHODS === #

    @api.constrains("subscription_date_start")
    def _check_subscription_date_start(self):
        """Each period since is billed at once, and no bill is taken back."""
        earliest = fields.Date.subtract(fields.Date.context_today(self), years=1)
        for order in self.filtered("subscription_date_start"):
            start = order.subscription_date_start
            if start < earliest or not is_plausible_date(start):
                raise ValidationError(
                    self.env._(
                        "Subscriptions Start of “%s”: take a day of the last year or "
                        "one to come.",
                        order.name,
                    )
                )

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_subscriptions(self):
        # sudo: also what the user may not see has to be kept
        if sold := self.sudo().filtered("subscription_ids"):
            raise UserError(
                self.env._(
                    "“%s” has subscriptions: cancel the order instead of deleting it.",
                    sold[0].name,
                )
            )

    # === ACTION METHODS === #

    def action_open_subscriptions(self):
        """Return the subscriptions of the order."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "sales_opportunity_classic.opportunity_subscription_action"
        )
        return action | {"domain": [("order_id", "=", self.id)], "context": {}}

    # === BUSINESS METHODS === #

    def _action_confirm(self):
        result = super()._action_confirm()
        self._start_subscriptions()
        return result

    def _action_cancel(self):
        result = super()._action_cancel()
        self._as_engine().subscription_ids._follow_cancelled_order()
        return result

    def _create_invoices(self, grouped=False, final=False, date=None):
        invoices = super()._create_invoices(grouped=grouped, final=final, date=date)
        # sudo: whoever invoices the order need not read the subscription
        periods = self.sudo().subscription_ids.period_ids
        periods.filtered(lambda row: row.state == "order")._note_order_invoice(invoices)
        return invoices

    def _start_subscriptions(self):
        """Start what the plans of confirmed orders promise, and nothing twice."""
        self._get_subscriptions()._start_of_orders(self._as_engine())

    def _get_subscriptions(self):
        return self.env["opportunity.subscription"]._get_engine()

    def _as_engine(self):
        return self.with_env(self._get_subscriptions().env)

    def _get_plan_lines(self):
        """Return the lines that are sold, by plan."""
        self.ensure_one()
        sold = self.order_line._get_offer_lines().filtered(
            lambda line: line.opportunity_plan_id and line.product_uom_qty > 0
        )
        return sold.grouped("opportunity_plan_id")

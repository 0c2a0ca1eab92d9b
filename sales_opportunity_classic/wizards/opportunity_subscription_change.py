from odoo import api, fields, models
from odoo.fields import Command


class OpportunitySubscriptionChange(models.TransientModel):
    """Another plan, other quantities or other prices for one subscription.

    Without another plan, what is changed holds from the next period on. Another plan
    begins with the next period, or today: then what is left of the present one is
    credited with the first bill of the new plan.
    """

    _name = "opportunity.subscription.change"
    _description = "Change Subscription"

    subscription_id = fields.Many2one(
        "opportunity.subscription",
        required=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    company_id = fields.Many2one(
        related="subscription_id.company_id", related_sudo=False
    )
    plan_id = fields.Many2one(
        "opportunity.subscription.plan",
        compute="_compute_plan_id",
        compute_sudo=False,
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        domain="[('company_id', 'in', [company_id, False])]",
    )
    is_other_plan = fields.Boolean(compute="_compute_is_other_plan")
    when = fields.Selection(
        [("next", "With the next period"), ("now", "Today")],
        "Change",
        required=True,
        default="next",
    )
    line_ids = fields.One2many(
        "opportunity.subscription.change.line",
        "change_id",
        "Products",
        compute="_compute_line_ids",
        compute_sudo=False,
        store=True,
        readonly=False,
    )

    # === COMPUTE METHODS === #

    @api.depends("subscription_id")
    def _compute_plan_id(self):
        for change in self:
            change.plan_id = change.subscription_id.plan_id

    @api.depends("plan_id", "subscription_id")
    def _compute_is_other_plan(self):
        for change in self:
            change.is_other_plan = change.plan_id != change.subscription_id.plan_id

    @api.depends("subscription_id")
    def _compute_line_ids(self):
        for change in self:
            lines = change.subscription_id._get_recurring_lines()
            change.line_ids = [
                Command.clear(),
                *(
                    Command.create(
                        {
                            "line_id": line.id,
                            "quantity": line.quantity,
                            "price_unit": line.price_unit,
                        }
                    )
                    for line in lines
                ),
            ]

    # === ACTION METHODS === #

    def action_change(self):
        """Change the subscription in the name of who may."""
        self.ensure_one()
        subscription = self.subscription_id._act()
        values = self._get_line_values(subscription)
        if self.is_other_plan:
            subscription._change_plan(self.plan_id, values, self.when == "now")
        else:
            subscription._bring_up_to_date(fields.Date.context_today(self))
            subscription._change_lines(values)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _get_line_values(self, subscription):
        """Return the new values of what recurs and gets others, and of no other
        lines."""
        recurring = subscription._get_recurring_lines()
        return {
            line: {"quantity": change.quantity, "price_unit": change.price_unit}
            for change in self.line_ids
            for line in change.line_id.with_env(subscription.env)
            if line in recurring
            and (line.quantity, line.price_unit) != (change.quantity, change.price_unit)
        }

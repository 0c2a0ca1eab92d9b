from odoo import fields, models


class OpportunitySubscriptionCancel(models.TransientModel):
    """Asks when subscriptions are cancelled, and why."""

    _name = "opportunity.subscription.cancel"
    _description = "Cancel Subscriptions"
    _inherit = ["opportunity.text.mixin"]

    subscription_ids = fields.Many2many(
        "opportunity.subscription",
        string="Subscriptions",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    when = fields.Selection(
        [("end", "At the end of the period"), ("now", "Now")],
        "Cancel",
        required=True,
        default="end",
    )
    credit_unused = fields.Boolean(
        "Credit the Days Left",
        help="Write a credit note for the days of the period that is billed already.",
    )
    reason = fields.Char(required=True)

    def action_cancel(self):
        """Cancel those that are not over yet."""
        self.ensure_one()
        running = self.subscription_ids.filtered(
            lambda row: row.state not in ("ended", "cancelled")
        )
        running.action_cancel(self.reason, self.when == "end", self.credit_unused)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

from odoo import fields, models


class OpportunitySubscriptionLeadMixin(models.AbstractModel):
    """The subscriptions that were sold with an opportunity."""

    _name = "opportunity.subscription.lead.mixin"
    _description = "Subscriptions of the Opportunity"

    subscription_ids = fields.One2many(
        "opportunity.subscription",
        "lead_id",
        "Subscriptions",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )

    # === ACTION METHODS === #

    def action_open_subscriptions(self):
        """Return the subscriptions of the opportunity."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "sales_opportunity_classic.opportunity_subscription_action"
        )
        return action | {"domain": [("lead_id", "=", self.id)], "context": {}}

from odoo import api, fields, models


class OpportunityReportSubscriptionMixin(models.AbstractModel):
    """Figures about subscriptions. The rows are those of the subscriptions that the
    reader may read, with an opportunity or without one."""

    _name = "opportunity.report.subscription.mixin"
    _description = "Subscription Analysis"
    _inherit = ["opportunity.report.mixin"]
    _rec_name = "subscription_id"

    subscription_id = fields.Many2one("opportunity.subscription", readonly=True)
    plan_id = fields.Many2one("opportunity.subscription.plan", readonly=True)
    date = fields.Date(readonly=True)

    # === ACCESS RIGHTS === #

    def _get_rows_of_forbidden_leads(self, operation):
        # The query has no row of a subscription that the reader may not read.
        return self.browse()

    # === ACTION METHODS === #

    def action_open_subscription(self):
        """Open the subscription that the figure is of."""
        self.ensure_one()
        return self.subscription_id.get_formview_action()

    # === PRINTING === #

    @api.model
    def _get_rate_note(self):
        return self.env._(
            "Amounts are in %(currency)s, at the rate of the day or, for what is to "
            "come, of today.",
            currency=self.env.company.currency_id.display_name,
        )

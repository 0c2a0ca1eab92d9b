from odoo import api, fields, models
from odoo.fields import Domain


class OpportunitySubscriptionPartMixin(models.AbstractModel):
    """Rows that belong to one subscription and follow its rights."""

    _name = "opportunity.subscription.part.mixin"
    _description = "Part of a Subscription"
    _inherit = ["opportunity.domain.access.mixin"]

    subscription_id = fields.Many2one(
        "opportunity.subscription",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="subscription_id.currency_id")
    company_id = fields.Many2one(
        related="subscription_id.company_id", store=True, index=True
    )

    @api.model
    def _get_readable_domain(self):
        readable = self.env["opportunity.subscription"]._search(Domain.TRUE)
        return Domain("subscription_id", "in", readable)

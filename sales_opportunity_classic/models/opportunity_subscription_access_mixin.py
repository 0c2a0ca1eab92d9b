from odoo import api, models
from odoo.fields import Domain


class OpportunitySubscriptionAccessMixin(models.AbstractModel):
    """Who reads a subscription: who may read its order or its opportunity.

    Sales managers and accountants change what people may change. What the engine
    writes is for the server alone.
    """

    _name = "opportunity.subscription.access.mixin"
    _description = "Access of a Subscription"
    _inherit = ["opportunity.domain.access.mixin"]

    # What people write themselves; with everything else come buttons.
    _free_fields = frozenset(("line_ids", "payment_token_id"))

    # === CRUD METHODS === #

    @api.model
    def _has_field_access(self, field, operation):
        if operation == "write" and not self.env.su and not self._is_free(field):
            return False
        return super()._has_field_access(field, operation)

    @api.model
    def _is_free(self, field):
        """Tell whether clients write the field: messages and activities are Odoo's."""
        own = "sales_opportunity_classic"
        return field.name in self._free_fields or own not in (field._modules or ())

    # === BUSINESS METHODS === #

    @api.model
    def _get_readable_domain(self):
        readable = Domain.FALSE
        for name, model in (("order_id", "sale.order"), ("lead_id", "crm.lead")):
            records = self.env[model]
            if records.has_access("read"):
                query = records._search(Domain.TRUE, active_test=False)
                readable |= Domain(name, "in", query)
        return readable

from odoo import api, models
from odoo.exceptions import UserError

from .opportunity_subscription_life_mixin import OVER

REASON_LENGTH = 500


class OpportunitySubscriptionPortalMixin(models.AbstractModel):
    """What customers see of a subscription in the portal, and do there.

    The portal reads it in the name of the system, once it knows that the visitor may
    see it. Customers cancel where the plan lets them.
    """

    _name = "opportunity.subscription.portal.mixin"
    _description = "Subscription in the Portal"
    _inherit = ["portal.mixin"]

    # === COMPUTE METHODS === #

    def _compute_access_url(self):
        for subscription in self:
            subscription.access_url = f"/my/subscriptions/{subscription.id}"

    # === BUSINESS METHODS === #

    @api.model
    def _get_customer_domain(self, partner):
        """Return which subscriptions are those of a customer: the whole company's."""
        return [("partner_id", "child_of", partner.commercial_partner_id.ids)]

    def _get_price_phases(self):
        """Return what is asked one after the other: pairs of a text and an amount."""
        self.ensure_one()
        env, phases = self.env, []
        days, bills = self.trial_days, self.intro_cycles
        if days:
            text = env._("First %s days", days) if days > 1 else env._("First day")
            phases.append((text, 0.0))
        if bills:
            text = env._("First bill")
            if bills > 1:
                text = env._("Each of the first %s bills", bills)
            intro = sum(self._get_recurring_lines().mapped("intro_subtotal"))
            phases.append((text, intro))
        regular = env._("Then each bill") if phases else env._("Each bill")
        return [*phases, (regular, self.recurring_amount)]

    def _get_portal_periods(self):
        """Return what was billed or free, the newest first."""
        shown = self.period_ids.filtered(lambda row: row.state != "replaced")
        return shown.sorted("date_start", reverse=True)

    def _can_customer_cancel(self):
        """Tell whether the visitor may cancel it now: employees only what they may
        change elsewhere."""
        self.ensure_one()
        visitor = self.sudo(False)
        if self.env.user._is_internal() and not visitor.has_access("write"):
            return False
        is_running = self.state not in OVER and not self.date_cancel
        return bool(is_running and self.plan_id.portal_cancel)

    def _get_cancel_times(self):
        """Return when the customer may have it end. Without a next bill there is no
        end of a period to wait for."""
        if not self.date_due:
            return ["now"]
        return ["end", "now"] if self.plan_id.portal_cancel_now else ["end"]

    def _cancel_by_customer(self, customer, reason, when="end"):
        """Cancel it as the plan allows, note who did so and tell the salesperson."""
        reason = (reason or "").replace("\x00", "").strip()[:REASON_LENGTH]
        if not self._can_customer_cancel() or when not in self._get_cancel_times():
            raise UserError(self.env._("“%s” cannot be cancelled here.", self.name))
        if not reason:
            raise UserError(self.env._("Tell us why you cancel “%s”.", self.name))
        self.action_cancel(reason, at_period_end=when == "end")
        self._message_log(author_id=customer.id, body=reason)
        self._tell_salesperson(self.env._("Cancelled by the customer"), reason)

from odoo import api, models
from odoo.exceptions import ValidationError

from .opportunity_subscription_billing_mixin import CONCURRENCY


class OpportunitySubscriptionChargeMixin(models.AbstractModel):
    """The saved payment method that is charged with each bill.

    Bills are committed before anything is charged, each charge is committed by itself.
    Who does not pay after all retries of the plan is in arrears, is billed all the
    same, and is active again once everything is paid.
    """

    _name = "opportunity.subscription.charge.mixin"
    _description = "Payment of Subscriptions"

    @api.constrains("payment_token_id", "partner_id")
    def _check_payment_token(self):
        for subscription in self.filtered("payment_token_id"):
            if not self._get_own_tokens(subscription.payment_token_id, subscription):
                raise ValidationError(
                    self.env._(
                        "The payment method of “%s” must be one that its customer "
                        "saved with the same company.",
                        subscription.name,
                    )
                )

    # === BUSINESS METHODS === #

    @api.model
    def _find_payment_token(self, order):
        """Return the payment method that the customer saved when they paid; anybody
        may have paid for them."""
        paid = order.transaction_ids.filtered(lambda tx: tx.state == "done")
        tokens = self._get_own_tokens(paid.token_id.filtered("active"), order)
        return tokens.sorted("id")[-1:]

    @api.model
    def _get_own_tokens(self, tokens, document):
        """Return those that the customer of a document saved with its company."""
        owner = document.partner_id.commercial_partner_id
        companies = document.company_id.parent_ids
        return tokens.filtered(
            lambda token: (
                token.partner_id.commercial_partner_id == owner
                and token.company_id in companies
            )
        )

    @api.model
    def _charge_due(self, day):
        """Charge what is to be charged by ``day``, each by itself."""
        self.search([("state", "=", "in_arrears")])._leave_arrears()
        for period in self._find_due_charges(day):
            try:
                locked = period.try_lock_for_update()
                if locked.date_charge and locked.date_charge <= day:
                    period._charge(day)
            except CONCURRENCY:
                # The next run looks at what is committed by then.
                self.env.cr.rollback()
            if not self.env["ir.cron"]._commit_progress(1):
                break

    @api.model
    def _find_due_charges(self, day):
        return self.env["opportunity.subscription.period"].search(
            [("date_charge", "<=", day)], order="date_charge, id"
        )

    def _is_in_arrears(self):
        """Tell whether a bill stays open whose charges were all refused."""
        return any(
            period.is_refused and period._is_owed() for period in self.period_ids
        )

    def _enter_arrears(self, reason):
        if self.state == "active":
            self.state = "in_arrears"
        self._tell_salesperson(self.env._("Payment refused"), reason)

    def _leave_arrears(self):
        """What was in arrears and owes nothing any more is active again."""
        for subscription in self.filtered(lambda row: row.state == "in_arrears"):
            if not subscription._is_in_arrears():
                subscription.state = "active"

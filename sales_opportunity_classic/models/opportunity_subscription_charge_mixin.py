from odoo import api, models
from odoo.exceptions import ValidationError

SETTLED = ("paid", "in_payment", "reversed")


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
        periods = self.env["opportunity.subscription.period"].search(
            [("date_charge", "<=", day)], order="date_charge, id"
        )
        for period in periods:
            if period.try_lock_for_update() and period.date_charge:
                period._charge(day)
                if not self.env["ir.cron"]._commit_progress():
                    break

    def _is_in_arrears(self):
        """Tell whether a bill stays open whose charges were all refused."""
        return any(
            period.is_refused and period.invoice_id.payment_state not in SETTLED
            for period in self.period_ids
        )

    def _enter_arrears(self, reason):
        self.state = "in_arrears"
        self._tell_salesperson(self.env._("Payment refused"), reason)

    def _leave_arrears(self):
        """What was in arrears and has been paid is active again."""
        for subscription in self.filtered(lambda row: row.state == "in_arrears"):
            subscription.state = subscription._get_running_state()

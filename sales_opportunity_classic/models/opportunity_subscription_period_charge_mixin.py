from odoo import fields, models

from .opportunity_subscription_charge_mixin import SETTLED


class OpportunitySubscriptionPeriodChargeMixin(models.AbstractModel):
    """The charge of one bill to the saved payment method, with its retries.

    The transaction is committed before the provider is asked. One that is found
    unfinished was interrupted: whether it was charged only the provider knows, so that
    a person is asked instead of charging twice.
    """

    _name = "opportunity.subscription.period.charge.mixin"
    _description = "Charge of a Period"

    date_charge = fields.Date(
        readonly=True,
        index="btree_not_null",
        help="When the payment method is charged, or tried again.",
    )
    tries = fields.Integer("Refused Charges", readonly=True, aggregator=None)
    is_refused = fields.Boolean("All Charges Refused", readonly=True)
    transaction_id = fields.Many2one(
        "payment.transaction",
        "Last Charge",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups="account.group_account_invoice",
    )

    # === BUSINESS METHODS === #

    def _charge(self, day):
        """Charge the open amount, once.

        :param day: from which on the next retry is counted
        """
        self.ensure_one()
        token = self.subscription_id.payment_token_id
        if not token or self.invoice_id.payment_state in SETTLED:
            self.date_charge = False
            return
        if self.transaction_id.state == "draft":
            self._ask_about_interrupted()
            return
        self.transaction_id = self._create_transaction(token)
        # Nobody else charges it today; tomorrow it is found, if this is interrupted.
        self.date_charge = fields.Date.add(day, days=1)
        self.env["ir.cron"]._commit_progress()
        self.transaction_id._charge_with_token()
        self._note_charge(day)

    def _create_transaction(self, token):
        invoice = self.invoice_id
        Transaction = self.env["payment.transaction"].with_company(invoice.company_id)
        return Transaction.create(
            {
                "provider_id": token.provider_id.id,
                "payment_method_id": token.payment_method_id.id,
                "reference": Transaction._compute_reference(
                    token.provider_id.code, prefix=invoice.name
                ),
                "amount": invoice.amount_residual,
                "currency_id": invoice.currency_id.id,
                "partner_id": token.partner_id.id,
                "token_id": token.id,
                "operation": "offline",
                "invoice_ids": [fields.Command.set(invoice.ids)],
            }
        )

    def _note_charge(self, day):
        state = self.transaction_id.state
        if state in ("done", "pending", "authorized"):
            self.date_charge = False
            if state == "done":
                self.transaction_id._post_process()
            return
        if state == "draft":
            self.transaction_id._set_error(self.env._("The provider did not answer."))
        self._note_refusal(day)

    def _note_refusal(self, day):
        """Try again by the rule of the plan; after the last time it is in arrears."""
        plan = self.subscription_id.plan_id
        self.tries += 1
        if self.tries <= plan.retry_count:
            self.date_charge = fields.Date.add(day, days=plan.retry_days)
            return
        self.write({"date_charge": False, "is_refused": True})
        self.subscription_id._enter_arrears(
            self.transaction_id.state_message or self.env._("All retries failed.")
        )

    def _ask_about_interrupted(self):
        self.date_charge = False
        self.subscription_id._tell_salesperson(
            self.env._("Check a payment with the provider"),
            self.env._(
                "The charge %s was interrupted: it is not tried again by itself.",
                self.transaction_id.reference,
            ),
        )

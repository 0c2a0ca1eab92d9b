import logging

from odoo import fields, models

_logger = logging.getLogger(__name__)

OPEN = ("not_paid", "partial")
UNDER_WAY = ("pending", "authorized")
# So many days a provider may take for an answer.
PATIENCE = 14


class OpportunitySubscriptionPeriodChargeMixin(models.AbstractModel):
    """The charge of one bill to the saved payment method, with its retries.

    The transaction is committed before the provider is asked. One that is found
    unfinished was interrupted: whether it was charged only the provider knows, so that
    a person is asked instead of charging twice. One that is pending is looked after
    each day.
    """

    _name = "opportunity.subscription.period.charge.mixin"
    _description = "Charge of a Period"

    date_charge = fields.Date(
        readonly=True,
        index="btree_not_null",
        help="When the payment method is charged, or looked after.",
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

    def _is_owed(self):
        """Tell whether the customer has to pay the bill, or will once it is posted."""
        move = self.invoice_id
        is_bill = move.move_type == "out_invoice" and move.state != "cancel"
        return is_bill and move.payment_state in OPEN

    def _charge(self, day):
        """Charge the open amount, once, or look after the last charge.

        :param day: from which on the next retry is counted
        """
        self.ensure_one()
        if not self.subscription_id.payment_token_id or not self._is_owed():
            self.date_charge = False
        elif self.transaction_id:
            self._follow_charge(day)
        elif self._is_waiting():
            self._charge_later(day)
        else:
            self._try_charge(day)

    def _is_waiting(self):
        """Tell whether it is to be posted first, or being paid by the customer."""
        is_paid_now = any(
            transaction.state in UNDER_WAY
            or (transaction.state == "done" and not transaction.is_post_processed)
            for transaction in self.invoice_id.transaction_ids
        )
        return is_paid_now or self.invoice_id.state == "draft"

    def _charge_later(self, day, days=1):
        self.date_charge = fields.Date.add(day, days=days)

    def _try_charge(self, day):
        attempt = self.subscription_id._attempt
        if error := attempt(self._create_transaction):
            self._note_refusal(day, str(error))
            return
        # Nobody else charges it today; tomorrow it is found, if this is interrupted.
        self._charge_later(day)
        self.env["ir.cron"]._commit_progress()
        transaction = self.transaction_id
        if error := attempt(transaction._charge_with_token):
            _logger.info("%s was not finished", transaction.reference, exc_info=error)
            self._ask_about_unfinished()
            return
        if transaction.state == "draft":
            transaction._set_error(self.env._("The provider did not answer."))
        self._follow_charge(day)

    def _create_transaction(self):
        invoice = self.invoice_id
        token = self.subscription_id.payment_token_id
        Transaction = self.env["payment.transaction"].with_company(invoice.company_id)
        self.transaction_id = Transaction.create(
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

    def _follow_charge(self, day):
        """Do what the state of the last charge asks for."""
        transaction = self.transaction_id
        if transaction.state in ("error", "cancel"):
            self._note_refusal(day, transaction.state_message)
        elif self._is_late(day):
            self._ask_about_unfinished()
        elif transaction.state in UNDER_WAY:
            self._charge_later(day)
        elif transaction.state == "done" and not transaction.is_post_processed:
            # Where that fails, Odoo tries again by itself.
            self._charge_later(day)
            self.subscription_id._attempt(transaction._post_process)
        else:
            self._ask_about_unfinished()

    def _is_late(self, day):
        answered = fields.Date.to_date(self.transaction_id.last_state_change)
        return day > fields.Date.add(answered, days=PATIENCE)

    def _note_refusal(self, day, reason):
        """Try again by the rule of the plan; after the last time it is in arrears."""
        plan = self.subscription_id.plan_id
        self.tries += 1
        if self.tries <= plan.retry_count:
            self.transaction_id = False
            self._charge_later(day, plan.retry_days)
            return
        self.write({"date_charge": False, "is_refused": True})
        self.subscription_id._enter_arrears(reason or self.env._("All retries failed."))

    def _ask_about_unfinished(self):
        self.date_charge = False
        self.subscription_id._tell_salesperson(
            self.env._("Check a payment with the provider"),
            self.env._(
                "The charge %s was not finished: it is not tried again by itself.",
                self.transaction_id.reference,
            ),
        )

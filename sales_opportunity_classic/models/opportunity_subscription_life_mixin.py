from odoo import fields, models
from odoo.exceptions import UserError

OVER = ("ended", "cancelled")


class OpportunitySubscriptionLifeMixin(models.AbstractModel):
    """What people do with a subscription, and how it ends."""

    _name = "opportunity.subscription.life.mixin"
    _description = "Life of a Subscription"

    # === ACTION METHODS === #

    def action_retry(self):
        """Bill again what could not be billed, with the next run."""
        self.check_access("write")
        # sudo: what the engine writes no user can write
        parked = self.sudo().filtered("is_parked")
        parked.write({"is_parked": False, "problem": False})
        parked.activity_unlink(["mail.mail_activity_data_todo"])
        self._trigger_billing()
        return True

    def action_cancel(self, reason=False, at_period_end=False):
        """Cancel now, or with the end of the period that is paid.

        :param reason: why, for the statistics
        """
        self.check_access("write")
        # sudo: what the engine writes no user can write
        for subscription in self.sudo():
            subscription._check_not_over()
            if at_period_end:
                subscription._cancel_later(reason)
            else:
                subscription._cancel(reason)
        return True

    # === BUSINESS METHODS === #

    def _trigger_billing(self):
        # sudo: scheduled actions are for administrators
        cron = self.env.ref("sales_opportunity_classic.ir_cron_bill_due").sudo()
        cron._trigger()

    def _check_not_over(self):
        if self.state in OVER:
            raise UserError(self.env._("“%s” is over already.", self.name))

    def _cancel_later(self, reason):
        self.write({"date_cancel": self.date_due, "end_reason": reason})

    def _cancel(self, reason=False, with_order=False):
        self.write(
            {
                "state": "cancelled",
                "date_due": False,
                "date_end": fields.Date.context_today(self),
                "end_reason": reason,
                "is_cancelled_with_order": with_order,
            }
        )

    def _follow_cancelled_order(self):
        """End with the order, or ask whether to, as the setting wants it."""
        running = self.filtered(lambda row: row.state not in OVER)
        ask = self._get_opportunity_setting("subscription_order_cancel") == "ask"
        for subscription in running:
            if ask:
                subscription._ask_about_cancelled_order()
            else:
                subscription._cancel(
                    self.env._("The order was cancelled."), with_order=True
                )

    def _ask_about_cancelled_order(self):
        self._tell_salesperson(
            self.env._("Cancel the subscription?"),
            self.env._("Its order was cancelled; it is still billed."),
        )

    def _end(self):
        """What is over ends; what is still to be billed once is billed."""
        self._settle()
        for subscription in self:
            cancelled = subscription.date_cancel == subscription.date_due
            subscription.write(
                {
                    "state": "cancelled" if cancelled else "ended",
                    "date_end": fields.Date.subtract(subscription.date_due, days=1),
                    "date_due": False,
                }
            )

    def _settle(self):
        """Bill what is to be billed once, without a period."""
        open_lines = self.line_ids.filtered(
            lambda line: line.is_once and not line.invoice_id
        )
        subscriptions = open_lines.subscription_id
        invoices = self._create_invoices(dict.fromkeys(subscriptions))
        for subscription, invoice in invoices.items():
            subscription.line_ids._note_invoice(invoice)

    def _reopen(self):
        """Go on with the first period from today on; what lies between is skipped."""
        self.write(self._prepare_reopening())
        self._skip_until(fields.Date.context_today(self))

    def _skip_until(self, day):
        """Skip the periods that would have begun before ``day``."""
        while (period := self._get_next_period()).start < day:
            self._add_period(period, state="skipped")
            self.next_index += 1
        self.date_due = period.start

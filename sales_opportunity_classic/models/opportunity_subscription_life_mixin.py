from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import clean_context

OVER = ("ended", "cancelled")


class OpportunitySubscriptionLifeMixin(models.AbstractModel):
    """How a subscription is paused, goes on and ends.

    Buttons ask for the right to change it, then act as the system does.
    """

    _name = "opportunity.subscription.life.mixin"
    _description = "Life of a Subscription"

    # === ACTION METHODS === #

    def action_retry(self):
        """Bill again what could not be billed, with the next run."""
        parked = self._act().filtered("is_parked")
        parked.write({"is_parked": False, "problem": False})
        parked.activity_unlink(["mail.mail_activity_data_todo"])
        self._trigger_billing()
        return True

    def action_pause(self):
        """Bill no more until it is resumed; what is due by now is billed before."""
        today = fields.Date.context_today(self)
        for subscription in self._act():
            subscription._catch_up(today)
            subscription._check_state(("trial", "active", "in_arrears"))
            subscription.write(
                {"state": "paused", "date_paused": today, "date_due": False}
            )
        return True

    def action_resume(self):
        """Go on after a pause."""
        for subscription in self._act():
            subscription._check_state(("paused",))
            subscription._end_pause()
            subscription.state = subscription._get_running_state()
        return True

    def action_cancel(self, reason=False, at_period_end=False, credit_unused=False):
        """Cancel now, or with the end of the period that is billed. Periods that began
        before today are billed, and what is to be billed once.

        :param reason: why, for the statistics
        :param credit_unused: write a credit note for the days that are left
        """
        today = fields.Date.context_today(self)
        for subscription in self._act():
            subscription._catch_up(fields.Date.subtract(today, days=1))
            subscription._check_not_over()
            if at_period_end and subscription.date_due:
                subscription._cancel_later(reason)
                continue
            if credit_unused:
                subscription._credit_unused(today)
            subscription._settle()
            subscription._cancel(reason)
        return True

    def action_keep(self):
        """Take back that it is cancelled for the end of the period."""
        for subscription in self._act():
            subscription._check_not_over()
            subscription.write({"date_cancel": False, "end_reason": False})
        return True

    def action_renew(self):
        """Sell it for as many bills again. What is over begins anew today."""
        for subscription in self._act():
            more = subscription.plan_id.cycles
            done, total = subscription.cycles_done, subscription.cycles_total
            is_over = subscription.state in OVER
            if more and (not is_over or done >= total):
                subscription.cycles_total += more
            if is_over:
                subscription._begin_anew()
        return True

    # === BUSINESS METHODS === #

    def _act(self):
        """Return the subscriptions as the system changes them, for who may."""
        self.check_access("write")
        # sudo: what the engine writes no user can write
        return self.with_context(clean_context(self.env.context)).sudo()

    def _trigger_billing(self):
        # sudo: scheduled actions are for administrators
        cron = self.env.ref("sales_opportunity_classic.ir_cron_bill_due").sudo()
        cron._trigger()

    def _check_not_over(self):
        if self.state in OVER:
            raise UserError(self.env._("“%s” is over already.", self.name))

    def _check_state(self, states):
        if self.state not in states:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "“%(subscription)s” is %(state)s.",
                    subscription=self.name,
                    state=labels[self.state],
                )
            )

    def _get_running_state(self):
        if self.trial_days and not self.cycles_done:
            return "trial"
        return "in_arrears" if self._is_in_arrears() else "active"

    def _catch_up(self, day):
        """Bill what is due on ``day`` without waiting for the scheduled action."""
        engine = self._get_engine()
        while engine.date_due and engine.date_due <= day and not engine.is_parked:
            engine._bill()

    # Pauses

    def _end_pause(self):
        """By setting the dates are shifted by the length of the pause, or kept and the
        periods that began meanwhile left out; a billing day is always kept."""
        keep = self._get_opportunity_setting("subscription_pause") == "keep"
        if keep or self.anchor_day:
            self._skip_until(fields.Date.context_today(self))
        else:
            self._shift_pause()
        self.date_paused = False

    def _shift_pause(self):
        """What was left of the period when the pause began is left now."""
        days = (fields.Date.context_today(self) - self.date_paused).days
        start = self._get_next_period().start
        if days:
            start = fields.Date.add(start, days=days)
            self.write({"date_anchor": start, "next_index": 0})
            period = self.period_ids[-1:]
            period.date_end = fields.Date.subtract(start, days=1)
            period.paused_days += days
        if self.date_cancel:
            self.date_cancel = fields.Date.add(self.date_cancel, days=days)
        self.date_due = start

    def _skip_until(self, day):
        """Skip the periods that would have begun before ``day``."""
        while (period := self._get_next_period()).start < day:
            self._add_period(period, state="skipped")
            self.next_index += 1
        self.date_due = period.start

    # The end

    def _cancel_later(self, reason):
        self.write({"date_cancel": self.date_due, "end_reason": reason})

    def _cancel(self, reason=False, with_order=False):
        self.write(
            {
                "state": "cancelled",
                "is_parked": False,
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
            due, cancel = subscription.date_due, subscription.date_cancel
            end = min(due, cancel or due)
            subscription.write(
                {
                    "state": "cancelled" if end == cancel else "ended",
                    "date_end": fields.Date.subtract(end, days=1),
                    "date_due": False,
                }
            )

    def _settle(self):
        """Bill what is to be billed once, without a period."""
        subscriptions = self.line_ids._get_open_once().subscription_id
        invoices = self._create_invoices(dict.fromkeys(subscriptions))
        for subscription, invoice in invoices.items():
            subscription.line_ids._note_invoice(invoice)

    def _get_period(self, day):
        """Return the period that ``day`` is in, if the customer has it then."""
        return self.period_ids.filtered(
            lambda row: (
                row.state in ("free", "order", "billed")
                and row.date_start <= day <= row.date_end
            )
        )

    def _credit_unused(self, day):
        """Credit what is left of the period from ``day`` on, which ends it."""
        if self.date_paused:
            self._end_pause()
        period = self._get_period(day)
        if period.state not in ("order", "billed"):
            return
        days = (period.date_end - period.date_start).days + 1 - period.paused_days
        left = (period.date_end - day).days + 1
        self.line_ids._add_credits(period.factor * left / days, period.kind)
        if period.date_start == day:
            period.state = "replaced"
        else:
            period.date_end = fields.Date.subtract(day, days=1)

    # A new beginning

    def _reopen(self):
        """Go on with the first period from today on; what lies between is skipped."""
        self.write(self._prepare_reopening())
        self._skip_until(fields.Date.context_today(self))

    def _begin_anew(self):
        """Bill the first period of what was over: the one that was still to come, or
        one that begins today."""
        today = fields.Date.context_today(self)
        self.write(self._prepare_reopening() | {"state": self._get_running_state()})
        start = self._get_next_period().start
        if start != today and not self._get_period(today):
            self.write({"date_anchor": today, "next_index": 0})
        self.date_due = self._get_next_period().start
        self._trigger_billing()

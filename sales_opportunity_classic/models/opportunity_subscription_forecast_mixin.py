from odoo import fields, models

from ..tools.recurrence import get_due_periods


class OpportunitySubscriptionForecastMixin(models.AbstractModel):
    """What a subscription will bill, by the arithmetic with which it is billed."""

    _name = "opportunity.subscription.forecast.mixin"
    _description = "Forecast of a Subscription"

    # === BUSINESS METHODS === #

    def _get_upcoming_bills(self, until):
        """Return the bills to come before ``until``, if nothing changes: tuples of the
        day and the amount without taxes. What is paused or parked bills nothing."""
        self.ensure_one()
        if not self.date_due or self.is_parked:
            return []
        bills, once = [], self._get_amount_once()
        day = self.date_due
        for period in self._get_due_periods(until):
            bills.append((period.start, self._get_bill_amount(period) + once))
            day, once = fields.Date.add(period.end, days=1), 0.0
        if once and day < until:
            # it ends, and what is left over is settled
            bills.append((day, once))
        amounts = ((day, self.currency_id.round(amount)) for day, amount in bills)
        return [(day, amount) for day, amount in amounts if amount]

    def _get_due_periods(self, until):
        return get_due_periods(
            self._get_terms(),
            self.date_anchor,
            self.next_index,
            self.cycles_done + 1,
            min(until, self.date_cancel) if self.date_cancel else until,
        )

    def _get_recurring_lines(self):
        return self.line_ids.filtered(lambda line: not line.is_once)

    def _get_amount_once(self):
        """Return what the next bill asks or credits besides its period."""
        lines = self.line_ids - self._get_recurring_lines()
        open_lines = lines.filtered(lambda line: not line.invoice_id)
        return sum(open_lines.mapped("price_subtotal"))

    def _get_bill_amount(self, period):
        """Return what a period asks without taxes."""
        lines = self._get_recurring_lines()
        return sum(line._get_period_amount(period) for line in lines)

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
        bills, amounts, once = [], {}, self.line_ids._get_open_once()
        day = self.date_due
        for period in self._get_due_periods(until):
            alike = (period.kind, period.factor, once)
            if alike not in amounts:
                amounts[alike] = self._get_bill_amount(period, once)
            bills.append((period.start, amounts[alike]))
            day, once = fields.Date.add(period.end, days=1), once.browse()
        if once and day < until:
            # it ends, and what is left over is settled
            bills.append((day, self._get_bill_amount(None, once)))
        return [(day, amount) for day, amount in bills if amount]

    def _get_due_periods(self, until):
        return get_due_periods(
            self._get_terms(),
            self.date_anchor,
            self.next_index,
            self.cycles_done + 1,
            min(until, self.date_cancel) if self.date_cancel else until,
        )

    def _get_recurring_lines(self):
        return self.line_ids._get_recurring()

    def _get_bill_amount(self, period, once):
        """Return what a bill asks without taxes: the period, or none, and ``once``."""
        lines = self._get_recurring_lines() if period else once.browse()
        rounding = self.company_id.tax_calculation_rounding_method
        if rounding == "round_globally" and len(lines + once) > 1:
            prices = [line._get_period_price(period) for line in lines]
            amount = (lines + once)._get_untaxed(*prices, *once.mapped("price_unit"))
        else:
            amount = sum(line._get_period_amount(period) for line in lines)
            amount += sum(once.mapped("price_subtotal"))
        return self.currency_id.round(amount)

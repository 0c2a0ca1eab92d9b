from odoo import api, fields, models
from odoo.fields import Command

from ..tools.recurrence import get_first_part, get_period
from .opportunity_subscription_life_mixin import OVER

# The fields of a subscription and those of its plan.
PLAN_TERMS = {
    "interval_count": "interval_count",
    "interval_unit": "interval_unit",
    "trial_days": "trial_days",
    "intro_cycles": "intro_cycles",
    "anchor_day": "anchor_day",
    "prorate": "prorate",
    "cycles_total": "cycles",
}


class OpportunitySubscriptionStartMixin(models.AbstractModel):
    """How the plans of a confirmed order become subscriptions, with the terms and
    prices as sold."""

    _name = "opportunity.subscription.start.mixin"
    _description = "Start of Subscriptions"

    @api.model
    def _start_of_orders(self, orders):
        """Start a subscription for each plan of the orders that has none yet, and
        again those that were cancelled with their order."""
        sold = {
            (order, plan): lines
            for order in orders
            for plan, lines in order._get_plan_lines().items()
        }
        known = self.search([("order_id", "in", orders.ids)])
        found = {(row.order_id, row.sold_plan_id): row for row in known}
        for key in sold.keys() & found.keys():
            found[key]._start_again(sold[key])
        # What goes on under the plan it was sold with is not billed by another as well.
        billed = known.filtered(lambda row: row.state not in OVER)
        billed = billed.line_ids.order_line_id
        started = self.create(
            [
                self._prepare_start(order, plan, lines - billed)
                for (order, plan), lines in sold.items()
                if (order, plan) not in found and lines - billed
            ]
        )
        for subscription in started:
            subscription._begin()
        return started

    def _start_again(self, lines):
        """Go on after the order was cancelled and confirmed again."""
        if not self.is_cancelled_with_order:
            self._add_lines(lines)
            return
        self.line_ids.filtered(lambda line: not line.invoice_id).unlink()
        values = self._prepare_start(self.order_id, self.sold_plan_id, lines)
        if self.invoice_ids:
            self.line_ids = values["line_ids"]
            self._reopen()
            return
        self.period_ids.unlink()
        self.write(values)
        self._begin()

    def _add_lines(self, lines):
        """Take up lines that were added to the order after its confirmation."""
        new = lines - self.line_ids.order_line_id
        self.line_ids = [Command.create(line._prepare_subscription()) for line in new]

    @api.model
    def _prepare_start(self, order, plan, lines):
        start = order.subscription_date_start or fields.Date.context_today(order)
        return {
            "name": f"{order.name} {plan.name}",
            "order_id": order.id,
            "partner_id": order.partner_id.id,
            "company_id": order.company_id.id,
            "currency_id": order.currency_id.id,
            "payment_token_id": self._find_payment_token(order).id,
            "plan_id": plan.id,
            "sold_plan_id": plan.id,
            "date_start": start,
            "date_anchor": fields.Date.add(start, days=plan.trial_days),
            "cycles_done": 0,
            "next_index": 0,
            "line_ids": [
                Command.create(line._prepare_subscription()) for line in lines
            ],
            **self._prepare_reopening(),
            **{name: plan[source] for name, source in PLAN_TERMS.items()},
        }

    @api.model
    def _prepare_reopening(self):
        """Return the values of what is not over."""
        return {
            "state": "active",
            "date_cancel": False,
            "date_end": False,
            "date_paused": False,
            "end_reason": False,
            "is_cancelled_with_order": False,
            "is_parked": False,
            "problem": False,
        }

    def _begin(self):
        """Enter the trial, or the period that the order bills."""
        if self.trial_days:
            return self._begin_trial()
        terms = self._get_terms()
        period = get_period(terms, self.date_anchor, 0, 1)
        self._add_period(period, state="order", amount=self._get_ordered_amount())
        self._note_billed(period)
        if period.factor < 1:
            self._credit_short_period(period)
        return None

    def _begin_trial(self):
        self.env["opportunity.subscription.period"].create(
            {
                "subscription_id": self.id,
                "number": 0,
                "kind": "trial",
                "date_start": self.date_start,
                "date_end": fields.Date.subtract(self.date_anchor, days=1),
                "state": "free",
            }
        )
        self.write({"state": "trial", "date_due": self.date_anchor})

    def _get_ordered_amount(self):
        return sum(self.line_ids.order_line_id.mapped("price_subtotal"))

    def _credit_short_period(self, period):
        """The order asked for a whole first period: what it asked too much goes off
        the next bill."""
        part = 1 - get_first_part(self._get_terms(), self.date_anchor)
        self.line_ids._add_credits(part, "intro" if self.intro_cycles else "regular")

from datetime import date, timedelta
from itertools import count, product

from dateutil.relativedelta import relativedelta

from odoo.tests import tagged

from .subscription_common import SubscriptionCommon

START = date(2027, 12, 31)
END = START + timedelta(days=100)
INTRO = 10.0


@tagged("post_install", "-at_install")
class TestSubscriptionLongRun(SubscriptionCommon):
    """Plans of every shape over a hundred days, a leap day among them, against a plain
    calculation that knows nothing of the code."""

    def _get_shapes(self):
        for unit, cycles, trial, intro in product(
            ("day", "week", "month", "year"), (0, 1, 4), (0, 31), (0, 1)
        ):
            yield {
                "interval_unit": unit,
                "interval_count": 20 if unit == "day" else 1,
                "cycles": cycles,
                "trial_days": trial,
                "intro_cycles": intro,
                "intro_price": INTRO if intro else 0,
            }

    def _get_expected(self, shape):
        """Return days and amounts; the order bills the first one, but for trials."""
        first = START + timedelta(days=shape["trial_days"])
        for number in count():
            step = {f"{shape['interval_unit']}s": shape["interval_count"] * number}
            day = first + relativedelta(**step)
            if day > END or 0 < shape["cycles"] <= number:
                return
            if number or shape["trial_days"]:
                price = INTRO if number < shape["intro_cycles"] else 30.0
                yield f"{day:%m-%d}", price

    def test_every_period_is_billed_once(self):
        sold = {}
        for shape in self._get_shapes():
            line = {"price_unit": 30.0}
            if shape["trial_days"] or shape["intro_cycles"]:
                first = 0.0 if shape["trial_days"] else INTRO
                line = {"price_unit": first, "recurring_price_unit": 30.0}
            plan = self._create_plan(**shape)
            sold[self._subscribe(plan, START, lines=[line])] = shape
        self._run(START, END)
        for subscription, shape in sold.items():
            expected = list(self._get_expected(shape))
            self.assertEqual(self._get_bills(subscription), expected, shape)
            starts = subscription.period_ids.mapped("date_start")
            self.assertEqual(len(starts), len(set(starts)))

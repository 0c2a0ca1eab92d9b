from datetime import date, timedelta
from itertools import product, takewhile

from dateutil.relativedelta import relativedelta

from odoo.tests import BaseCase, tagged

from ..tools.recurrence import (
    count_contract_bills,
    count_first_year_bills,
    get_bills_value,
    get_monthly_factor,
    get_period_start,
)

UNITS = ("day", "week", "month", "year")
COUNTS = (1, 2, 3, 4, 6, 7, 12, 13, 52)
# each end of a month, leap days, the days around them
ANCHORS = [
    date(2023, 12, 1) + timedelta(days=day) for day in (0, 27, 28, 29, 30, 31, 60, 61)
] + [date(2024, 2, day) for day in (27, 28, 29)]


def add_interval(anchor, unit, count):
    return anchor + relativedelta(**{f"{unit}s": count})


@tagged("post_install", "-at_install")
class TestRecurrence(BaseCase):
    def _get_starts(self, anchor, unit, count, periods, anchor_day=0):
        return [
            get_period_start(anchor, unit, count, n, anchor_day) for n in range(periods)
        ]

    def test_every_period_is_counted_from_the_anchor(self):
        for anchor, unit, count, n in product(ANCHORS, UNITS, COUNTS, range(30)):
            self.assertEqual(
                get_period_start(anchor, unit, count, n),
                add_interval(anchor, unit, count * n),
                (anchor, unit, count, n),
            )

    def test_the_end_of_the_month_stays_the_end(self):
        self.assertEqual(
            self._get_starts(date(2026, 1, 31), "month", 1, 5),
            [
                date(2026, 1, 31),
                date(2026, 2, 28),
                date(2026, 3, 31),
                date(2026, 4, 30),
                date(2026, 5, 31),
            ],
        )

    def test_a_leap_day_comes_back(self):
        starts = self._get_starts(date(2024, 2, 29), "year", 1, 5)
        self.assertEqual(
            [start.day for start in starts],
            [29, 28, 28, 28, 29],
        )
        self.assertEqual(
            get_period_start(date(2024, 2, 29), "month", 1, 12), date(2025, 2, 28)
        )

    def test_a_billing_day_makes_the_first_period_shorter(self):
        for anchor, unit, count, expected in (
            (date(2026, 1, 10), "month", 1, ["01-10", "01-15", "02-15"]),
            (date(2026, 1, 15), "month", 1, ["01-15", "02-15", "03-15"]),
            (date(2026, 1, 20), "month", 3, ["01-20", "02-15", "05-15"]),
            (date(2026, 12, 20), "month", 1, ["12-20", "01-15", "02-15"]),
            (date(2026, 1, 20), "year", 1, ["01-20", "02-15", "02-15"]),
        ):
            starts = self._get_starts(anchor, unit, count, 3, anchor_day=15)
            self.assertEqual([f"{start:%m-%d}" for start in starts], expected)

    def test_a_billing_day_is_the_last_of_a_shorter_month(self):
        starts = self._get_starts(date(2026, 1, 5), "month", 1, 5, anchor_day=31)
        self.assertEqual(
            [f"{start:%m-%d}" for start in starts],
            ["01-05", "01-31", "02-28", "03-31", "04-30"],
        )
        # 28 February is such a last day already
        starts = self._get_starts(date(2026, 2, 28), "month", 1, 3, anchor_day=31)
        self.assertEqual(
            [f"{start:%m-%d}" for start in starts], ["02-28", "03-31", "04-30"]
        )

    def test_billing_days_follow_each_other_after_the_first_period(self):
        for anchor, unit, count, day in product(
            ANCHORS, ("month", "year"), COUNTS, range(1, 32)
        ):
            starts = self._get_starts(anchor, unit, count, 12, anchor_day=day)
            self.assertEqual(starts, sorted(set(starts)))
            self.assertEqual(starts[0], anchor)
            second = starts[1].replace(day=1)
            self.assertLessEqual(second, add_interval(anchor, unit, count))
            for n, start in enumerate(starts[1:]):
                self.assertEqual(
                    start.replace(day=1), add_interval(second, unit, n * count)
                )
                is_last = (start + timedelta(days=1)).month != start.month
                self.assertTrue(start.day == day or is_last and start.day < day)

    def test_a_month_is_a_part_of_the_year(self):
        for unit, count, factor in (
            ("month", 1, 1),
            ("month", 3, 1 / 3),
            ("year", 1, 1 / 12),
            ("year", 2, 1 / 24),
            ("week", 1, 52 / 12),
            ("week", 4, 13 / 12),
            ("day", 1, 365 / 12),
            ("day", 30, 365 / 360),
        ):
            self.assertAlmostEqual(get_monthly_factor(unit, count), factor)

    def test_bills_of_the_first_year(self):
        for terms, bills in (
            (("month", 1), 12),
            (("month", 1, 3), 3),
            (("month", 1, 36), 12),
            (("month", 5), 3),
            (("month", 1, 0, 14), 12),
            (("month", 1, 0, 31), 11),
            (("month", 1, 0, 365), 0),
            (("year", 1), 1),
            (("year", 2), 1),
            (("year", 1000), 1),
            (("week", 1), 52),
            (("week", 1, 0, 14), 50),
            (("week", 2), 26),
            (("day", 1), 365),
            (("day", 1, 0, 30), 335),
        ):
            self.assertEqual(count_first_year_bills(*terms), bills, terms)

    def test_bills_are_those_before_the_year_is_over(self):
        for unit, count, cycles, trial in product(
            UNITS, COUNTS, (0, 1, 5, 400), (0, 1, 7, 29, 30, 31, 59, 364, 365, 400)
        ):
            start = date(2001, 1, 1)
            end = start + timedelta(days=364 if unit == "week" else 365)
            first = start + timedelta(days=trial)
            dates = (add_interval(first, unit, count * n) for n in range(cycles or 500))
            naive = len(list(takewhile(lambda day, end=end: day < end, dates)))
            terms = (unit, count, cycles, trial)
            self.assertEqual(count_first_year_bills(*terms), naive, terms)

    def test_a_year_without_trial_asks_twelve_times_the_monthly_figure(self):
        for unit, count in (
            *product(("month",), (1, 2, 3, 4, 6, 12)),
            *product(("week",), (1, 2, 4, 13, 26, 52)),
            *product(("day",), (1, 5, 73, 365)),
            ("year", 1),
        ):
            self.assertAlmostEqual(
                count_first_year_bills(unit, count),
                12 * get_monthly_factor(unit, count),
            )

    def test_bills_of_the_whole_contract(self):
        for terms, bills in (
            (("month", 1, 36), 36),
            (("month", 1, 36, 400), 36),
            (("month", 1), 12),
            (("year", 1, 3), 3),
            (("month", 1, 0, 31), 11),
        ):
            self.assertEqual(count_contract_bills(*terms), bills, terms)

    def test_the_first_bills_are_at_the_introductory_price(self):
        for bills, intro_cycles, value in (
            (12, 0, 240),
            (12, 3, 210),
            (2, 3, 20),
            (0, 3, 0),
        ):
            self.assertEqual(get_bills_value(bills, 20, 10, intro_cycles), value)

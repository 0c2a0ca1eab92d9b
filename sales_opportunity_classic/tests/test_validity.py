from datetime import date

from odoo.tests import BaseCase, tagged

from ..tools.validity import is_amount, is_ordered_range, is_plausible_date


@tagged("post_install", "-at_install")
class TestValidity(BaseCase):
    def test_amounts_are_believable_numbers_or_empty(self):
        for value in (0, 12, 1.5, -3, 10**15 - 1, None, False):
            self.assertTrue(is_amount(value), value)
        for value in ("12", "abc", float("nan"), float("inf"), [1]):
            self.assertFalse(is_amount(value), value)
        for value in (10**400, 1e308, -1e308, 10**15):
            self.assertFalse(is_amount(value), value)

    def test_plausible_dates_have_four_sensible_digits(self):
        for year in (1900, 2026, 2200):
            self.assertTrue(is_plausible_date(date(year, 1, 1)), year)
        for year in (1, 1899, 2201, 9999):
            self.assertFalse(is_plausible_date(date(year, 1, 1)), year)
        self.assertTrue(is_plausible_date(False))

    def test_an_empty_end_leaves_a_range_open(self):
        for low, high in ((1, 2), (2, 2), (0, 5), (5, 0), (0, 0)):
            self.assertTrue(is_ordered_range(low, high), (low, high))
        self.assertFalse(is_ordered_range(3, 2))

from odoo.tests import BaseCase, tagged

from ..tools.pricing import get_discount_below, get_net_price


@tagged("post_install", "-at_install")
class TestPricing(BaseCase):
    def test_net_price(self):
        self.assertEqual(get_net_price(80, 0), 80)
        self.assertEqual(get_net_price(80, 25), 60)
        self.assertEqual(get_net_price(80, 100), 0)

    def test_special_price_and_discount_count_together(self):
        self.assertEqual(get_discount_below(100, 100, 0), 0)
        self.assertEqual(get_discount_below(100, 80, 0), 20)
        self.assertEqual(get_discount_below(100, 80, 50), 60)
        self.assertEqual(get_discount_below(100, 0, 0), 100)

    def test_above_the_list_or_without_one_is_no_discount(self):
        self.assertEqual(get_discount_below(100, 120, 0), 0)
        self.assertEqual(get_discount_below(0, 50, 10), 0)
        self.assertEqual(get_discount_below(-5, -10, 0), 0)

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import OfferCommon


@tagged("post_install", "-at_install")
class TestOpportunityDiscountLimit(OfferCommon):
    def test_sales_managers_set_limits(self):
        limit = self._limit_discounts()
        limit.with_user(self.user_sales_manager).max_discount = 12.0
        limits = limit.with_user(self.user_sales_salesman)
        for operation in (
            lambda: limits.search([]),
            lambda: limits.write({"max_discount": 100.0}),
            limits.unlink,
        ):
            with self.assertRefused(AccessError):
                operation()

    @mute_logger("odoo.sql_db")
    def test_one_possible_limit_per_group(self):
        limit = self._limit_discounts()
        with self.assertRefused(UniqueViolation):
            self._limit_discounts()
        for percent in (-1, 100.5):
            with self.assertRefused(CheckViolation):
                limit.max_discount = percent
                limit.flush_recordset()

    def test_limits_of_users(self):
        users = self.user_sales_salesman + self.user_sales_manager
        Limit = self.env["opportunity.discount.limit"]
        self.assertFalse(Limit._get_limits(users))
        self._limit_discounts(15.0)
        self.assertEqual(Limit._get_limits(users), {self.user_sales_salesman: 15.0})

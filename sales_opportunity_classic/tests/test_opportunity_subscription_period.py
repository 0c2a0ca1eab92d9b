from datetime import date

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .subscription_common import SubscriptionCommon


@tagged("post_install", "-at_install")
class TestOpportunitySubscriptionPeriod(SubscriptionCommon):
    def test_a_period_is_billed_once(self):
        period = self._subscribe().period_ids
        with mute_logger("odoo.sql_db"), self.assertRefused(UniqueViolation):
            period.sudo().copy()

    def test_nobody_writes_periods(self):
        period = self._subscribe().period_ids
        for user in (self.user_sales_manager, self.accountant):
            own = period.with_user(user)
            for operation in (
                lambda own=own: own.write({"date_end": date(2030, 1, 1)}),
                lambda own=own: own.copy(),
                own.unlink,
            ):
                with self.assertRefused(AccessError):
                    operation()

    def test_the_first_one_knows_the_invoice_of_the_order(self):
        order = self._sell()
        invoice = self._invoice(order)
        self.assertEqual(order.subscription_ids.period_ids.invoice_id, invoice)

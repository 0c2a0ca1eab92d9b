from contextlib import contextmanager
from datetime import date
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo import SUPERUSER_ID
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .subscription_common import SubscriptionCommon


@tagged("post_install", "-at_install")
class TestSubscriptionDefects(SubscriptionCommon):
    """Each defect that was found in an engine for subscriptions elsewhere."""

    @contextmanager
    def _breaking(self, subscription):
        """Bills of the subscription violate a constraint of the database."""
        prepare = type(subscription)._prepare_bill

        def prepare_bill(row, period):
            values = prepare(row, period)
            if row == subscription:
                values["invoice_line_ids"][0][2]["account_id"] = False
            return values

        with patch.object(type(subscription), "_prepare_bill", prepare_bill):
            yield

    def test_01_three_cycles_are_three_bills(self):
        plan = self._create_plan(cycles=3, trial_days=1)
        subscription = self._subscribe(plan, date(2026, 1, 14))
        self._run(date(2026, 1, 15), date(2026, 6, 15))
        self.assertEqual(
            self._get_bills(subscription), [("01-15", 30), ("02-15", 30), ("03-15", 30)]
        )

    def test_02_three_cycles_of_an_order_are_three_with_its_own(self):
        order = self._sell(self._create_plan(cycles=3))
        self._invoice(order)
        self._run(date(2026, 1, 15), date(2026, 6, 15))
        bills = order.invoice_ids + order.subscription_ids.invoice_ids
        self.assertEqual(bills.mapped("amount_untaxed"), [30, 30, 30])
        self.assertEqual(order.subscription_ids.period_ids[0].invoice_id, bills[0])
        self.assertEqual(order.invoice_status, "invoiced")

    def test_03_the_end_of_the_month_stays_the_end(self):
        subscription = self._subscribe(day=date(2026, 1, 31))
        self._run(date(2026, 6, 30))
        self.assertEqual(
            [day for day, _amount in self._get_bills(subscription)],
            ["02-28", "03-31", "04-30", "05-31", "06-30"],
        )

    def test_04_a_start_in_the_future_stays_there(self):
        order = self._sell(
            day=date(2026, 1, 15), subscription_date_start=date(2026, 3, 1)
        )
        subscription = order.subscription_ids
        self.assertEqual(subscription.date_start, date(2026, 3, 1))
        self._run(date(2026, 1, 15), date(2026, 4, 1))
        self.assertEqual(self._get_bills(subscription), [("04-01", 30)])

    def test_05_the_unit_is_that_of_the_order(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        line = {"product_uom_qty": 2, "product_uom_id": dozen.id, "price_unit": 360}
        subscription = self._subscribe(lines=[line])
        self._run(date(2026, 2, 15))
        self.assertRecordValues(
            subscription.invoice_ids.invoice_line_ids,
            [{"product_uom_id": dozen.id, "quantity": 2, "price_unit": 360}],
        )

    def test_06_a_cancelled_order_is_billed_no_more(self):
        order = self._sell()
        order.with_user(self.user_sales_salesman).action_cancel()
        self._run(date(2026, 2, 15), date(2026, 3, 15))
        self.assertEqual(order.subscription_ids.state, "cancelled")
        self.assertFalse(order.subscription_ids.invoice_ids)

    def test_06_by_setting_the_salesperson_is_asked(self):
        self._set_parameter("subscription_order_cancel", "ask")
        order = self._sell()
        order.action_cancel()
        subscription = order.subscription_ids
        self.assertEqual(subscription.state, "active")
        self.assertEqual(subscription.activity_ids.user_id, self.user_sales_salesman)
        self._run(date(2026, 2, 15))
        self.assertEqual(self._get_bills(subscription), [("02-15", 30)])

    def test_07_confirming_again_makes_nothing_twice(self):
        order = self._sell()
        subscription = order.subscription_ids
        order._start_subscriptions()
        self.assertEqual(order.subscription_ids, subscription)
        with freeze_time("2026-01-20"):
            order.action_cancel()
            order.action_draft()
            order.order_line.product_uom_qty = 2
            order.action_confirm()
        self.assertEqual(order.subscription_ids, subscription)
        self.assertEqual(len(subscription.line_ids), 1)
        self._run(date(2026, 1, 21), date(2026, 3, 1))
        self.assertEqual(self._get_bills(subscription), [("02-20", 60)])

    def test_07_nor_after_it_was_billed(self):
        order = self._sell()
        subscription = order.subscription_ids
        self._run(date(2026, 2, 15))
        with freeze_time("2026-02-20"):
            order.action_cancel()
        with freeze_time("2026-04-20"):
            order.action_draft()
            order.action_confirm()
        self._run(date(2026, 4, 20), date(2026, 5, 20))
        self.assertEqual(self._get_bills(subscription), [("02-15", 30), ("05-15", 30)])
        self.assertEqual(
            subscription.period_ids.mapped("state"),
            ["order", "billed", "skipped", "skipped", "billed"],
        )

    def test_08_salesperson_team_and_text_are_those_of_the_order(self):
        order = self._sell(confirm=False, lines=[{"name": "Support, weekdays"}])
        with freeze_time("2026-02-15"):
            order.with_user(SUPERUSER_ID).action_confirm()
        subscription = order.subscription_ids
        self._run(date(2026, 3, 15))
        invoice = subscription.invoice_ids
        self.assertEqual(subscription.user_id, self.user_sales_salesman)
        self.assertEqual(invoice.invoice_user_id, self.user_sales_salesman)
        self.assertEqual(invoice.team_id, order.team_id)
        self.assertEqual(
            invoice.invoice_line_ids.name,
            "Support, weekdays\n03/15/2026 - 04/14/2026",
        )

    def test_09_the_currency_is_that_of_the_order(self):
        self.currency_euro.active = True
        pricelist = self.env["product.pricelist"].create(
            {"name": "Europe", "currency_id": self.currency_euro.id}
        )
        order = self._sell(pricelist_id=pricelist.id, lines=[{"price_unit": 50}])
        self._run(date(2026, 2, 15))
        invoice = order.subscription_ids.invoice_ids
        self.assertNotEqual(invoice.company_id.currency_id, self.currency_euro)
        self.assertEqual(invoice.currency_id, self.currency_euro)
        self.assertEqual(invoice.amount_untaxed, 50)

    def test_10_what_is_billed_starts_no_other_subscription(self):
        subscription = self._subscribe()
        before = self.Subscription.search_count([])
        orders = self.env["sale.order"].search_count([])
        self._run(date(2026, 4, 15))
        self.assertEqual(len(subscription.invoice_ids), 3)
        self.assertEqual(self.Subscription.search_count([]), before)
        self.assertEqual(self.env["sale.order"].search_count([]), orders)
        self.assertFalse(subscription.invoice_ids.invoice_line_ids.sale_line_ids)

    def test_11_only_the_setting_sends_emails(self):
        for mode, state, is_sent in (
            ("draft", "draft", False),
            ("post", "posted", False),
            ("send", "posted", True),
        ):
            self._set_parameter("subscription_invoices", mode)
            subscription = self._subscribe()
            self._run(date(2026, 2, 15))
            invoice = subscription.invoice_ids
            self.assertEqual(invoice.state, state)
            self.assertEqual(bool(invoice.sending_data), is_sent)

    def test_12_one_without_a_next_date_stops_no_other(self):
        odd, fine = self._subscribe(), self._subscribe()
        odd.sudo().date_due = False
        self._run(date(2026, 2, 15))
        self.assertFalse(odd.invoice_ids)
        self.assertEqual(self._get_bills(fine), [("02-15", 30)])

    def test_13_a_product_without_category_is_billed(self):
        self.support.categ_id = False
        subscription = self._subscribe()
        self._run(date(2026, 2, 15))
        self.assertEqual(subscription.invoice_ids.state, "posted")

    @mute_logger("odoo.sql_db")
    def test_13_one_that_the_database_refuses_is_parked_and_stops_no_other(self):
        first, broken, last = (self._subscribe() for _n in range(3))
        with self._breaking(broken):
            self._run(date(2026, 2, 15), date(2026, 2, 16))
        for fine in (first, last):
            self.assertEqual(self._get_bills(fine), [("02-15", 30)])
        self.assertTrue(broken.is_parked)
        self.assertFalse(broken.invoice_ids)
        self.assertEqual(len(broken.activity_ids), 1)
        self.assertTrue(broken.problem)
        broken.with_user(self.accountant).action_retry()
        self._run(date(2026, 3, 20))
        self.assertEqual(self._get_bills(broken), [("02-15", 30), ("03-15", 30)])
        self.assertFalse(broken.activity_ids)

    def test_13_the_reason_is_what_odoo_says(self):
        self.currency_euro.active = True
        pricelist = self.env["product.pricelist"].create(
            {"name": "Europe", "currency_id": self.currency_euro.id}
        )
        order = self._sell(pricelist_id=pricelist.id, lines=[{"price_unit": 50}])
        self.currency_euro.active = False
        self._run(date(2026, 2, 15))
        self.assertIn("inactive currency", order.subscription_ids.problem)

    # The guards of the database

    def test_the_database_refuses_bills_beyond_the_end(self):
        subscription = self._subscribe(self._create_plan(cycles=1)).sudo()
        with mute_logger("odoo.sql_db"), self.assertRefused(CheckViolation):
            subscription.cycles_done = 2
            self.env.flush_all()

    def test_the_order_of_a_subscription_may_be_invoiced_as_ever(self):
        order = self._sell()
        self._run(date(2026, 2, 15))
        self.assertEqual(order.invoice_status, "to invoice")
        invoice = self._invoice(order)
        self.assertEqual(invoice.amount_untaxed, 30)
        invoice.button_draft()
        invoice.unlink()
        self.assertEqual(order.invoice_status, "to invoice")

    def test_invoices_carry_all_of_the_order(self):
        tax = self.env["account.tax"].create({"name": "10 %", "amount": 10})
        fiscal = self.env["account.fiscal.position"].create({"name": "Abroad"})
        terms = self.env.ref("account.account_payment_term_30days")
        child = self.env["res.partner"].create(
            {"name": "Books", "parent_id": self.customer.id, "type": "invoice"}
        )
        account = self.env["account.analytic.account"].create(
            {
                "name": "Project",
                "plan_id": self.env["account.analytic.plan"].create({"name": "P"}).id,
            }
        )
        line = {
            "tax_ids": [Command.set(tax.ids)],
            "analytic_distribution": {str(account.id): 100},
            "discount": 10,
        }
        order = self._sell(
            lines=[line],
            fiscal_position_id=fiscal.id,
            payment_term_id=terms.id,
            partner_invoice_id=child.id,
            client_order_ref="PO 7",
        )
        self._run(date(2026, 2, 15))
        invoice = order.subscription_ids.invoice_ids
        self.assertRecordValues(
            invoice,
            [
                {
                    "partner_id": child.id,
                    "partner_shipping_id": order.partner_shipping_id.id,
                    "fiscal_position_id": fiscal.id,
                    "invoice_payment_term_id": terms.id,
                    "invoice_date": date(2026, 2, 15),
                    "invoice_date_due": date(2026, 3, 17),
                    "invoice_origin": order.name,
                    "ref": "PO 7",
                    "company_id": order.company_id.id,
                    "amount_untaxed": 27,
                    "amount_total": 29.7,
                }
            ],
        )
        self.assertRecordValues(
            invoice.invoice_line_ids,
            [
                {
                    "tax_ids": tax.ids,
                    "discount": 10,
                    "analytic_distribution": {str(account.id): 100},
                }
            ],
        )

from contextlib import contextmanager
from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .subscription_common import SubscriptionCommon


@tagged("post_install", "-at_install")
class TestSubscriptionCharge(SubscriptionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.token = cls.env["payment.token"].create(
            {
                "provider_id": cls.dummy_provider.id,
                "payment_method_id": cls.payment_method.id,
                "payment_details": "4242",
                "partner_id": cls.customer.id,
                "provider_ref": "token",
            }
        )

    def _subscribe(self, plan=None, day=None, **values):
        subscription = super()._subscribe(plan, day, **values)
        subscription.with_user(self.accountant).payment_token_id = self.token
        return subscription

    @contextmanager
    def _answering(self, *answers):
        """The provider accepts (True), refuses (False) or says nothing (None)."""
        answers = list(answers)

        def send(transaction):
            answer = answers.pop(0)
            if answer:
                transaction._set_done()
            elif answer is False:
                transaction._set_error("No money")

        Transaction = self.registry["payment.transaction"]
        with patch.object(Transaction, "_send_payment_request", send):
            yield answers

    def test_the_saved_method_is_charged_with_the_bill(self):
        subscription = self._subscribe()
        with self._answering(True) as left:
            self._run(date(2026, 2, 15), date(2026, 2, 20))
        self.assertFalse(left)
        invoice = subscription.invoice_ids
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))
        transaction = invoice.transaction_ids
        self.assertRecordValues(
            transaction,
            [{"operation": "offline", "amount": 30, "token_id": self.token.id}],
        )
        self.assertEqual(subscription.state, "active")

    def test_it_is_tried_again_by_the_rule_of_the_plan(self):
        plan = self._create_plan(retry_count=2, retry_days=4)
        subscription = self._subscribe(plan)
        with self._answering(False, True) as left:
            self._run(date(2026, 2, 15), date(2026, 2, 18))
            self.assertEqual(left, [True])
            period = subscription.period_ids[-1]
            self.assertEqual(period.date_charge, date(2026, 2, 19))
            self._run(date(2026, 2, 19))
        self.assertIn(subscription.invoice_ids.payment_state, ("paid", "in_payment"))
        self.assertEqual(subscription.state, "active")

    def test_after_the_last_try_it_is_in_arrears_until_it_is_paid(self):
        plan = self._create_plan(retry_count=1, retry_days=1)
        subscription = self._subscribe(plan)
        with self._answering(False, False):
            self._run(date(2026, 2, 15), date(2026, 2, 20))
        self.assertEqual(subscription.state, "in_arrears")
        self.assertEqual(subscription.activity_ids.user_id, self.user_sales_salesman)
        self.assertIn("No money", subscription.activity_ids.note)
        # it is billed all the same
        with self._answering(False):
            self._run(date(2026, 3, 15))
        first, second = subscription.invoice_ids.sorted("invoice_date")
        self._register_payment(first)
        self.assertEqual(subscription.state, "active")
        self.assertEqual(second.payment_state, "not_paid")

    def test_what_is_paid_otherwise_is_not_charged(self):
        subscription = self._subscribe(self._create_plan(retry_days=1))
        with self._answering(False) as left:
            self._run(date(2026, 2, 15))
            self._register_payment(subscription.invoice_ids)
            self._run(date(2026, 2, 16), date(2026, 2, 20))
        self.assertFalse(left)
        self.assertFalse(subscription.period_ids[-1].date_charge)

    def test_an_interrupted_charge_is_for_a_person_to_check(self):
        subscription = self._subscribe()
        Period = self.registry["opportunity.subscription.period"]
        with (
            patch.object(Period, "_note_charge", lambda *args: None),
            self._answering(None),
        ):
            self._run(date(2026, 2, 15))
        with self._answering() as left:
            self._run(date(2026, 2, 16))
        self.assertFalse(left)
        self.assertEqual(len(subscription.invoice_ids.transaction_ids), 1)
        self.assertEqual(
            subscription.activity_ids.summary, "Check a payment with the provider"
        )

    def test_a_provider_that_says_nothing_refused(self):
        subscription = self._subscribe()
        with self._answering(None):
            self._run(date(2026, 2, 15))
        self.assertEqual(subscription.period_ids[-1].tries, 1)
        self.assertEqual(subscription.invoice_ids.transaction_ids.state, "error")

    def test_the_method_saved_with_the_order_is_used(self):
        order = self._sell(confirm=False)
        self._pay_online(order, 30, token_id=self.token.id)
        if order.state != "sale":
            order.action_confirm()
        self.assertEqual(order.subscription_ids.payment_token_id, self.token)

    def test_only_the_customers_own_methods_are_charged(self):
        subscription = self._subscribe()
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        foreign = self.token.copy({"partner_id": stranger.id})
        with self.assertRefused(ValidationError, "that its customer saved"):
            subscription.with_user(self.accountant).payment_token_id = foreign
        with self.assertRefused(AccessError):
            subscription.with_user(self.user_sales_salesman).payment_token_id = False

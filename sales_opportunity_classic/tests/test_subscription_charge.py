from contextlib import contextmanager, suppress
from datetime import date
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import SerializationFailure

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
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
        """The provider accepts (True), refuses (False), says nothing (None), takes its
        time ("pending") or breaks (an exception)."""
        answers = list(answers)

        def send(transaction):
            answer = answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            if answer == "pending":
                transaction._set_pending()
            elif answer:
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
        Transaction = self.registry["payment.transaction"]
        with (
            patch.object(Transaction, "_charge_with_token", side_effect=SystemExit),
            suppress(SystemExit),
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

    # What is not charged

    def test_a_credit_note_is_not_charged(self):
        subscription = self._subscribe(day=date(2026, 1, 1))
        weekly = self._create_plan(interval_unit="week")
        with freeze_time("2026-01-02"):
            line = subscription.sudo().line_ids
            subscription.sudo()._change_plan(weekly, {line: {"price_unit": 5}}, True)
        with self._answering():
            self._run(date(2026, 1, 2), date(2026, 1, 3))
        self.assertEqual(subscription.invoice_ids.move_type, "out_refund")
        self.assertFalse(subscription.invoice_ids.transaction_ids)

    def test_a_cancelled_bill_is_not_charged(self):
        subscription = self._subscribe(self._create_plan(retry_days=1))
        with self._answering(False):
            self._run(date(2026, 2, 15))
            subscription.invoice_ids.button_draft()
            self._run(date(2026, 2, 16))
            subscription.invoice_ids.button_cancel()
            self._run(date(2026, 2, 17), date(2026, 2, 20))
        self.assertFalse(subscription.period_ids[-1].date_charge)

    def test_a_draft_is_charged_once_it_is_posted(self):
        self._set_parameter("subscription_invoices", "draft")
        subscription = self._subscribe()
        with self._answering(True) as left:
            self._run(date(2026, 2, 15), date(2026, 2, 16))
            self.assertEqual(left, [True])
            subscription.invoice_ids.action_post()
            self._run(date(2026, 2, 17))
        self.assertIn(subscription.invoice_ids.payment_state, ("paid", "in_payment"))

    def test_what_the_customer_is_about_to_pay_is_not_charged(self):
        subscription = self._subscribe(self._create_plan(retry_days=1))
        with self._answering(False, True) as left:
            self._run(date(2026, 2, 15))
            own = self._create_transaction(
                "redirect",
                amount=30,
                currency_id=subscription.currency_id.id,
                reference="own",
                invoice_ids=[Command.set(subscription.invoice_ids.ids)],
            )
            own._set_pending()
            self._run(date(2026, 2, 16), date(2026, 2, 18))
            self.assertEqual(left, [True])
            own._set_canceled()
            self._run(date(2026, 2, 19))
        self.assertFalse(left)

    # Slow and broken providers

    def test_a_pending_charge_that_fails_later_is_tried_again(self):
        subscription = self._subscribe(self._create_plan(retry_count=1, retry_days=2))
        with self._answering("pending", False):
            self._run(date(2026, 2, 15), date(2026, 2, 17))
            period = subscription.period_ids[-1]
            self.assertEqual(len(subscription.invoice_ids.transaction_ids), 1)
            period.sudo().transaction_id._set_error("Account closed")
            self._run(date(2026, 2, 18))
            self.assertEqual((period.tries, subscription.state), (1, "active"))
            self._run(date(2026, 2, 20))
        self.assertEqual(subscription.state, "in_arrears")

    def test_a_pending_charge_that_is_done_later_is_no_second_one(self):
        subscription = self._subscribe()
        with self._answering("pending"):
            self._run(date(2026, 2, 15), date(2026, 2, 17))
            transaction = subscription.invoice_ids.transaction_ids
            transaction._set_done()
            transaction._post_process()
            self._run(date(2026, 2, 18), date(2026, 2, 20))
        self.assertIn(subscription.invoice_ids.payment_state, ("paid", "in_payment"))
        self.assertFalse(subscription.period_ids[-1].date_charge)

    def test_a_charge_that_stays_pending_is_for_a_person_to_check(self):
        subscription = self._subscribe()
        with self._answering("pending"):
            self._run(date(2026, 2, 15), date(2026, 3, 5))
        self.assertEqual(
            subscription.activity_ids.summary, "Check a payment with the provider"
        )

    def test_a_broken_charge_stops_no_other(self):
        subscriptions = self._subscribe() + self._subscribe()
        with self._answering(ZeroDivisionError("Broken"), True) as left:
            self._run(date(2026, 2, 15), date(2026, 2, 16))
        self.assertFalse(left)
        broken, fine = subscriptions.invoice_ids.sorted("payment_state")
        self.assertEqual(broken.payment_state, "not_paid")
        self.assertIn(fine.payment_state, ("paid", "in_payment"))
        activity = broken.opportunity_subscription_id.activity_ids
        self.assertEqual(activity.summary, "Check a payment with the provider")

    def test_a_conflict_stops_no_other(self):
        self._subscribe()
        self._subscribe()
        Period, clashes = self.registry["opportunity.subscription.period"], [1]
        charge = Period._charge

        def clash(period, day):
            if clashes:
                clashes.pop()
                raise SerializationFailure()
            charge(period, day)

        with (
            self._answering(True) as left,
            patch.object(Period, "_charge", clash),
            patch.object(self.env.cr, "rollback") as rollback,
        ):
            self._run(date(2026, 2, 15))
        self.assertFalse(left)
        rollback.assert_called_once()

    def test_a_method_that_was_removed_stops_no_other(self):
        plan = self._create_plan(retry_count=0)
        removed, fine = self._subscribe(plan), self._subscribe()
        removed.with_user(self.accountant).payment_token_id = self.token.copy()
        removed.sudo().payment_token_id.active = False
        with self._answering(True) as left:
            self._run(date(2026, 2, 15))
        self.assertFalse(left)
        self.assertIn(fine.invoice_ids.payment_state, ("paid", "in_payment"))
        self.assertEqual(removed.state, "in_arrears")
        self.assertIn("archived token", removed.activity_ids.note)

    def test_charges_that_are_left_are_made_soon(self):
        self._subscribe()
        self._subscribe()
        left = []

        def commit(cron, processed=0, *, remaining=None):
            left.append(remaining)
            return 0.0

        with (
            freeze_time("2026-02-15"),
            self._answering(True) as answers,
            patch.object(self.registry["ir.cron"], "_commit_progress", commit),
        ):
            self.Subscription._cron_bill_due()
        self.assertFalse(answers)
        self.assertEqual(left[-1], 1)

    # In arrears

    def test_what_is_over_is_not_in_arrears(self):
        plan = self._create_plan(retry_count=1, retry_days=1)
        subscription = self._subscribe(plan)
        with self._answering(False, False):
            self._run(date(2026, 2, 15))
            subscription.action_cancel("Moved away")
            self._run(date(2026, 2, 16))
        self.assertEqual(subscription.state, "cancelled")
        self.assertEqual(subscription.activity_ids.summary, "Payment refused")

    def test_a_bill_that_is_credited_leaves_no_arrears(self):
        subscription = self._subscribe(self._create_plan(retry_count=0))
        with self._answering(False):
            self._run(date(2026, 2, 15))
            self.assertEqual(subscription.state, "in_arrears")
            self._credit(subscription.invoice_ids)
            self._run(date(2026, 2, 16))
        self.assertEqual(subscription.state, "active")

from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import OfferCommon
from .subscription_common import SubscriptionCommon


@tagged("post_install", "-at_install")
class TestOpportunitySubscriptionMovement(SubscriptionCommon, OfferCommon):
    def _get_movements(self, subscription):
        return [
            (f"{row.date:%m-%d}", row.kind, row.amount_currency)
            for row in subscription.movement_ids.sorted("id")
        ]

    def _on(self, day, subscription, action, *args):
        with freeze_time(day):
            getattr(subscription.with_user(self.accountant), action)(*args)

    def test_a_new_subscription_is_a_movement(self):
        subscription = self._subscribe(
            self._create_plan(interval_unit="year"), date(2026, 1, 15)
        )
        self.assertEqual(self._get_movements(subscription), [("01-15", "new", 2.5)])
        self.assertRecordValues(
            subscription.movement_ids,
            [
                {
                    "partner_id": self.customer.id,
                    "plan_id": subscription.plan_id.id,
                    "user_id": self.user_sales_salesman.id,
                    "company_id": self.env.company.id,
                }
            ],
        )
        self._run(date(2026, 1, 15), date(2026, 1, 20))
        self.assertEqual(len(subscription.movement_ids), 1)

    def test_what_started_before_counts_from_then_on(self):
        subscription = self._subscribe(
            day=date(2026, 1, 15), subscription_date_start=date(2026, 1, 2)
        )
        self.assertEqual(self._get_movements(subscription), [("01-02", "new", 30)])

    def test_a_trial_brings_something_once_it_is_over(self):
        subscription = self._subscribe(
            self._create_plan(trial_days=10), date(2026, 1, 1)
        )
        self.assertFalse(subscription.movement_ids)
        # two days late
        self._run(date(2026, 1, 13))
        self.assertEqual(self._get_movements(subscription), [("01-11", "new", 30)])

    def test_what_is_older_than_the_movements_is_noted_once(self):
        trial = self._create_plan(trial_days=10)
        old = self._subscribe(day=date(2026, 1, 15))
        late = self._subscribe(trial, day=date(2026, 1, 15))
        self._run(date(2026, 1, 25))
        (old + late).movement_ids.sudo().unlink()
        for _time in range(2):
            self.Subscription._note_earlier()
            self.assertEqual(self._get_movements(old), [("01-15", "new", 30)])
            self.assertEqual(self._get_movements(late), [("01-25", "new", 30)])

    def test_the_end_and_a_renewal(self):
        subscription = self._subscribe(self._create_plan(cycles=1), date(2026, 1, 15))
        self._run(date(2026, 2, 17))
        self._on("2026-03-01", subscription, "action_renew")
        self.assertEqual(
            self._get_movements(subscription),
            [("01-15", "new", 30), ("02-15", "churn", -30)]
            + [("03-01", "reactivation", 30)],
        )

    def test_a_pause_brings_nothing(self):
        subscription = self._subscribe(day=date(2026, 1, 15))
        self._on("2026-01-20", subscription, "action_pause")
        self._on("2026-01-25", subscription, "action_resume")
        self._on("2026-01-27", subscription, "action_cancel", "Enough")
        self.assertEqual(
            self._get_movements(subscription)[1:],
            [("01-20", "churn", -30), ("01-25", "reactivation", 30)]
            + [("01-27", "churn", -30)],
        )

    def test_lines_that_change_together_are_one_movement(self):
        subscription = self._subscribe(lines=[{}, {"product_uom_qty": 2}])
        first, second = subscription.line_ids
        with freeze_time("2026-01-20"):
            subscription._change_lines(
                {first: {"quantity": 3}, second: {"quantity": 1}}
            )
        with freeze_time("2026-01-21"):
            manager = subscription.with_user(self.user_sales_manager)
            manager.line_ids = [
                Command.update(first.id, {"price_unit": 10}),
                Command.update(second.id, {"price_unit": 20}),
            ]
        with freeze_time("2026-01-22"):
            first.with_user(self.user_sales_manager).discount = 50
        self.assertEqual(
            self._get_movements(subscription)[1:],
            [("01-20", "expansion", 30), ("01-21", "contraction", -70)]
            + [("01-22", "contraction", -15)],
        )

    def test_another_plan_is_one_movement(self):
        subscription = self._subscribe(day=date(2026, 1, 15))
        yearly = self._create_plan(interval_unit="year")
        with freeze_time("2026-01-20"):
            line = subscription.sudo().line_ids
            subscription.sudo()._change_plan(yearly, {line: {"price_unit": 300}})
        movement = subscription.movement_ids.sorted("id")[1:]
        self.assertEqual((movement.kind, movement.amount_currency), ("contraction", -5))
        self.assertEqual(movement.plan_id, yearly)

    def test_an_order_cancelled_and_confirmed_again(self):
        order = self._sell(day=date(2026, 1, 15))
        with freeze_time("2026-01-16"):
            order._action_cancel()
        with freeze_time("2026-01-18"):
            order.action_draft()
            order.action_confirm()
        self.assertEqual(
            self._get_movements(order.subscription_ids)[1:],
            [("01-16", "churn", -30), ("01-18", "reactivation", 30)],
        )

    def test_amounts_of_the_company_are_at_the_rate_of_the_day(self):
        euros = self._create_currency("EUR", 2.0)
        pricelist = self._create_pricelist(euros)
        subscription = self._subscribe(day=date(2026, 1, 15), pricelist_id=pricelist.id)
        euros.rate_ids = [Command.create({"name": "2026-01-20", "rate": 4.0})]
        self._on("2026-01-21", subscription, "action_cancel", "Enough")
        new, churn = subscription.movement_ids.sorted("id")
        self.assertEqual((new.amount_currency, new.amount), (60, 30))
        self.assertEqual((churn.amount_currency, churn.amount), (-60, -15))

    def test_movements_follow_the_subscription_and_nobody_writes_them(self):
        movement = self._subscribe().movement_ids
        for user in (self.user_sales_salesman, self.accountant):
            self.assertEqual(movement.with_user(user).read(["kind"])[0]["kind"], "new")
        stranger = movement.with_user(self.user_sales_leads)
        foreign = self._sell(user_id=self.user_sales_leads.id).subscription_ids
        foreign.order_id.opportunity_id = False
        self.env.invalidate_all()
        salesman = foreign.movement_ids.with_user(self.user_sales_salesman)
        with self.assertRefused(AccessError):
            salesman.read(["kind"])
        for user in (stranger.env.user, self.user_sales_manager, self.accountant):
            with self.assertRefused(AccessError):
                movement.with_user(user).write({"amount": 1})
            with self.assertRefused(AccessError):
                movement.with_user(user).unlink()

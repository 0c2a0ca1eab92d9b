from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from ..tools.subscription_due import take_due
from .subscription_common import SubscriptionCommon


@tagged("post_install", "-at_install")
class TestOpportunitySubscription(SubscriptionCommon):
    # How it starts

    def test_a_confirmed_order_starts_a_subscription_with_the_terms_as_sold(self):
        plan = self._create_plan(interval_count=3, cycles=4)
        order = self._sell(plan, date(2026, 1, 15))
        self.assertRecordValues(
            order.subscription_ids,
            [
                {
                    "partner_id": self.customer.id,
                    "lead_id": self.opportunity.id,
                    "plan_id": plan.id,
                    "state": "active",
                    "date_start": date(2026, 1, 15),
                    "date_next": date(2026, 4, 15),
                    "cycles_total": 4,
                    "cycles_done": 1,
                    "interval_count": 3,
                    "recurring_amount": 30,
                    "mrr": 10,
                }
            ],
        )
        self.assertEqual(self.opportunity.subscription_ids, order.subscription_ids)

    def test_lines_with_the_same_plan_share_a_subscription(self):
        yearly = self._create_plan(interval_unit="year")
        order = self._sell(
            lines=[
                {"product_uom_qty": 2},
                {"product_id": self.desk.id},
                {"opportunity_plan_id": yearly.id},
                {"opportunity_plan_id": False, "product_id": self.desk.id},
            ]
        )
        by_plan = {row.plan_id: row for row in order.subscription_ids}
        self.assertEqual(set(by_plan), {self.monthly, yearly})
        lines = by_plan[self.monthly].line_ids
        self.assertEqual(
            lines.mapped(lambda line: (line.product_id, line.quantity)),
            [(self.support, 2), (self.desk, 1)],
        )
        self.assertEqual(by_plan[self.monthly].recurring_amount, 160)

    def test_orders_without_plans_start_nothing(self):
        self.assertFalse(self._create_order().subscription_ids)
        order = self._sell(lines=[{"product_uom_qty": 0}])
        self.assertFalse(order.subscription_ids)

    def test_the_order_bills_the_first_period(self):
        subscription = self._subscribe()
        self._run(date(2026, 2, 14))
        self.assertFalse(subscription.invoice_ids)
        self.assertRecordValues(
            subscription.period_ids,
            [
                {
                    "number": 1,
                    "date_start": date(2026, 1, 15),
                    "date_end": date(2026, 2, 14),
                    "amount": 30,
                    "state": "order",
                }
            ],
        )

    def test_a_line_added_to_a_confirmed_order_joins(self):
        order = self._sell()
        order.order_line.copy({"order_id": order.id, "product_uom_qty": 3})
        self.assertEqual(order.subscription_ids.recurring_amount, 120)

    def test_another_plan_on_the_order_bills_nothing_twice(self):
        self._set_parameter("subscription_order_cancel", "ask")
        order = self._sell()
        started = order.subscription_ids
        with freeze_time("2026-01-16"):
            order._action_cancel()
            order.action_draft()
            order.order_line.opportunity_plan_id = self._create_plan()
            order.action_confirm()
        self.assertEqual(order.subscription_ids, started)

    # How it is billed

    def test_each_period_is_billed_on_its_first_day(self):
        subscription = self._subscribe(day=date(2026, 1, 31))
        self._run(date(2026, 2, 1), date(2026, 5, 31))
        self.assertEqual(
            self._get_bills(subscription),
            [("02-28", 30), ("03-31", 30), ("04-30", 30), ("05-31", 30)],
        )
        self.assertEqual(set(subscription.invoice_ids.mapped("state")), {"posted"})
        self.assertEqual(subscription.date_next, date(2026, 6, 30))

    def test_after_some_days_without_a_run_it_catches_up_period_by_period(self):
        plan = self._create_plan(interval_unit="day")
        subscription = self._subscribe(plan, date(2026, 1, 1))
        self._run(date(2026, 1, 4))
        self.assertEqual(
            self._get_bills(subscription), [("01-02", 30), ("01-03", 30), ("01-04", 30)]
        )

    def test_the_run_stops_at_its_limit_and_goes_on_later(self):
        first, second = self._subscribe(), self._subscribe()
        self._run(date(2026, 2, 20), limit=1)
        self.assertEqual(len((first + second).invoice_ids), 1)
        self._run(date(2026, 2, 20))
        self.assertEqual(self._get_bills(first), self._get_bills(second))

    def test_exactly_the_sold_number_of_bills(self):
        subscription = self._subscribe(self._create_plan(cycles=3), date(2026, 1, 15))
        self._run(date(2026, 1, 16), date(2026, 4, 14))
        self.assertEqual(len(subscription.invoice_ids), 2)
        self.assertEqual(
            (subscription.state, subscription.date_next), ("active", False)
        )
        self._run(date(2026, 4, 15), date(2026, 6, 15))
        self.assertEqual(len(subscription.invoice_ids), 2)
        self.assertEqual(subscription.state, "ended")
        self.assertEqual(subscription.date_end, date(2026, 4, 14))

    def test_a_trial_is_free_and_all_bills_come_after_it(self):
        plan = self._create_plan(cycles=2, trial_days=14)
        subscription = self._subscribe(plan, date(2026, 1, 1))
        self.assertEqual(subscription.state, "trial")
        self._run(date(2026, 1, 2), date(2026, 4, 1))
        self.assertEqual(self._get_bills(subscription), [("01-15", 30), ("02-15", 30)])
        self.assertEqual(
            subscription.period_ids.mapped(lambda row: (row.number, row.state)),
            [(0, "free"), (1, "billed"), (2, "billed")],
        )
        self.assertEqual(subscription.state, "ended")

    def test_the_first_bills_ask_the_introductory_price(self):
        plan = self._create_plan(intro_cycles=3, intro_price=10, cycles=4)
        line = {"price_unit": 10, "recurring_price_unit": 30}
        subscription = self._subscribe(plan, lines=[line])
        self._run(date(2026, 1, 16), date(2026, 7, 1))
        self.assertEqual(
            self._get_bills(subscription), [("02-15", 10), ("03-15", 10), ("04-15", 30)]
        )

    def test_trial_introduction_and_end_together(self):
        plan = self._create_plan(
            trial_days=7, intro_cycles=1, intro_price=5, cycles=3, interval_unit="week"
        )
        line = {"price_unit": 0, "recurring_price_unit": 30}
        subscription = self._subscribe(plan, date(2026, 1, 1), lines=[line])
        self._run(date(2026, 1, 1), date(2026, 3, 1))
        self.assertEqual(
            self._get_bills(subscription), [("01-08", 5), ("01-15", 30), ("01-22", 30)]
        )

    def test_a_short_first_period_after_a_trial_is_prorated(self):
        plan = self._create_plan(trial_days=9, anchor_day=15)
        subscription = self._subscribe(plan, date(2026, 1, 1))
        self._run(date(2026, 1, 1), date(2026, 3, 1))
        self.assertEqual(
            self._get_bills(subscription),
            [("01-10", 4.84), ("01-15", 30), ("02-15", 30)],
        )

    def test_what_the_order_asked_too_much_goes_off_the_next_bill(self):
        subscription = self._subscribe(
            self._create_plan(anchor_day=15), date(2026, 1, 10)
        )
        self._run(date(2026, 1, 11), date(2026, 3, 1))
        # 26 of 31 days
        self.assertEqual(
            self._get_bills(subscription), [("01-15", 30 - 25.16), ("02-15", 30)]
        )

    def test_without_prorating_a_short_first_period_asks_all(self):
        plan = self._create_plan(anchor_day=15, prorate=False)
        subscription = self._subscribe(plan, date(2026, 1, 10))
        self._run(date(2026, 1, 11), date(2026, 2, 1))
        self.assertEqual(self._get_bills(subscription), [("01-15", 30)])

    def test_a_free_period_needs_no_invoice(self):
        plan = self._create_plan(intro_cycles=2)
        line = {"price_unit": 0, "recurring_price_unit": 30}
        subscription = self._subscribe(plan, lines=[line])
        self._run(date(2026, 1, 16), date(2026, 3, 15))
        self.assertEqual(self._get_bills(subscription), [("03-15", 30)])
        self.assertEqual(
            subscription.period_ids.mapped("state"), ["order", "free", "billed"]
        )

    def test_the_scheduled_action_bills(self):
        subscription = self._subscribe()
        cron = self.env.ref("sales_opportunity_classic.ir_cron_bill_due")
        with freeze_time("2026-02-15"), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(self._get_bills(subscription), [("02-15", 30)])

    def test_due_work_is_found_by_its_index(self):
        for other in ("enable_seqscan", "enable_bitmapscan", "enable_sort"):
            self.env.cr.execute(SQL("SET LOCAL %s = off", SQL.identifier(other)))
        statement = take_due(date(2026, 2, 15), 100)
        plan = self.env.execute_query(SQL("EXPLAIN %s", statement))
        self.assertIn("opportunity_subscription_due_idx", str(plan))

    def test_a_recurring_discount_is_billed_as_it_was_sold(self):
        lines = [{"product_uom_qty": 3}, {"name": "Discount", "price_unit": -10}]
        subscription = self._subscribe(lines=lines)
        self._run(date(2026, 2, 15))
        self.assertEqual(self._get_bills(subscription), [("02-15", 80)])

    def test_a_salesperson_who_may_not_read_it_holds_up_nothing(self):
        subscription = self._subscribe()
        self.user_sales_salesman.active = False
        subscription.team_id.user_id = False
        subscription.sudo()._get_engine().browse(subscription.ids)._park(
            ValueError("No journal")
        )
        self.assertFalse(subscription.activity_ids)
        self.assertIn("No journal", subscription.message_ids[0].body)

    def test_without_a_salesperson_the_team_leader_is_told(self):
        subscription = self._subscribe()
        subscription.team_id.user_id = self.user_sales_manager
        subscription.order_id.user_id = False
        subscription.sudo()._park(ValueError("No journal"))
        self.assertEqual(subscription.activity_ids.user_id, self.user_sales_manager)

    def test_merged_customers_keep_their_subscriptions(self):
        subscription = self._subscribe()
        twin = self.env["res.partner"].create({"name": "Twin"})
        merge = self.env["base.partner.merge.automatic.wizard"]
        merge._merge((self.customer + twin).ids, twin)
        self.assertEqual(subscription.partner_id, twin)
        self.assertEqual(subscription.movement_ids.partner_id, twin)
        self._run(date(2026, 2, 15))
        self.assertEqual(subscription.invoice_ids.partner_id, twin)

    def test_another_company_bills_in_its_own_books(self):
        company = self.setup_other_company(name="Branch")["company"]
        order = self._sell(
            company_id=company.id, opportunity_id=False, user_id=self.env.uid
        )
        self._run(date(2026, 2, 15))
        invoice = order.subscription_ids.invoice_ids
        self.assertEqual((invoice.company_id, invoice.state), (company, "posted"))
        self.assertEqual(invoice.journal_id.company_id, company)

    def test_archived_customers_and_products_are_billed(self):
        subscription = self._subscribe()
        self.customer.active = self.support.active = False
        self._run(date(2026, 2, 15))
        self.assertEqual(self._get_bills(subscription), [("02-15", 30)])

    # How it ends

    def test_a_cancelled_subscription_is_billed_no_more(self):
        subscription = self._subscribe()
        with freeze_time("2026-01-20"):
            subscription.with_user(self.user_sales_manager).action_cancel("Moved away")
        self._run(date(2026, 2, 15), date(2026, 3, 15))
        self.assertRecordValues(
            subscription,
            [{"state": "cancelled", "end_reason": "Moved away", "date_next": False}],
        )
        self.assertFalse(subscription.invoice_ids)
        with self.assertRefused(UserError, "is over already"):
            subscription.action_cancel()

    def test_it_can_be_cancelled_for_the_end_of_the_period(self):
        subscription = self._subscribe()
        with freeze_time("2026-01-20"):
            subscription.with_user(self.accountant).action_cancel(at_period_end=True)
        self.assertEqual(
            (subscription.state, subscription.date_next), ("active", False)
        )
        self._run(date(2026, 1, 20), date(2026, 3, 20))
        self.assertEqual(subscription.state, "cancelled")
        self.assertEqual(subscription.date_end, date(2026, 2, 14))
        self.assertFalse(subscription.invoice_ids)

    # Who may do what

    def test_who_may_read_the_order_reads_the_subscription(self):
        subscription = self._subscribe()
        stranger = new_test_user(
            self.env, "stranger", groups="sales_team.group_sale_salesman"
        )
        readers = (
            self.user_sales_salesman,
            self.user_sales_leads,
            self.user_sales_manager,
            self.accountant,
        )
        parts = (subscription, subscription.line_ids, subscription.period_ids)
        for records in parts:
            for user in readers:
                found = records.with_user(user).search([("id", "in", records.ids)])
                self.assertEqual(found, records, user.login)
            theirs = records.with_user(stranger)
            self.assertFalse(theirs.search([]))
            with self.assertRefused(AccessError):
                theirs.read(["company_id"])

    def test_salespeople_change_nothing(self):
        subscription = self._subscribe().with_user(self.user_sales_salesman)
        for operation in (
            subscription.action_cancel,
            subscription.action_retry,
            subscription.unlink,
            lambda: subscription.write({"name": "Mine"}),
            lambda: subscription.line_ids.write({"price_unit": 1}),
            lambda: subscription.period_ids.write({"amount": 1}),
            lambda: subscription.copy(),
        ):
            with self.assertRefused(AccessError):
                operation()

    def test_what_the_engine_writes_nobody_else_writes(self):
        subscription = self._subscribe()
        for user in (self.user_sales_manager, self.accountant):
            own = subscription.with_user(user)
            for values in (
                {"state": "active"},
                {"date_due": "2020-01-01"},
                {"cycles_done": 0},
                {"cycles_total": 99},
                {"order_id": False},
                {"period_ids": [(5, 0, 0)]},
            ):
                with self.assertRefused(AccessError):
                    own.write(values)
            with self.assertRefused(AccessError):
                own.line_ids.write({"product_id": self.desk.id})
            with self.assertRefused(AccessError):
                own.unlink()

    def test_companies_stay_apart(self):
        subscription = self._subscribe()
        company = self.env["res.company"].create({"name": "Elsewhere"})
        user = new_test_user(
            self.env,
            "elsewhere",
            groups="sales_team.group_sale_manager,account.group_account_invoice",
            company_id=company.id,
        )
        self.assertFalse(subscription.with_user(user).search([]))

    def test_a_customer_with_subscriptions_stays(self):
        order = self._sell()
        with self.assertRefused(UserError, "has subscriptions. Archive"):
            self.customer.unlink()
        order.action_cancel()
        with self.assertRefused(UserError, "has subscriptions"):
            order.unlink()
        with self.assertRefused(AccessError):
            order.subscription_ids.with_user(self.user_sales_manager).unlink()

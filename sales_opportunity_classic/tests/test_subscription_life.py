from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .subscription_common import SubscriptionCommon


@tagged("post_install", "-at_install")
class TestSubscriptionLife(SubscriptionCommon):
    def _on(self, day, subscription, action, *args):
        """Press a button as an accountant on some day."""
        with freeze_time(day):
            getattr(subscription.with_user(self.accountant), action)(*args)

    def _change(self, day, subscription, **values):
        """Use the dialog as an accountant; ``lines`` are the new quantity and price."""
        lines = values.pop("lines", ())
        with freeze_time(day):
            Change = self.env["opportunity.subscription.change"]
            Change = Change.with_user(self.accountant)
            form = Form(Change.with_context(active_id=subscription.id))
            for name, value in values.items():
                setattr(form, name, value)
            for number, (quantity, price) in enumerate(lines):
                with form.line_ids.edit(number) as line:
                    line.quantity, line.price_unit = quantity, price
            form.save().action_change()

    # Pauses

    def test_a_pause_shifts_the_dates(self):
        subscription = self._subscribe(day=date(2026, 1, 15))
        self._on("2026-01-25", subscription, "action_pause")
        self._run(date(2026, 1, 26), date(2026, 3, 4))
        self.assertFalse(subscription.invoice_ids)
        self._on("2026-03-05", subscription, "action_resume")
        # 39 days later than 15 February
        self.assertEqual(subscription.date_next, date(2026, 3, 26))
        self.assertEqual(subscription.period_ids.date_end, date(2026, 3, 25))
        self._run(date(2026, 3, 6), date(2026, 5, 1))
        self.assertEqual(self._get_bills(subscription), [("03-26", 30), ("04-26", 30)])

    def test_by_setting_a_pause_keeps_the_dates(self):
        self._set_parameter("subscription_pause", "keep")
        plan = self._create_plan(cycles=3)
        subscription = self._subscribe(plan, date(2026, 1, 15))
        self._on("2026-01-25", subscription, "action_pause")
        self._on("2026-03-20", subscription, "action_resume")
        self.assertEqual(subscription.date_next, date(2026, 4, 15))
        self._run(date(2026, 3, 21), date(2026, 7, 1))
        # as many as were sold
        self.assertEqual(self._get_bills(subscription), [("04-15", 30), ("05-15", 30)])
        self.assertEqual(
            subscription.period_ids.mapped("state"),
            ["order", "skipped", "skipped", "billed", "billed"],
        )

    def test_a_billing_day_is_kept_in_any_case(self):
        subscription = self._subscribe(
            self._create_plan(anchor_day=15), date(2026, 1, 15)
        )
        self._on("2026-01-20", subscription, "action_pause")
        self._on("2026-02-20", subscription, "action_resume")
        self.assertEqual(subscription.date_next, date(2026, 3, 15))

    def test_what_is_due_is_billed_before_the_pause(self):
        subscription = self._subscribe(day=date(2026, 1, 15))
        self._on("2026-02-16", subscription, "action_pause")
        self.assertEqual(self._get_bills(subscription), [("02-15", 30)])

    def test_a_paused_trial_goes_on_as_one(self):
        plan = self._create_plan(trial_days=10)
        subscription = self._subscribe(plan, date(2026, 1, 1))
        self._on("2026-01-05", subscription, "action_pause")
        self._on("2026-01-08", subscription, "action_resume")
        self.assertEqual(subscription.state, "trial")
        self._run(date(2026, 1, 14))
        self.assertEqual(self._get_bills(subscription), [("01-14", 30)])

    def test_only_what_runs_is_paused_and_only_a_pause_resumed(self):
        subscription = self._subscribe()
        with self.assertRefused(UserError, "is Active"):
            subscription.action_resume()
        subscription.action_pause()
        with self.assertRefused(UserError, "is Paused"):
            subscription.action_pause()

    def test_what_ends_on_the_way_is_not_paused_or_changed(self):
        subscription = self._subscribe(self._create_plan(cycles=1), date(2026, 1, 15))
        with self.assertRefused(UserError, "is Ended"):
            self._on("2026-02-15", subscription, "action_pause")
        yearly = self._create_plan(interval_unit="year")
        with self.assertRefused(UserError, "is over already"):
            self._change("2026-02-15", subscription, plan_id=yearly)

    def test_days_of_a_pause_are_not_those_of_the_period(self):
        subscription = self._subscribe(day=date(2026, 1, 1))
        self._on("2026-01-11", subscription, "action_pause")
        self._on("2026-03-11", subscription, "action_resume")
        self._on("2026-03-21", subscription, "action_cancel", "Enough", False, True)
        # 11 of 31 days
        self.assertEqual(self._get_bills(subscription), [("03-21", -10.65)])

    def test_the_days_left_are_credited_during_a_pause(self):
        subscription = self._subscribe(day=date(2026, 1, 1))
        self._on("2026-01-11", subscription, "action_pause")
        self._on("2026-03-11", subscription, "action_cancel", "Enough", False, True)
        # 21 of 31 days
        self.assertEqual(self._get_bills(subscription), [("03-11", -20.32)])

    def test_a_pause_across_its_end_leaves_it_cancelled(self):
        self._set_parameter("subscription_pause", "keep")
        subscription = self._subscribe(day=date(2026, 1, 15))
        self._on("2026-01-16", subscription, "action_cancel", "Enough", True)
        self._on("2026-01-20", subscription, "action_pause")
        self._on("2026-03-20", subscription, "action_resume")
        self._run(date(2026, 4, 15))
        self.assertRecordValues(
            subscription, [{"state": "cancelled", "date_end": date(2026, 2, 14)}]
        )

    # The end, and after it

    def test_what_is_owed_is_settled_with_the_end(self):
        plan = self._create_plan(anchor_day=15)
        subscription = self._subscribe(plan, date(2026, 1, 10))
        self._on("2026-01-12", subscription, "action_cancel", "Enough")
        # 26 of 31 days, which the order asked too much
        self.assertEqual(self._get_bills(subscription), [("01-12", -25.16)])

    def test_what_began_before_is_billed_before_the_end(self):
        for at_period_end, end in ((False, "03-20"), (True, "04-14")):
            subscription = self._subscribe(day=date(2026, 1, 15))
            self._on(
                "2026-03-20", subscription, "action_cancel", "Enough", at_period_end
            )
            self._run(date(2026, 4, 15))
            self.assertEqual(
                self._get_bills(subscription), [("02-15", 30), ("03-15", 30)]
            )
            self.assertEqual(f"{subscription.date_end:%m-%d}", end)

    def test_what_was_billed_is_credited_whatever_comes_next(self):
        subscription = self._subscribe(day=date(2026, 1, 1))
        self._change("2026-01-05", subscription, lines=[(2, 300)])
        subscription.line_ids.with_user(self.accountant).discount = 10
        self._on("2026-01-21", subscription, "action_cancel", "Enough", False, True)
        # 11 of 31 days
        self.assertEqual(self._get_bills(subscription), [("01-21", -10.65)])

    def test_what_was_billed_then_is_credited_after_it(self):
        subscription = self._subscribe(day=date(2026, 1, 1))
        self._change("2026-01-05", subscription, lines=[(2, 300)])
        self._run(date(2026, 2, 1))
        self._on("2026-02-15", subscription, "action_cancel", "Enough", False, True)
        self.assertEqual(
            self._get_bills(subscription), [("02-01", 600), ("02-15", -300)]
        )

    def test_what_was_credited_is_billed_anew(self):
        for day in ("2026-01-01", "2026-01-21"):
            subscription = self._subscribe(day=date(2026, 1, 1))
            self._on(day, subscription, "action_cancel", "Enough", False, True)
            self._on("2026-01-21", subscription, "action_renew")
            self._run(date(2026, 1, 21))
            self.assertEqual(self._get_bills(subscription)[-1], ("01-21", 30))

    def test_a_credit_note_written_by_hand_counts(self):
        subscription = self._subscribe()
        self._run(date(2026, 2, 15))
        credit = self._credit(subscription.invoice_ids, post=False)
        self.assertEqual(subscription.invoice_count, 2)
        credit.unlink()
        self._credit(subscription.invoice_ids)
        totals = self.opportunity.get_order_overview()["totals"]
        self.assertEqual((totals["invoiced"], totals["refunded"]), (30, 30))
        self.assertEqual(totals["due"], 0)

    def test_the_days_left_are_credited_by_request(self):
        subscription = self._subscribe(day=date(2026, 1, 1))
        self._run(date(2026, 2, 1))
        self._on("2026-02-15", subscription, "action_cancel", "No need", False, True)
        moves = subscription.invoice_ids
        credit = moves.filtered(lambda move: move.move_type == "out_refund")
        # 14 of 28 days
        self.assertEqual((credit.amount_untaxed, credit.state), (15, "posted"))
        self.assertEqual(credit.invoice_date, date(2026, 2, 15))
        self.assertEqual(subscription.period_ids[-1].date_end, date(2026, 2, 14))

    def test_a_later_cancellation_is_taken_back(self):
        subscription = self._subscribe()
        self._on("2026-01-20", subscription, "action_cancel", "Perhaps", True)
        subscription.with_user(self.accountant).action_keep()
        self._run(date(2026, 2, 15))
        self.assertEqual(self._get_bills(subscription), [("02-15", 30)])

    def test_it_is_renewed_before_its_end(self):
        subscription = self._subscribe(self._create_plan(cycles=2), date(2026, 1, 15))
        self._run(date(2026, 2, 15))
        self.assertFalse(subscription.date_next)
        self._on("2026-03-01", subscription, "action_renew")
        self._run(date(2026, 3, 2), date(2026, 8, 1))
        self.assertEqual(
            self._get_bills(subscription), [("02-15", 30), ("03-15", 30), ("04-15", 30)]
        )
        self.assertEqual(subscription.state, "ended")

    def test_a_trial_is_renewed_as_one(self):
        subscription = self._subscribe(
            self._create_plan(trial_days=30), date(2026, 1, 1)
        )
        self._on("2026-01-10", subscription, "action_cancel", "Perhaps")
        self._on("2026-01-12", subscription, "action_renew")
        self.assertEqual(subscription.state, "trial")
        self._run(date(2026, 1, 12), date(2026, 1, 31))
        self.assertEqual(self._get_bills(subscription), [("01-31", 30)])

    def test_it_is_renewed_long_after_its_end(self):
        subscription = self._subscribe(self._create_plan(cycles=1), date(2026, 1, 15))
        self._run(date(2026, 2, 15))
        self.assertEqual(subscription.state, "ended")
        self._on("2026-06-03", subscription, "action_renew")
        self._run(date(2026, 6, 3), date(2026, 8, 1))
        self.assertEqual(self._get_bills(subscription), [("06-03", 30)])

    # Changes

    def test_another_quantity_and_price_from_the_next_period_on(self):
        subscription = self._subscribe()
        self._change("2026-01-20", subscription, lines=[(3, 25)])
        self.assertEqual(subscription.recurring_amount, 75)
        self._run(date(2026, 2, 15))
        self.assertEqual(self._get_bills(subscription), [("02-15", 75)])
        self.assertIn("3 x Support", subscription.message_ids[0].body)

    def test_what_began_before_is_billed_at_the_old_price(self):
        subscription = self._subscribe()
        self._change("2026-02-18", subscription, lines=[(1, 25)])
        self._run(date(2026, 3, 15))
        self.assertEqual(self._get_bills(subscription), [("02-15", 30), ("03-15", 25)])

    def test_what_begins_later_gets_another_plan_after_its_first_period(self):
        subscription = self._subscribe(
            day=date(2026, 1, 1), subscription_date_start=date(2026, 2, 1)
        )
        yearly = self._create_plan(interval_unit="year")
        self._change("2026-01-10", subscription, plan_id=yearly, when="now")
        self._run(date(2026, 1, 10), date(2026, 3, 1))
        self.assertEqual(self._get_bills(subscription), [("03-01", 30)])

    def test_a_discount_that_stays_does_not_stop_a_change(self):
        lines = [{"product_uom_qty": 3}, {"name": "Discount", "price_unit": -10}]
        subscription = self._subscribe(lines=lines)
        self._change("2026-01-20", subscription, lines=[(4, 30)])
        self.assertEqual(subscription.recurring_amount, 110)

    def test_what_could_not_be_billed_gets_no_other_plan_today(self):
        subscription = self._subscribe()
        subscription.sudo().is_parked = True
        values = {"plan_id": self._create_plan(interval_unit="year"), "when": "now"}
        with self.assertRefused(UserError, "could not be billed"):
            self._change("2026-02-18", subscription, **values)

    def test_impossible_quantities_are_refused(self):
        subscription = self._subscribe()
        with self.assertRefused(ValidationError, "must be above zero"):
            self._change("2026-01-20", subscription, lines=[(0, 25)])

    def test_another_plan_with_the_next_period(self):
        yearly = self._create_plan(interval_unit="year")
        subscription = self._subscribe(day=date(2026, 1, 15))
        self._change("2026-01-20", subscription, plan_id=yearly, lines=[(1, 300)])
        self.assertEqual((subscription.plan_id, subscription.mrr), (yearly, 25))
        self._run(date(2026, 1, 21), date(2026, 4, 1))
        self.assertEqual(self._get_bills(subscription), [("02-15", 300)])
        self.assertEqual(subscription.date_next, date(2027, 2, 15))

    def test_another_plan_today_credits_what_is_left(self):
        yearly = self._create_plan(interval_unit="year", cycles=2)
        subscription = self._subscribe(day=date(2026, 1, 1))
        self._change(
            "2026-01-21", subscription, plan_id=yearly, when="now", lines=[(1, 300)]
        )
        self._run(date(2026, 1, 21))
        # 11 of 31 days
        self.assertEqual(self._get_bills(subscription), [("01-21", 300 - 10.65)])
        self.assertEqual(subscription.date_next, date(2027, 1, 21))
        self.assertEqual((subscription.cycles_done, subscription.cycles_total), (2, 3))

    def test_another_plan_on_the_first_day_replaces_the_period(self):
        yearly = self._create_plan(interval_unit="year")
        subscription = self._subscribe(day=date(2026, 1, 1))
        self._change(
            "2026-01-01", subscription, plan_id=yearly, when="now", lines=[(1, 300)]
        )
        self._run(date(2026, 1, 1))
        self.assertEqual(self._get_bills(subscription), [("01-01", 270)])
        self.assertEqual(
            set(subscription.period_ids.mapped("state")), {"replaced", "billed"}
        )

    def test_a_cheaper_plan_today_is_a_credit_note(self):
        weekly = self._create_plan(interval_unit="week")
        subscription = self._subscribe(day=date(2026, 1, 1))
        self._change(
            "2026-01-02", subscription, plan_id=weekly, when="now", lines=[(1, 5)]
        )
        self._run(date(2026, 1, 2))
        invoice = subscription.invoice_ids
        self.assertEqual(invoice.move_type, "out_refund")
        # 30 of 31 days less the first week
        self.assertEqual(invoice.amount_untaxed, 24.03)

    # The dialogs

    @freeze_time("2026-01-20")
    def test_the_dialog_of_cancelling_asks_when_and_why(self):
        subscription = self._subscribe()
        Cancel = self.env["opportunity.subscription.cancel"]
        dialog = Cancel.with_user(self.accountant).with_context(
            active_ids=subscription.ids
        )
        form = Form(dialog)
        form.reason = "Moved away"
        form.save().action_cancel()
        self.assertEqual(subscription.date_cancel, date(2026, 2, 15))
        form = Form(dialog)
        form.when, form.reason = "now", "At once"
        form.save().action_cancel()
        self.assertEqual(
            (subscription.state, subscription.end_reason), ("cancelled", "At once")
        )

    def test_salespeople_use_no_button_and_no_dialog(self):
        subscription = self._subscribe().with_user(self.user_sales_salesman)
        for name in ("pause", "resume", "renew", "keep", "change", "open_cancel"):
            with self.assertRefused(AccessError):
                getattr(subscription, f"action_{name}")()
        for model in ("cancel", "change"):
            dialog = self.env[f"opportunity.subscription.{model}"]
            with self.assertRefused(AccessError):
                dialog.with_user(self.user_sales_salesman).create({})

    def test_a_dialog_changes_no_line_of_another_subscription(self):
        own, other = self._subscribe(), self._subscribe()
        change = self.env["opportunity.subscription.change"].with_user(self.accountant)
        change = change.create({"subscription_id": own.id})
        change.line_ids.write({"line_id": other.line_ids.id, "price_unit": 1})
        change.action_change()
        self.assertEqual(other.recurring_amount, 30)
        self.assertEqual(own.recurring_amount, 30)

    # Merging and deleting

    def test_subscriptions_go_with_their_order_when_opportunities_are_merged(self):
        subscription = self._subscribe()
        other = self._create_opportunity(name="Other", expected_revenue=5000)
        leads = (self.opportunity + other).with_user(self.user_sales_manager)
        survivor = leads.merge_opportunity(auto_unlink=True)
        self.assertEqual(subscription.lead_id, survivor)
        self.assertEqual(survivor.subscription_ids, subscription)

    def test_without_its_opportunity_it_stays(self):
        subscription = self._subscribe()
        self.opportunity.sudo().unlink()
        self.assertFalse(subscription.lead_id)
        self._run(date(2026, 2, 15))
        self.assertEqual(self._get_bills(subscription), [("02-15", 30)])

    def test_its_bills_stand_in_the_orders_tab(self):
        subscription = self._subscribe()
        self._run(date(2026, 2, 15))
        overview = self.opportunity.get_order_overview()
        self.assertEqual(
            [row["id"] for row in overview["moves"]], subscription.invoice_ids.ids
        )
        self.assertEqual(overview["totals"]["invoiced"], 30)

    def test_a_bill_is_not_deleted(self):
        self._set_parameter("subscription_invoices", "draft")
        subscription = self._subscribe()
        self._run(date(2026, 2, 15))
        with self.assertRefused(UserError, "This is a bill of the subscription"):
            subscription.invoice_ids.unlink()
        with self.assertRefused(UserError, "was billed"):
            subscription.sudo().unlink()

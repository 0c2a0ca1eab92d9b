from datetime import date

from freezegun import freeze_time
from psycopg2.errors import NotNullViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .subscription_common import SubscriptionCommon

ACTIONS = ("retry", "pause", "resume", "cancel", "keep", "renew", "change")
ACTIONS += ("open_cancel",)
PARTS = ("line_ids", "period_ids", "movement_ids")
REPORTS = ("opportunity.report.mrr", "opportunity.report.billing")
SALES = "sales_team.group_sale"


@tagged("post_install", "-at_install")
class TestSubscriptionAccess(SubscriptionCommon):
    """What each person does with a subscription by remote calls, past all screens.

    ``keeper`` keeps the books and has no sales rights, ``elsewhere`` manages sales and
    books in another company, ``colleague`` sells their own only.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.keeper = new_test_user(
            cls.env, "keeper", groups="account.group_account_invoice"
        )
        cls.colleague = new_test_user(cls.env, "colleague", groups=f"{SALES}_salesman")
        cls.elsewhere = new_test_user(
            cls.env,
            "elsewhere",
            groups=f"{SALES}_manager,account.group_account_invoice",
            company_id=company.id,
        )

    def setUp(self):
        super().setUp()
        self.subscription = self._subscribe()
        self.env.flush_all()

    def _as(self, user, records=None, **context):
        self.env.invalidate_all()
        records = self.subscription if records is None else records
        return records.with_user(user).with_context(**context)

    def _open(self, dialog, user, subscription=None, **values):
        Dialog = self.env[f"opportunity.subscription.{dialog}"].with_user(user)
        subscription = subscription or self.subscription
        self.env.invalidate_all()
        ids = {"active_id": subscription.id, "active_ids": subscription.ids}
        return Dialog.with_context(**ids).create(values)

    # Who reads what

    def test_colleagues_and_other_companies_read_nothing(self):
        records = [self.subscription]
        records += [self.subscription[name] for name in PARTS]
        for user in (self.colleague, self.elsewhere):
            for record in records:
                own = self._as(user, record)
                domain = [("id", "in", record.ids)]
                self.assertFalse(own.search(domain))
                self.assertFalse(own._read_group(domain, ["company_id"]))
                self.assertFalse(own.name_search(record.display_name))
                for call in (own.read, own.unlink):
                    with self.assertRefused(AccessError):
                        call()
                with self.assertRefused(UserError):
                    own.export_data(["id", "company_id"])
            for name in REPORTS:
                report = self.env[name].with_user(user)
                self.assertFalse(report.search([]))
                self.assertFalse(report.formatted_read_group([], ["plan_id"]))

    def test_only_who_may_change_it_does_anything(self):
        users = (self.user_sales_salesman, self.user_sales_leads)
        users += (self.colleague, self.elsewhere)
        for user in users:
            own = self._as(user)
            for name in ACTIONS:
                with self.assertRefused(AccessError):
                    getattr(own, f"action_{name}")()
        for user in (self.user_sales_manager, self.keeper):
            own = self._as(user)
            for name in ("pause", "resume", "cancel", "renew"):
                getattr(own, f"action_{name}")()
        self.assertEqual(self.subscription.state, "active")

    def test_what_the_engine_writes_no_screen_saves(self):
        own = self._as(self.user_sales_manager)
        line = self.subscription.line_ids
        for values in (
            {"state": "ended"},
            {"mrr": 1e6},
            {"user_id": self.user_sales_manager.id},
            {"lead_id": False},
            {"invoice_ids": [Command.clear()]},
            {"movement_ids": [Command.clear()]},
            {"line_ids": [Command.create({"product_id": self.desk.id})]},
            {"line_ids": [Command.delete(line.id)]},
            {"line_ids": [Command.update(line.id, {"is_once": True})]},
            {"line_ids": [Command.update(line.id, {"subscription_id": 1})]},
        ):
            with self.assertRefused(AccessError):
                own.web_save(values, {"id": {}})
        data = [[self.subscription.id, "9"]]
        result = own.load([".id", "cycles_total"], data)
        self.assertFalse(result["ids"])
        with self.assertRefused(AccessError):
            own.copy()

    def test_nobody_hangs_it_on_another_record(self):
        other = self._create_order(confirm=False)
        link = {"subscription_ids": [Command.link(self.subscription.id)]}
        lead = self._create_opportunity(self.user_sales_manager)
        for records in (other, lead):
            with self.assertRefused(AccessError):
                self._as(self.user_sales_manager, records).write(link)
                self.env.flush_all()
        with self.assertRefused(AccessError):
            delete = {"subscription_ids": [Command.clear()]}
            self._as(self.user_sales_manager, self.subscription.order_id).write(delete)
            self.env.flush_all()

    def test_a_plan_of_another_company_is_not_sold(self):
        foreign = self._create_plan(company_id=self.elsewhere.company_id.id)
        order = self._sell(self._create_plan(), confirm=False)
        line = self._as(self.user_sales_salesman, order.order_line)
        with self.assertRefused(UserError):
            line.opportunity_plan_id = foreign
            self.env.flush_all()

    def test_salespeople_count_the_invoices_that_they_see(self):
        self._run(date(2026, 2, 15))
        own = self._as(self.user_sales_salesman)
        self.assertEqual(own.invoice_count, 1)
        self.subscription.invoice_ids.invoice_user_id = self.user_sales_leads
        own = self._as(self.user_sales_salesman)
        self.assertEqual(own.invoice_count, 0)
        action = own.action_open_invoices()
        self.assertFalse(own.env["account.move"].search(action["domain"]))
        self.assertEqual(self._as(self.keeper).invoice_count, 1)

    # What customers call

    def test_a_customer_calls_nothing_that_changes(self):
        buyer = new_test_user(self.env, "buyer", groups="base.group_portal")
        buyer.partner_id.parent_id = self.customer
        own = self._as(buyer)
        readable = own.fields_get()
        self.assertEqual(own.read(["name"])[0]["name"], self.subscription.name)
        for name in ACTIONS:
            with self.assertRefused(AccessError):
                getattr(own, f"action_{name}")()
        for name in ("line_ids.price_unit", "plan_id.retry_count", "problem"):
            with self.assertRefused(AccessError):
                own.search([(name, "!=", 5)])
        with self.assertRefused(AccessError):
            own.activity_schedule(summary="Call")
        for name in (*PARTS, "invoice_ids", "payment_token_id", "activity_ids"):
            self.assertNotIn(name, readable)
            with self.assertRefused(AccessError):
                own.read([name])

    # Dialogs

    def test_a_dialog_tells_nothing_of_a_foreign_subscription(self):
        Change = self.env["opportunity.subscription.change"].with_user(self.elsewhere)
        values = {"subscription_id": self.subscription.id}
        spec = {
            "plan_id": {"fields": {"display_name": {}}},
            "company_id": {"fields": {"display_name": {}}},
            "line_ids": {"fields": {"price_unit": {}, "quantity": {}}},
        }
        self.env.invalidate_all()
        with self.assertRefused(AccessError):
            Change.onchange(values, [], spec)
        with mute_logger("odoo.sql_db"), self.assertRefused(NotNullViolation):
            Change.create(values)

    def test_a_dialog_changes_no_foreign_subscription(self):
        with self.assertRefused(AccessError):
            self._open("cancel", self.elsewhere, reason="No").action_cancel()
        self.assertEqual(self.subscription.state, "active")

    def test_a_dialog_changes_its_own_lines_only(self):
        other = self._subscribe(self._create_plan(name="Other"))
        credit = self.subscription.sudo().line_ids._add_credits(0.5, "regular")
        for line, price in ((other.line_ids, 30), (credit, 15)):
            dialog = self._open("change", self.user_sales_manager)
            dialog.line_ids.line_id = line
            dialog.line_ids.price_unit = 1
            dialog.action_change()
            self.assertEqual(line.price_unit, price)

    def test_who_keeps_the_books_changes_the_plan(self):
        yearly = self._create_plan(name="Yearly", interval_unit="year")
        context = {"active_id": self.subscription.id}
        Change = self.env["opportunity.subscription.change"].with_user(self.keeper)
        self.env.invalidate_all()
        with Form(Change.with_context(**context)) as form:
            form.plan_id = yearly
        form.record.action_change()
        self.assertEqual(self.subscription.plan_id, yearly)
        self.assertTrue(yearly.with_user(self.keeper).name_search("Yearly"))

    def test_numbers_that_are_none_are_refused(self):
        for values in (
            {"quantity": float("nan")},
            {"quantity": float("inf")},
            {"price_unit": float("nan")},
            {"price_unit": 1e300},
            {"quantity": -1},
            {"price_unit": -1},
            {"quantity": "x"},
        ):
            with self.assertRefused(ValidationError):
                dialog = self._open("change", self.user_sales_manager)
                dialog.line_ids.write(values)
                dialog.action_change()

    # What comes along with a call

    def test_defaults_of_a_call_change_nothing_that_the_engine_writes(self):
        context = {
            "default_is_once": True,
            "default_invoice_id": 1,
            "default_movement_ids": [
                Command.create({"date": "2020-01-01", "kind": "new", "amount": 9e6})
            ],
            "default_is_refused": True,
            "default_date_charge": "2020-01-01",
        }
        order = self._sell(self._create_plan(name="Lines"), confirm=False)
        with freeze_time("2026-01-15"):
            self._as(self.user_sales_salesman, order, **context).action_confirm()
        sold = order.subscription_ids
        self.assertFalse(sold.line_ids.is_once)
        self.assertFalse(sold.line_ids.invoice_id)
        self.assertEqual(sold.movement_ids.mapped("amount"), [30])
        self.assertFalse(sold.period_ids.is_refused)
        with freeze_time("2026-03-20"):
            manager = self._as(self.user_sales_manager, sold, **context)
            manager.action_pause()
        self.assertFalse(any(sold.period_ids.mapped("is_refused")))
        self.assertEqual(len(sold.invoice_ids), 2)

    def test_no_call_hides_a_movement(self):
        context = {"opportunity_movement_together": True}
        line = self._as(self.user_sales_manager, self.subscription.line_ids, **context)
        line.price_unit = 50
        self.assertEqual(sum(self.subscription.movement_ids.mapped("amount")), 50)
        self._as(self.user_sales_manager, **context).action_cancel("Gone")
        self.assertEqual(sum(self.subscription.movement_ids.mapped("amount")), 0)

    # Junk

    def test_a_reason_of_any_kind_is_kept_or_refused(self):
        own = self._as(self.user_sales_manager)
        own.action_cancel("<b>No\x00</b>", at_period_end=True)
        self.assertEqual(self.subscription.end_reason, "<b>No</b>")
        own.action_keep()
        own.action_cancel({"a": 1}, at_period_end=True)
        own.action_keep()
        self._as(self.accountant, self.subscription.line_ids).name = "Help\x00"
        self._open("cancel", self.accountant, reason="N\x00o").action_cancel()
        self.assertEqual(self.subscription.end_reason, "No")

    def test_what_is_over_keeps_its_reason(self):
        own = self._as(self.user_sales_manager)
        own.action_cancel("Moved away")
        with self.assertRefused(UserError, "is over already"):
            own.action_keep()
        self.assertEqual(self.subscription.end_reason, "Moved away")

    def test_a_start_far_away_is_refused(self):
        for day in (date(9999, 12, 31), date(1, 1, 1)):
            order = self._sell(self._create_plan(trial_days=3), confirm=False)
            with self.assertRefused(ValidationError, "Subscriptions Start"):
                order.subscription_date_start = day
                order.with_user(order.user_id).action_confirm()

    def test_an_order_that_somebody_else_paid_starts_without_their_card(self):
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        token = self.env["payment.token"].create(
            {
                "provider_id": self.dummy_provider.id,
                "payment_method_id": self.payment_method.id,
                "payment_details": "4242",
                "partner_id": stranger.id,
                "provider_ref": "token",
            }
        )
        order = self._sell(self._create_plan(), confirm=False)
        self._pay_online(order, 30, token_id=token.id)
        if order.state != "sale":
            order.action_confirm()
        self.assertTrue(order.subscription_ids)
        self.assertFalse(order.subscription_ids.payment_token_id)

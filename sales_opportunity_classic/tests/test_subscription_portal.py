from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .buy_link_common import get_hidden
from .subscription_common import SubscriptionCommon

PAGE = "/my/subscriptions"


@tagged("post_install", "-at_install")
class TestSubscriptionPortal(SubscriptionCommon, HttpCase):
    """A customer's employee, a stranger who is another customer, and who has a link."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer = new_test_user(cls.env, "buyer", groups="base.group_portal")
        cls.buyer.partner_id.parent_id = cls.customer
        cls.stranger = new_test_user(cls.env, "stranger", groups="base.group_portal")
        cls.plan = cls._create_plan(name="Careful", portal_cancel=True)

    def setUp(self):
        super().setUp()
        self.subscription = self._subscribe(self.plan, date(2026, 1, 15))
        self.url = f"{PAGE}/{self.subscription.id}"
        self.authenticate("buyer", "buyer")

    def _get(self, url, status=200):
        response = self.url_open(url)
        self.assertEqual(response.status_code, status)
        return response.text

    def _assert_home(self, url):
        response = self.url_open(url, allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.assertTrue(response.headers["Location"].endswith("/my"))

    def _cancel(self, token=None, csrf=None, url=None, **values):
        if csrf is None:
            address = f"{self.url}?access_token={token}" if token else self.url
            csrf = get_hidden(self._get(address), "csrf_token")
        values = {"reason": "Too dear", "when": "end", **values}
        if token:
            values["access_token"] = token
        return self.url_open(
            f"{url or self.url}/cancel",
            data={"csrf_token": csrf, **values},
            allow_redirects=False,
        )

    # What customers see

    def test_a_customer_lists_the_subscriptions_of_the_company(self):
        html = self._get(PAGE)
        for text in (self.subscription.name, "Careful", "02/15/2026", "30.00"):
            self.assertIn(text, html)
        self._run(date(2026, 2, 15))
        self.assertIn("03/15/2026", self._get(f"{PAGE}?sortby=name&filterby=running"))
        self.assertNotIn(self.subscription.name, self._get(f"{PAGE}?filterby=over"))

    def test_the_page_shows_plan_phases_periods_and_invoices(self):
        plan = self._create_plan(
            name="Slow", trial_days=10, intro_cycles=1, intro_price=7, cycles=4
        )
        self.subscription = self._subscribe(plan, date(2026, 1, 1))
        self._run(date(2026, 1, 11))
        self.url = f"{PAGE}/{self.subscription.id}"
        html = self._get(self.url)
        invoice = self.subscription.invoice_ids
        for text in (
            "First 10 days",
            "First bill",
            "Then each bill",
            "02/11/2026",
            invoice.name,
            f"/my/invoices/{invoice.id}?access_token=",
            self.subscription.order_id.name,
        ):
            self.assertIn(text, html)
        # this plan cannot be cancelled here
        self.assertNotIn("modal_cancel", html)

    def test_a_draft_invoice_is_not_shown(self):
        self._set_parameter("subscription_invoices", "draft")
        self._run(date(2026, 2, 15))
        self.assertNotIn("/my/invoices/", self._get(self.url))

    def test_the_home_page_counts_them(self):
        counters = {"counters": ["subscription_count"]}
        self.assertEqual(
            self.make_jsonrpc_request("/my/counters", counters),
            {"subscription_count": 1},
        )
        self.assertIn(PAGE, self._get("/my/home"))

    def test_nothing_to_list(self):
        self.authenticate("stranger", "stranger")
        self.assertIn("no subscriptions", self._get(PAGE))
        employee = new_test_user(self.env, "no_sales", groups="base.group_user")
        self.authenticate(employee.login, employee.login)
        self.assertIn("no subscriptions", self._get(PAGE))

    def test_who_has_the_link_sees_it(self):
        self.authenticate(None, None)
        self._assert_home(self.url)
        html = self._get(self.subscription.get_portal_url())
        self.assertIn(self.subscription.name, html)

    # What they do not see

    def test_another_customer_sees_nothing(self):
        self.authenticate("stranger", "stranger")
        self._assert_home(self.url)
        self.assertNotIn(self.subscription.name, self._get(PAGE))
        csrf = get_hidden(self._get("/my/account"), "csrf_token")
        self._cancel(csrf=csrf)
        self.assertFalse(self.subscription.date_cancel)
        foreign = self.subscription.with_user(self.stranger)
        self.env.invalidate_all()
        with self.assertRefused(AccessError):
            foreign.read(["name"])

    def test_a_customer_reads_no_internal_fields_and_writes_none(self):
        own = self.subscription.with_user(self.buyer)
        self.assertEqual(own.read(["name"])[0]["name"], self.subscription.name)
        for name in ("problem", "lead_id", "payment_token_id"):
            with self.assertRefused(AccessError):
                own.read([name])
        for call in (
            lambda: own.write({"line_ids": []}),
            lambda: own.action_cancel("No"),
            lambda: own.line_ids.read(["name"]),
            lambda: own.unlink(),
        ):
            with self.assertRefused(AccessError):
                call()

    def test_hostile_addresses_lead_home_or_nowhere(self):
        huge = 10**30
        for url in (
            f"{PAGE}/0",
            f"{PAGE}/-1",
            f"{PAGE}/{2**31}",
            f"{PAGE}/{huge}",
        ):
            self._assert_home(url)
        self.authenticate("stranger", "stranger")
        for token in ("x", "%00", "%C3%A4", "a" * 5000, "'--"):
            self._assert_home(f"{self.url}?access_token={token}")
        with mute_logger("odoo.http"):
            self._get(f"{PAGE}/abc", 404)
        for query in ("sortby=id%3Bdrop", "filterby=%00", "sortby=%C3%A4"):
            self._get(f"{PAGE}?{query}")
        self._get(f"{PAGE}/page/{huge}")

    # Cancelling

    def test_a_customer_cancels_for_the_end_of_the_period(self):
        with freeze_time("2026-01-20"):
            response = self._cancel()
        self.assertIn(self.url, response.headers["Location"])
        self.assertRecordValues(
            self.subscription,
            [
                {
                    "date_cancel": date(2026, 2, 15),
                    "end_reason": "Too dear",
                    "state": "active",
                }
            ],
        )
        html = self._get(self.url)
        self.assertIn("Cancelled: the first day without it", html)
        self.assertNotIn("modal_cancel", html)
        note = self.subscription.message_ids.filtered(
            lambda message: message.author_id == self.buyer.partner_id
        )
        self.assertIn("Too dear", note.tracking_value_ids.mapped("new_value_char"))
        activity = self.subscription.activity_ids
        self.assertEqual(activity.user_id, self.user_sales_salesman)
        self.assertEqual(activity.summary, "Cancelled by the customer")
        self._run(date(2026, 2, 15))
        self.assertEqual(self.subscription.state, "cancelled")
        self.assertFalse(self.subscription.invoice_ids)

    def test_at_once_only_where_the_plan_allows_it(self):
        self.assertIn("message=refused", self._cancel(when="now").headers["Location"])
        self.assertEqual(self.subscription.state, "active")
        self.plan.portal_cancel_now = True
        self._cancel(when="now")
        self.assertEqual(self.subscription.state, "cancelled")
        # once is enough
        again = self._cancel(csrf=self._get_csrf(), when="now")
        self.assertIn("message=refused", again.headers["Location"])

    def _get_csrf(self):
        return get_hidden(self._get("/my/account"), "csrf_token")

    def test_not_where_the_plan_does_not_allow_it(self):
        self.plan.portal_cancel = False
        response = self._cancel(csrf=self._get_csrf())
        self.assertIn("message=refused", response.headers["Location"])
        self.assertIn("This was not cancelled", self._get(response.headers["Location"]))
        self.assertFalse(self.subscription.date_cancel)

    def test_a_reason_is_needed_and_kept_short(self):
        for reason in ("", "  ", "\x00"):
            response = self._cancel(reason=reason)
            self.assertIn("message=refused", response.headers["Location"])
        self._cancel(reason="<b>x</b>\x00" * 100, when="end")
        self.assertEqual(len(self.subscription.end_reason), 500)
        self.assertNotIn("<b>x</b>", self._get(self.url))

    def test_a_paused_one_ends_at_once(self):
        self.subscription.action_pause()
        self.assertIn("Now; days left", self._get(self.url))
        self._cancel(when="now")
        self.assertEqual(self.subscription.state, "cancelled")

    def test_who_has_the_link_cancels_for_the_customer(self):
        token = self.subscription._portal_ensure_token()
        self.authenticate(None, None)
        self._cancel(token=token)
        self.assertTrue(self.subscription.date_cancel)
        author = self.subscription.message_ids.author_id
        self.assertIn(self.customer, author)

    def test_employees_cancel_here_what_they_may_change(self):
        salesman = self.user_sales_salesman.login
        self.authenticate(salesman, salesman)
        self.assertNotIn("modal_cancel", self._get(self.url))
        self._cancel(csrf=self._get_csrf())
        token = self.subscription._portal_ensure_token()
        self._cancel(csrf=self._get_csrf(), access_token=token)
        self.assertFalse(self.subscription.date_cancel)
        manager = self.user_sales_manager.login
        self.authenticate(manager, manager)
        self._cancel()
        self.assertTrue(self.subscription.date_cancel)

    def test_markup_in_a_reason_stays_text(self):
        self._cancel(reason="<img src=x onerror=alert(1)>")
        messages = self.subscription.message_ids
        self.assertNotIn("<img", str(messages.mapped("body")))
        note = self.subscription.activity_ids.note
        self.assertIn("&lt;img src=x", note)
        self.assertNotIn("<img", note)

    def test_what_is_posted_needs_the_token_of_the_form(self):
        with mute_logger("odoo.http"):
            response = self._cancel(csrf="wrong")
        self.assertEqual(response.status_code, 400)
        self.assertFalse(self.subscription.date_cancel)
        with mute_logger("odoo.http"):
            self._get(f"{self.url}/cancel", 405)

import re
from contextlib import contextmanager

from odoo.sql_db import Cursor
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .buy_link_common import BuyLinkCommon, get_hidden

CHANGES = re.compile(r"^\s*(INSERT|UPDATE|DELETE)|FOR (NO KEY )?UPDATE", re.I)


@tagged("post_install", "-at_install")
class TestBuyLinkRoutes(BuyLinkCommon, HttpCase):
    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def _get_url(self, link=None):
        return f"/opportunity/buy/{self._get_token(link)}"

    def _open(self):
        response = self.url_open(self._get_url())
        self.assertEqual(response.status_code, 200)
        return response.text

    def _post(self, html, *options, url=None, **values):
        """Send the form of a page with these lines ticked."""
        return self.url_open(
            url or self._get_url(),
            data={
                "csrf_token": get_hidden(html, "csrf_token"),
                "revision": get_hidden(html, "revision"),
                "option": [option.id for option in options],
                **values,
            },
            allow_redirects=False,
        )

    @contextmanager
    def assertNothingWritten(self):
        statements = []
        execute = Cursor.execute

        def spy(cursor, query, *args, **kwargs):
            statements.append(str(query))
            return execute(cursor, query, *args, **kwargs)

        self.patch(Cursor, "execute", spy)
        yield
        self.assertTrue(statements)
        self.assertFalse([text for text in statements if CHANGES.search(text)])

    def test_fetching_the_page_changes_nothing(self):
        self._open()
        with self.assertNothingWritten():
            html = self._open()
            for method in ("HEAD", "OPTIONS"):
                self.opener.request(method, self.base_url() + self._get_url())
        self.assertFalse(self.link.open_count)
        self.assertFalse(self.link.order_ids)
        for text in ("Desk", "Lamp", "Ann Prospect", "231.00", "Buy now"):
            self.assertIn(text, html)
        self.assertNotIn("Ten desks", html)

    def test_no_answer_is_kept_indexed_or_referred(self):
        html = self._open()
        answers = (
            self.url_open(self._get_url()),
            self.url_open("/opportunity/buy/x"),
            self._post(html, revision="old"),
            self._post(html),
        )
        self.assertEqual([a.status_code for a in answers], [200, 404, 200, 303])
        for answer in answers:
            self.assertEqual(answer.headers["Cache-Control"], "no-store")
            self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")
            self.assertIn("noindex", answer.headers["X-Robots-Tag"])

    def test_buying_leads_to_the_payment(self):
        response = self._post(self._open(), self.lamp)
        self.assertEqual(response.status_code, 303)
        order = self.link.order_ids
        self.assertIn(
            f"/my/orders/{order.id}?access_token=", response.headers["Location"]
        )
        self.assertEqual(order.amount_total, 286.0)
        portal = self.url_open(response.headers["Location"])
        self.assertIn("o_sale_portal_paynow", portal.text)

    def test_prices_of_the_request_are_not_listened_to(self):
        other = self._create_opportunity(partner_id=self.customer.id)
        foreign = self._offer("Door", 10.0, lead=other, is_optional=True)
        self._post(
            self._open(),
            foreign,
            price_unit="1",
            amount="1",
            amount_total="1",
            currency_id="1",
            partner_id="1",
        )
        order = self.link.order_ids
        self.assertEqual(order.amount_total, 231.0)
        self.assertEqual(order.partner_id, self.customer)

    def test_another_offer_than_the_one_shown_is_shown_first(self):
        html = self._open()
        self.desk.price_unit = 120.0
        for values in ({}, {"revision": ""}, {"revision": "x" * 5000}):
            response = self._post(html, self.lamp, **values)
            self.assertEqual(response.status_code, 200)
            self.assertIn("has changed", response.text)
            self.assertIn("330.00", response.text)
            self.assertFalse(self.link.order_ids)
        self.assertEqual(self._post(response.text, self.lamp).status_code, 303)
        self.assertEqual(self.link.order_ids.amount_total, 330.0)

    def test_pressing_again(self):
        html = self._open()
        first = self._post(html)
        again = self._post(html, self.chair)
        self.assertEqual(first.headers["Location"], again.headers["Location"])
        self.assertEqual(self.link.order_ids.amount_total, 308.0)
        self._pay(self.link.order_ids, state="pending")
        again = self._post(html)
        self.assertEqual(first.headers["Location"], again.headers["Location"])
        self.assertEqual(self.link.order_ids.amount_total, 308.0)

    def test_without_a_way_to_pay_nothing_is_made(self):
        html = self._open()
        self.env["payment.provider"].search([]).is_published = False
        self.assertIn("cannot be paid online", self._open())
        response = self._post(html)
        self.assertEqual(response.status_code, 409)
        self.assertIn("cannot be paid online", response.text)
        self.assertFalse(self.link.order_ids)

    @mute_logger("odoo.http")
    def test_posting_needs_the_csrf_token(self):
        html = self._open()
        for token in ("", "wrong"):
            response = self._post(html, csrf_token=token)
            self.assertEqual(response.status_code, 400)
            response = self.url_open(
                "/opportunity/buy/opened",
                data={"csrf_token": token, "token": self._get_token()},
            )
            self.assertEqual(response.status_code, 400)
        self.assertFalse(self.link.order_ids)
        self.assertFalse(self.link.open_count)

    def test_every_token_that_opens_nothing_gets_the_same_answer(self):
        html, token = self._open(), self._get_token()
        expired = self._create_link(date_expiry="2020-01-01")
        revoked = self._create_link()
        revoked.action_revoke()
        used = self._create_link()
        self._pay(self._buy(link=used))
        wrong = [self._get_token(link) for link in (expired, revoked, used)]
        wrong += ["x", token[:-1], token + "x", token.swapcase(), "a/b", "opened"]
        wrong += [
            "%00",
            "%0A%00",
            "%2Fx",
            "a%2F%0A%00",
            "x/",
            "",
            "%C3%A9",
            "%ff",
            "x" * 60_000,
            "'--",
        ]
        bodies = set()
        for text in wrong:
            response = self.url_open(f"/opportunity/buy/{text}")
            self.assertEqual(response.status_code, 404, text[:60])
            bodies.add(response.content)
            response = self._post(html, url=f"/opportunity/buy/{text}")
            self.assertEqual(response.status_code, 404, text[:60])
            bodies.add(response.content)
            response = self.url_open(
                "/opportunity/buy/opened",
                data={"csrf_token": get_hidden(html, "csrf_token"), "token": text},
            )
            self.assertEqual(response.status_code, 404, text[:60])
            bodies.add(response.content)
        response = self.url_open(
            "/opportunity/buy/opened",
            data={"csrf_token": get_hidden(html, "csrf_token")},
            files={"token": token},
        )
        self.assertEqual(response.status_code, 404)
        bodies.add(response.content)
        self.env["ir.config_parameter"].set_param("database.is_neutralized", True)
        bodies.add(self.url_open(self._get_url()).content)
        self.assertEqual(len(bodies), 1)

    def test_openings_count_once_per_visitor_and_day(self):
        def look(html):
            return self.url_open(
                "/opportunity/buy/opened",
                data={
                    "csrf_token": get_hidden(html, "csrf_token"),
                    "token": self._get_token(),
                },
            ).status_code

        for visitor in (1, 2):
            self.authenticate(None, None)
            html = self._open()
            for _again in range(2):
                self.assertEqual(look(html), 204)
            self.link.invalidate_recordset()
            self.assertEqual(self.link.open_count, visitor)
        self.assertTrue(self.link.date_opened)
        self.authenticate("user_sales_manager", "user_sales_manager")
        look(self._open())
        self.link.invalidate_recordset()
        self.assertEqual(self.link.open_count, 2)

    def test_whoever_is_signed_in_sees_and_buys_the_same(self):
        password = "long enough"
        portal = new_test_user(
            self.env, "portal_visitor", groups="base.group_portal", password=password
        )
        for user in (portal.login, "user_sales_manager", "admin"):
            self.authenticate(user, user if user != portal.login else password)
            html = self._open()
            self.assertIn("231.00", html)
            self.assertEqual(self._post(html).status_code, 303)
            order = self.link.order_ids
            self.assertEqual(len(order), 1)
            self.assertEqual(order.partner_id, self.customer)
            self.assertNotIn(portal.partner_id, order.message_partner_ids)

    def test_the_page_is_in_the_language_of_the_contact(self):
        self.env["res.lang"]._activate_lang("ar_001")
        self.customer.lang = "ar_001"
        view = self.env.ref("sales_opportunity_classic.buy_link_introduction")
        view.update_field_translations("arch_db", {"ar_001": {"Your offer": "عرضكم"}})
        html = self._open()
        self.assertIn("عرضكم", html)
        self.assertIn("o_rtl", html)

    def test_in_the_browser(self):
        self.start_tour(self._get_url(), "opportunity_buy_link")
        self.assertEqual(self.link.order_ids.amount_total, 286.0)
        self.link.invalidate_recordset()
        self.assertEqual(self.link.open_count, 1)

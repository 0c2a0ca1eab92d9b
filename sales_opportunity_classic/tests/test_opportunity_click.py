from datetime import timedelta

from freezegun import freeze_time
from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from ..models import opportunity_click
from .test_opportunity_mail_trace import MANUAL, OFFER, TrackingCommon

SENT = "2026-05-04 10:00:00"
PERSON = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


class ClickCommon(TrackingCommon):
    """An email that was sent at ten, of which the links are known."""

    def setUp(self):
        super().setUp()
        with freeze_time(SENT):
            (mail,) = self._send().values()
        self.token, (self.offer, self.manual) = self._get_tracked(mail)
        (self.token,) = self.token
        self.trace = self._get_trace()
        self.env.flush_all()

    def _visit(self, url, agent=PERSON, after=60, method="GET", **headers):
        moment = fields.Datetime.to_datetime(SENT) + timedelta(seconds=after)
        path = url if url.startswith("http") else self.base_url() + url
        with freeze_time(moment):
            response = self.opener.request(
                method,
                path,
                headers={"User-Agent": agent, **headers},
                allow_redirects=False,
                timeout=30,
            )
        self.env.invalidate_all()
        return response

    def _get_pixel(self):
        return f"/opportunity/o/{self.token}.gif"

    def _get_clicks(self):
        return self.Click.search([("trace_id", "=", self.trace.id)], order="id")

    def _assert_signs(self, *signs):
        self.assertEqual(self._get_clicks().mapped("robot_sign"), list(signs))
        self.assertEqual(
            self._get_clicks().mapped("is_robot"), [bool(sign) for sign in signs]
        )


@tagged("post_install", "-at_install")
class TestOpportunityClick(ClickCommon, HttpCase):
    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def test_a_click_leads_on_and_is_noted(self):
        response = self._visit(self.offer)
        self.assertEqual(response.status_code, 302)
        self.assertEqual(response.headers["Location"], OFFER)
        self.assertEqual(response.headers["Referrer-Policy"], "no-referrer")
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        self.assertNotIn("Set-Cookie", response.headers)
        self.assertRecordValues(
            self._get_clicks(),
            [
                {
                    "lead_id": self.opportunity.id,
                    "partner_id": self.customer.id,
                    "mail_message_id": self.message.id,
                    "kind": "click",
                    "url": OFFER,
                    "date": fields.Datetime.to_datetime("2026-05-04 10:01:00"),
                    "is_robot": False,
                }
            ],
        )
        message = self.message.with_user(self.user_sales_salesman)
        self.assertEqual((message.click_count, message.open_count), (1, 0))
        self.assertFalse(self.opportunity.activity_ids)

    def test_two_links_in_the_same_instant_are_followed_by_a_program(self):
        def refuse(trace):
            raise SerializationFailure()

        self.patch(type(self.trace), "_hold", refuse)
        response = self._visit(self.offer)
        self.assertEqual(response.headers["Location"], OFFER)
        self._visit(self._get_pixel())
        self._assert_signs("burst", False)

    def test_opening_is_noted_where_it_is_allowed(self):
        response = self._visit(self._get_pixel())
        self.assertEqual(response.headers["Content-Type"], "image/gif")
        self.assertEqual(self._get_clicks().mapped("kind"), ["open"])
        self.assertEqual(self.message.open_count, 1)
        self._set_parameter("track_opens", False)
        self._visit(self._get_pixel(), after=600)
        self.assertEqual(len(self._get_clicks()), 1)

    def test_whatever_is_no_token_gets_the_same_answer(self):
        __, __, code = self.offer.rpartition("/")
        other = self.trace.copy({"mail_message_id": False, "partner_id": False})
        first = ALPHABET[ALPHABET.index(self.token[0]) ^ 1]
        bad = [
            "",
            "/",
            self.token,
            f"{self.token}/",
            f"{self.token}/{code[:-1]}",
            f"{self.token}/{code}/",
            f"{self.token}/https://evil.example.com",
            f"{self.token[:-1]}/{code}",
            f"{first}{self.token[1:]}/{code}",
            f"{self.token}x/{code}",
            f"{self.token.lower()}/{code}",
            f"{self.token}%00/{code}",
            f"{self.token}%0A/{code}",
            f"{self.token}/%00",
            f"{self.token}/{code}%00",
            f"{self.token}/%ff%fe",
            f"{other.token}/{code}",
            "é" * 43 + f"/{code}",
            "%ff%fe",
            "' OR 1=1 --",
            "x" * 3000,
        ]
        self.env.flush_all()
        expected = self._get_answer("/opportunity/r/x")
        self.assertEqual(expected[0], 404)
        for address in bad:
            answer = self._get_answer(f"/opportunity/r/{address}")
            self.assertEqual(answer, expected, address)
        for name in ("", self.token[:-1], f"{self.token}x.gif", "é.gif"):
            answer = self._get_answer(f"/opportunity/o/{name}")
            self.assertEqual(answer, expected, name)
        self.assertFalse(self.Click.search([]))

    def _get_answer(self, url):
        response = self._visit(url)
        return response.status_code, response.text

    def test_a_link_of_another_email_is_not_given(self):
        with freeze_time(SENT):
            (mail,) = self._send(
                self.boss, body='<p><a href="https://example.com/secret">x</a></p>'
            ).values()
        __, (secret,) = self._get_tracked(mail)
        self.env.flush_all()
        code = secret.rpartition("/")[2]
        self.assertEqual(
            self._get_answer(f"/opportunity/r/{self.token}/{code}")[0], 404
        )
        self.assertEqual(self._visit(secret).status_code, 302)

    def test_parameters_change_nothing(self):
        response = self._visit(f"{self.manual}?url=https://evil.example.com&token=x")
        self.assertEqual(response.headers["Location"], MANUAL)

    def test_asking_for_the_headers_alone_does_not_count(self):
        response = self._visit(self.offer, method="HEAD")
        self.assertEqual(response.headers["Location"], OFFER)
        self._visit(self._get_pixel(), method="HEAD")
        self.assertFalse(self._get_clicks())

    def test_the_same_within_a_minute_is_one_visit(self):
        for after in (60, 62, 119, 121, 300):
            self._visit(self.offer, after=after)
        self.assertEqual(len(self._get_clicks()), 3)

    def test_a_flood_ends(self):
        self.patch(opportunity_click, "MAX_CLICKS", 3)
        for after in range(60, 60 + 5 * 120, 120):
            self._visit(self.offer, after=after)
        self.assertEqual(len(self._get_clicks()), 3)

    def test_programs_are_told_apart(self):
        self._visit(self.offer, agent="Mozilla/5.0 Barracuda Sentinel")
        self._visit(self.offer, after=200, **{"Sec-Purpose": "prefetch;prerender"})
        self._visit(self.offer, after=400)
        self._assert_signs("agent", "prefetch", False)
        self.assertEqual(self.message.click_count, 1)
        self.assertEqual(self.opportunity.click_count, 1)

    def test_a_person_is_noted_right_after_a_program(self):
        self._visit(self.offer, agent="Barracuda")
        self._visit(self.offer, agent="Barracuda", after=70)
        self._visit(self.offer, after=80)
        self._visit(self.offer, after=90)
        self._assert_signs("agent", False)

    def test_seconds_after_sending_nobody_clicks(self):
        self._visit(self.offer, after=3)
        self._visit(self._get_pixel(), after=4)
        self._assert_signs("early", "early")
        self.assertFalse(self.message.open_count)

    def test_many_links_at_once_are_followed_by_programs(self):
        self._visit(self.offer, after=60)
        self.assertEqual(self.message.click_count, 1)
        self._visit(self.manual, after=60)
        self._assert_signs("burst", "burst")
        self.assertEqual(self.message.click_count, 0)
        self._visit(self.manual, after=300)
        self.assertEqual(self.message.click_count, 1)

    def test_archived_opportunities_and_contacts_are_followed_and_deleted_ones_not(
        self,
    ):
        self.opportunity.sudo().active = False
        self.customer.active = False
        self.env.flush_all()
        self.assertEqual(self._visit(self.offer).status_code, 302)
        self.assertEqual(len(self._get_clicks()), 1)
        self.opportunity.sudo().unlink()
        self.env.flush_all()
        self.assertEqual(self._visit(self.offer).status_code, 404)
        self.assertFalse(self.Click.search([]))

    def test_what_was_noted_goes_with_the_contact(self):
        self._visit(self.offer)
        self.opportunity.partner_id = False
        self.customer.unlink()
        self.assertFalse(self.Click.search([]))
        self.env.flush_all()
        self.assertEqual(self._visit(self.offer).status_code, 404)

    def test_links_lead_on_when_nobody_is_tracked_any_more(self):
        self.customer.opportunity_no_tracking = True
        self.env.flush_all()
        self.assertEqual(self._visit(self.offer).headers["Location"], OFFER)
        self.customer.opportunity_no_tracking = False
        self._set_parameter("track_links", False)
        self.env.flush_all()
        self.assertEqual(self._visit(self.offer).headers["Location"], OFFER)
        self._visit(self._get_pixel())
        self.assertFalse(self._get_clicks())

    def test_rows_follow_the_rights_of_the_opportunity(self):
        self._visit(self.offer)
        mine = self._get_clicks().with_user(self.user_sales_salesman).sudo(False)
        self.assertEqual(mine.read(["url"])[0]["url"], OFFER)
        self._assert_closed(mine)
        self._assert_closed(mine.with_user(self.user_sales_manager))
        self.opportunity.sudo().user_id = self.user_sales_manager
        self.assertFalse(mine.search([]))
        with self.assertRefused(AccessError):
            mine.read(["url"])

    def _assert_closed(self, clicks):
        for operation in (
            lambda: clicks.write({"url": "https://example.com"}),
            lambda: clicks.create({"lead_id": self.opportunity.id}),
            clicks.unlink,
            lambda: clicks.read(["link_id"]),
        ):
            with self.assertRefused(AccessError):
                operation()

    def test_clicked_lately(self):
        self._visit(self.offer)
        leads = self.Lead.with_user(self.user_sales_salesman)
        mine = [("id", "=", self.opportunity.id)]
        with freeze_time("2026-05-08"):
            self.assertTrue(leads.search([*mine, ("date_clicked", ">=", "-7d")]))
        with freeze_time("2026-05-12"):
            self.assertFalse(leads.search([*mine, ("date_clicked", ">=", "-7d")]))
            self.assertTrue(leads.search([*mine, ("date_clicked", "<", "-7d")]))
        action = self.opportunity.with_user(
            self.user_sales_salesman
        ).action_open_clicks()
        self.assertEqual(
            self.Click.search(action["domain"]).lead_id.ids, self.opportunity.ids
        )

import re
from html import unescape

from freezegun import freeze_time
from markupsafe import Markup

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.mail.tests.common import mail_new_test_user

from .common import OpportunityCommon

OFFER = "https://example.com/offer?a=1&b=2&a=3#prices"
MANUAL = "https://example.com/manual"
BODY = f"""
    <p>Read <a class="x" href="{OFFER.replace("&", "&amp;")}">the offer</a> and
    <a href='{MANUAL}'>the manual</a>, or <a href="mailto:me@example.com">write</a>.</p>
"""
TRACKED = re.compile(r"href=\"([^\"]*/opportunity/r/([\w-]{43})/([\w-]{22}))\"")
PIXEL = re.compile(r"<img src=\"[^\"]*/opportunity/o/([\w-]{43})\.gif\"")


class TrackingCommon(OpportunityCommon):
    """An opportunity with a customer who gets an email with two links, where links and
    opens are tracked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_parameter("track_links", "True")
        cls._set_parameter("track_opens", "True")
        cls.Trace = cls.env["opportunity.mail.trace"].sudo()
        cls.Click = cls.env["opportunity.click"].sudo()
        cls.customer, cls.boss, cls.friend = cls.env["res.partner"].create(
            [
                {"name": name, "email": f"{name}@example.com"}
                for name in ("customer", "boss", "friend")
            ]
        )
        cls.opportunity.partner_id = cls.customer

    def _send(self, *partners, body=BODY, lead=None, **values):
        """Post an email as the salesman, and return its copies: {address: its data}"""
        lead = lead or self.opportunity
        with self.mock_mail_gateway():
            self.message = lead.message_post(
                body=Markup(body),
                subject="Our offer",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=[partner.id for partner in partners or (self.customer,)],
                **values,
            )
        return self._get_copies()

    def _get_copies(self):
        return {address: mail for mail in self._mails for address in mail["email_to"]}

    def _get_tracked(self, mail):
        """Return the tokens and addresses of the links of an email."""
        found = TRACKED.findall(mail["body"])
        return {token for __, token, __ in found}, [unescape(url) for url, *__ in found]

    def _assert_original(self, mail):
        self.assertNotIn("/opportunity/", mail["body"])
        self.assertIn(MANUAL, mail["body"])

    def _get_trace(self, partner=None):
        return self.Trace.search(
            [("partner_id", "=", (partner or self.customer).id)], limit=1
        )


@tagged("post_install", "-at_install")
class TestOpportunityMailTrace(TrackingCommon):
    def test_each_recipient_gets_links_of_their_own(self):
        copies = self._send(self.customer, self.boss)
        tokens = set()
        for partner in (self.customer, self.boss):
            mail = copies[f'"{partner.name}" <{partner.email}>']
            own, urls = self._get_tracked(mail)
            self.assertEqual(own, {self._get_trace(partner).token})
            self.assertEqual(len(urls), 2)
            tokens |= own
            self.assertEqual(PIXEL.findall(mail["body"]), list(own))
        self.assertEqual(len(tokens), 2)
        trace = self._get_trace()
        self.assertRecordValues(
            trace,
            [
                {
                    "lead_id": self.opportunity.id,
                    "mail_message_id": self.message.id,
                    "subject": "Our offer",
                    "email": False,
                }
            ],
        )
        self.assertEqual(set(trace.link_ids.mapped("url")), {OFFER, MANUAL})

    def test_emails_sent_together_look_up_their_links_once(self):
        Link = type(self.env["link.tracker"])
        ask, asked = Link._get_of_opportunities, []
        self.patch(
            Link,
            "_get_of_opportunities",
            lambda records, urls: asked.extend(urls) or ask(records, urls),
        )
        values = {
            "model": "crm.lead",
            "res_id": self.opportunity.id,
            "body_html": BODY,
            "track_links": True,
        }
        people = self.customer + self.boss
        with self.mock_mail_gateway():
            self.env["mail.mail"].create(
                [{**values, "recipient_ids": [(4, one.id)]} for one in people]
            ).send()
        self.assertCountEqual(asked, {OFFER, MANUAL})
        for one in people:
            trace = self._get_trace(one)
            self.assertEqual(set(trace.link_ids.mapped("url")), {OFFER, MANUAL})

    def test_what_is_stored_and_the_plain_text_keep_their_links(self):
        (mail,) = self._send().values()
        self.assertIn(MANUAL, mail["body_alternative"])
        self.assertNotIn("/opportunity/", mail["body_alternative"])
        for stored in (self.message.body, *self._new_mails.mapped("body_html")):
            self.assertIn(MANUAL, stored)
            self.assertNotIn("/opportunity/", stored)

    def test_no_personal_data_is_in_an_address(self):
        (mail,) = self._send().values()
        __, urls = self._get_tracked(mail)
        for url in urls:
            self.assertRegex(url, r"^https?://[^/]+/opportunity/r/[\w-]{43}/[\w-]{22}$")

    def test_off_by_the_setting_whatever_the_mail_says(self):
        self._set_parameter("track_links", False)
        for values in ({}, {"track_links": True}):
            (mail,) = self._send(**values).values()
            self._assert_original(mail)
        self.assertFalse(self.Trace.search([]))

    def test_off_for_one_mail(self):
        (mail,) = self._send(track_links=False).values()
        self._assert_original(mail)
        lead = self.opportunity.with_context(opportunity_track_links=False)
        (mail,) = self._send(lead=lead).values()
        self._assert_original(mail)
        self.assertFalse(self.message.track_links)

    def test_no_picture_where_opens_are_not_allowed(self):
        self._set_parameter("track_opens", False)
        (mail,) = self._send().values()
        self.assertFalse(PIXEL.search(mail["body"]))
        self.assertTrue(TRACKED.search(mail["body"]))

    def test_of_three_recipients_one_does_not_want_it(self):
        self.boss.opportunity_no_tracking = True
        copies = self._send(self.customer, self.boss, self.friend)
        self.assertEqual(len(copies), 3)
        self._assert_original(copies['"boss" <boss@example.com>'])
        self.assertFalse(self._get_trace(self.boss))
        for partner in (self.customer, self.friend):
            mail = copies[f'"{partner.name}" <{partner.email}>']
            own, __ = self._get_tracked(mail)
            self.assertEqual(own, {self._get_trace(partner).token})

    def test_who_does_not_want_it_is_not_tracked_at_any_address(self):
        self.boss.write(
            {
                "email": "boss@example.com, private@example.com",
                "opportunity_no_tracking": True,
            }
        )
        twin = self.env["res.partner"].create(
            {"name": "Twin", "email": "Private@Example.com"}
        )
        for partner in (self.boss, twin):
            for mail in self._send(partner).values():
                self._assert_original(mail)
        for address in ("private@example.com", "boss@example.com"):
            (mail,) = self._mail_directly(email_to=address).values()
            self._assert_original(mail)
        self.assertFalse(self.Trace.search([]))

    def test_people_of_a_company_that_does_not_want_it(self):
        company = self.env["res.partner"].create(
            {"name": "Rome Stones", "is_company": True, "opportunity_no_tracking": True}
        )
        self.customer.parent_id = company
        company.active = False
        (mail,) = self._send().values()
        self._assert_original(mail)

    def test_a_name_that_contains_another_is_somebody_else(self):
        self.boss.write({"email": "omer@example.com", "opportunity_no_tracking": True})
        (mail,) = self._send().values()
        self.assertTrue(TRACKED.search(mail["body"]))

    def test_colleagues_are_not_tracked(self):
        colleague = self.user_sales_manager.partner_id
        copies = self._send(colleague, self.customer)
        for address, mail in copies.items():
            is_customer = "customer@" in address
            self.assertEqual(bool(TRACKED.search(mail["body"])), is_customer)

    def _mail_directly(self, **values):
        with self.mock_mail_gateway():
            mail = self.env["mail.mail"].create(
                {
                    "body_html": BODY,
                    "subject": "Our offer",
                    "model": "crm.lead",
                    "res_id": self.opportunity.id,
                    **values,
                }
            )
            mail.send()
        return self._get_copies()

    def test_sending_to_one_again_says_nothing_of_the_others(self):
        with freeze_time("2026-05-04 10:00:00"):
            self._send(self.customer, self.boss)
        with freeze_time("2026-05-05 10:00:00"):
            self._mail_directly(
                mail_message_id=self.message.id, recipient_ids=self.boss.ids
            )
        dates = [self._get_trace(one).date.day for one in (self.customer, self.boss)]
        self.assertEqual(dates, [4, 5])

    def test_a_mail_to_one_address(self):
        (mail,) = self._mail_directly(email_to="new@example.com").values()
        self.assertTrue(TRACKED.search(mail["body"]))
        self.assertEqual(self.Trace.search([]).email, "new@example.com")
        (mail,) = self._mail_directly(email_to="Boss <BOSS@example.com>").values()
        self.assertTrue(self._get_trace(self.boss))

    def test_no_code_is_shared(self):
        for values in (
            {"email_to": "a@example.com, b@example.com"},
            {"email_to": "a@example.com", "email_cc": "b@example.com"},
            {"email_cc": "b@example.com"},
        ):
            for mail in self._mail_directly(**values).values():
                self._assert_original(mail)
        copies = self._mail_directly(
            email_to="a@example.com",
            email_cc="b@example.com",
            recipient_ids=[Command.link(self.customer.id)],
        )
        self._assert_original(copies["a@example.com"])
        own, __ = self._get_tracked(copies['"customer" <customer@example.com>'])
        self.assertEqual(own, {self._get_trace().token})

    def test_a_template_tracks_and_its_links_outlive_the_mail(self):
        template = self.env["mail.template"].create(
            {
                "name": "Offer",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "subject": "Our offer",
                "body_html": BODY,
                "use_default_to": True,
                "auto_delete": True,
            }
        )
        template = template.with_user(self.user_sales_salesman)
        with self.mock_mail_gateway():
            template.send_mail(self.opportunity.id, force_send=True)
        (mail,) = self._get_copies().values()
        self.assertTrue(TRACKED.search(mail["body"]))
        trace = self.Trace.search([])
        trace.mail_message_id.unlink()
        self.assertTrue(trace.exists())
        self.assertEqual(trace.subject, "Our offer")

    def test_a_mail_that_is_sent_again_keeps_its_addresses(self):
        (mail,) = self._send().values()
        first = self._get_tracked(mail)
        mails = self._new_mails.exists()
        if not mails:
            mails = self.env["mail.mail"].create(
                {
                    "mail_message_id": self.message.id,
                    "body_html": BODY,
                    "recipient_ids": [Command.link(self.customer.id)],
                }
            )
        mails.state = "outgoing"
        with self.mock_mail_gateway():
            mails.send()
        (mail,) = self._get_copies().values()
        self.assertEqual(self._get_tracked(mail), first)
        self.assertEqual(len(self.Trace.search([])), 1)

    def test_other_documents_are_not_tracked(self):
        (mail,) = self._mail_directly(
            model="res.partner",
            res_id=self.customer.id,
            email_to="boss@example.com",
            track_links=True,
        ).values()
        self._assert_original(mail)

    def test_the_box_of_the_composer(self):
        for ticked in (True, False):
            composer = self._open_composer()
            self.assertTrue(composer.track_links)
            composer.track_links = ticked
            composer = composer.save()
            with self.mock_mail_gateway():
                composer._action_send_mail()
            (mail,) = self._get_copies().values()
            self.assertEqual(bool(TRACKED.search(mail["body"])), ticked)
        self._set_parameter("track_links", False)
        composer = self._open_composer().save()
        self.assertFalse(composer.can_track_links or composer.track_links)

    def _open_composer(self, **context):
        Composer = self.env["mail.compose.message"].with_user(self.user_sales_salesman)
        return Form(
            Composer.with_context(
                **{
                    "default_model": "crm.lead",
                    "default_res_ids": self.opportunity.ids,
                    "default_composition_mode": "comment",
                    "default_partner_ids": self.customer.ids,
                    "default_subject": "Our offer",
                    "default_body": BODY,
                    **context,
                }
            )
        )

    def test_many_at_once_and_later_as_the_box_said(self):
        composer = self._open_composer(default_composition_mode="mass_mail")
        composer.track_links = False
        composer = composer.save()
        with self.mock_mail_gateway():
            composer._action_send_mail()
        (mail,) = self._get_copies().values()
        self._assert_original(mail)
        composer = self._open_composer(default_scheduled_date="2100-01-01 10:00:00")
        composer.track_links = False
        scheduled = composer.save()._action_schedule_message()
        with self.mock_mail_gateway():
            scheduled.sudo()._post_message()
        (mail,) = self._get_copies().values()
        self._assert_original(mail)

    def test_rows_follow_the_rights_of_the_opportunity(self):
        self._send()
        trace = self._get_trace()
        mine = trace.with_user(self.user_sales_salesman).sudo(False)
        self.assertEqual(mine.read(["subject"])[0]["subject"], "Our offer")
        for operation in (
            lambda: mine.write({"subject": "Other"}),
            lambda: mine.create({"lead_id": self.opportunity.id}),
            mine.unlink,
            lambda: mine.read(["token"]),
            lambda: mine.search([("token", "!=", "x")]),
            lambda: mine.read(["link_ids"]),
        ):
            with self.assertRefused(AccessError):
                operation()
        stranger = mail_new_test_user(
            self.env, "stranger", groups="sales_team.group_sale_salesman"
        )
        theirs = trace.with_user(stranger).sudo(False)
        self.assertFalse(theirs.search([]))
        with self.assertRefused(AccessError):
            theirs.read(["subject"])

    def test_links_of_opportunities_are_not_for_all_employees(self):
        self._send()
        employee = new_test_user(self.env, "no_sales", groups="base.group_user")
        other = self.env["link.tracker"].create(
            {"url": "https://example.com/public", "title": "Public"}
        )
        for user in (employee, self.user_sales_manager):
            links = self.env["link.tracker"].with_user(user)
            self.assertIn(other, links.search([]))
            self.assertFalse(links.search([("url", "=", MANUAL)]))
            codes = self.env["link.tracker.code"].with_user(user)
            self.assertFalse(codes.search([("link_id.url", "=", MANUAL)]))
            self.assertTrue(codes.search([("link_id", "=", other.id)]))

    def test_a_link_is_kept_once_and_goes_with_its_last_email(self):
        self._send()
        self._send(self.boss)
        links = self.env["link.tracker"].search([("url", "=", MANUAL)])
        self.assertEqual(len(links), 1)
        self._get_trace().unlink()
        self.assertTrue(links.exists())
        self._get_trace(self.boss).unlink()
        self.assertFalse(links.exists())
        self.env["link.tracker"].create({"url": MANUAL, "title": "By hand"})
        self._send()
        links = self.env["link.tracker"].search([("url", "=", MANUAL)])
        self.assertEqual(len(links), 2)

    def test_what_was_noted_goes_with_the_opportunity_and_the_contact(self):
        self._send(self.customer, self.boss)
        self._mail_directly(email_to="friend2@example.com")
        self.assertEqual(len(self.Trace.search([])), 3)
        self.boss.unlink()
        self.assertEqual(len(self.Trace.search([])), 2)
        self.friend.email = "friend2@example.com"
        self.friend.unlink()
        self.assertEqual(self.Trace.search([]), self._get_trace())
        self.opportunity.sudo().unlink()
        self.assertFalse(self.Trace.search([]))
        self.assertFalse(self.env["link.tracker"].search([("url", "=", MANUAL)]))

    def test_a_merge_keeps_it(self):
        self._send()
        other = self._create_opportunity(name="Other", partner_id=self.customer.id)
        self._send(lead=other)
        leads = (self.opportunity + other).with_user(self.user_sales_manager)
        survivor = leads.merge_opportunity()
        self.assertEqual(self.Trace.search([]).lead_id.ids, survivor.ids)
        self.assertEqual(len(self.Trace.search([])), 2)

    def test_merging_contacts_keeps_it(self):
        self._send(self.customer, self.boss)
        self._send(self.boss)
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge((self.boss + self.customer).ids, self.customer)
        traces = self.Trace.search([])
        self.assertEqual(len(traces), 3)
        self.assertEqual(traces.partner_id, self.customer)

    def test_unusual_addresses(self):
        body = """
            <a href="HTTPS://Example.COM/%C3%BC?q=%20#ä">1</a>
            <a href="https://example.com/größe?x=1&amp;amp;y='2'">2</a>
            <a href="https://example.com/unsubscribe">3</a>
            <a href="javascript:alert(1)">4</a>
            <a href="https://example.com/new&#10;line">5</a>
            <a href="https://example.com/&quot;quoted&quot;">6</a>
        """
        for __ in range(2):
            mail = self._mail_directly(body_html=body, email_to="customer@example.com")[
                "customer@example.com"
            ]
            self.assertEqual(len(self._get_tracked(mail)[1]), 2)
            self.assertIn("/unsubscribe", mail["body"])
        self.assertEqual(
            self.Trace.search([], limit=1).link_ids.sorted("id").mapped("url"),
            [
                "HTTPS://Example.COM/%C3%BC?q=%20#ä",
                "https://example.com/größe?x=1&amp;y='2'",
            ],
        )

    def test_the_privacy_lookup_finds_it(self):
        for records in (self.Trace, self.Click):
            field = records._fields["partner_id"]
            self.assertTrue(field.store)
            self.assertNotEqual(field.ondelete, "cascade")

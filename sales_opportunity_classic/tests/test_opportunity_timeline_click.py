from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .timeline_common import TimelineCommon

OFFER = "https://example.com/offer"


@tagged("post_install", "-at_install")
class TestTimelineClick(TimelineCommon):
    """Clicks and opens on the Tasks tab, each a row and each told with its email."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.message = cls._post(
            "Our offer",
            subject="Offer",
            partner_ids=cls.customer.ids,
            subtype_xmlid="mail.mt_comment",
        )
        cls.trace = cls._trace()

    @classmethod
    def _trace(cls, lead=None, **values):
        # sudo: made while an email is sent
        return (
            cls.env["opportunity.mail.trace"]
            .sudo()
            .create(
                {
                    "lead_id": (lead or cls.opportunity).id,
                    "mail_message_id": cls.message.id,
                    "partner_id": cls.customer.id,
                    "subject": "Offer",
                    "date": "2026-05-01 08:00:00",
                    **values,
                }
            )
        )

    def _visit(self, kind="click", trace=None, **values):
        trace = trace or self.trace
        # sudo: noted by the addresses of the email
        return trace.env["opportunity.click"].create(
            {
                "kind": kind,
                "date": "2026-05-02 08:00:00",
                "url": kind == "click" and OFFER,
                **trace.env["opportunity.click"]._prepare_of_trace(trace),
                **values,
            }
        )

    def test_what_people_did_is_a_row_each(self):
        self._visit("open")
        self._visit(date="2026-05-02 09:00:00")
        self._visit(robot_sign="prefetch")
        click, opened = self._get_rows(kinds=["click", "open"])
        self.assertEqual(
            (click["kind"], click["title"], click["text"], click["label"]),
            ("click", "Offer", OFFER, "Clicked"),
        )
        self.assertEqual(click["person"]["id"], self.customer.id)
        self.assertEqual((opened["kind"], opened["text"]), ("open", ""))
        self.assertEqual(self._get_kinds(kinds=["open"]), ["open"])

    def test_filters(self):
        self._visit()
        self.assertEqual(self._get_kinds(search="example.com/off"), ["click"])
        self.assertCountEqual(self._get_kinds(search="Offer"), ["click", "email_out"])
        found = {"person_id": self.customer.id}
        self.assertCountEqual(self._get_kinds(**found), ["click", "email_out"])
        self.assertEqual(self._get_kinds(state="open"), [])

    def test_who_is_no_contact_is_named_by_the_address(self):
        trace = self._trace(partner_id=False, email="boss@example.com")
        self._visit(trace=trace)
        (row,) = self._get_rows(kinds=["click"])
        self.assertEqual((row["person"], row["email_from"]), (False, trace.email))

    def test_an_email_tells_what_came_of_it(self):
        def get():
            (row,) = self._get_rows(kinds=["email_out"])
            return row["state"], row["state_label"]

        self._visit(robot_sign="agent")
        self.assertNotIn(get()[0], ("open", "click"))
        self._visit("open")
        self.assertEqual(get(), ("open", "Opened"))
        self._visit()
        self.assertEqual(get(), ("open", "1 click"))
        self._visit(date="2026-05-02 09:00:00")
        self.assertEqual(get(), ("open", "2 clicks"))
        # One of several recipients did not get it.
        self._get_notification().notification_status = "bounce"
        self.assertEqual(get()[0], "bounce")

    def _get_notification(self):
        # sudo: as Odoo's mail gateway
        notifications = self.env["mail.notification"].sudo()
        return notifications.search([("mail_message_id", "=", self.message.id)])

    def test_rows_follow_the_opportunity(self):
        self._visit()
        self._share()
        kinds = {"kinds": ["click", "open"]}
        self.assertEqual(len(self._get_rows(user=self.colleague, **kinds)), 1)
        (row,) = self._get_rows(self.customer, **kinds)
        self.assertEqual(row["lead"]["id"], self.opportunity.id)
        self.assertFalse(self._get_rows(self.customer, user=self.stranger, **kinds))

    def test_whoever_may_not_read_clicks_is_told_of_none(self):
        """Not by rows and not by the email, which is for them."""
        employee = new_test_user(self.env, "no_sales", groups="base.group_user")
        self._visit()
        message = self.message.sudo()
        message.write({"model": "res.partner", "res_id": self.customer.id})
        message.partner_ids = [Command.link(employee.partner_id.id)]
        self.assertEqual(self._get_kinds(self.customer, employee), ["email_out"])
        (row,) = self._get_rows(self.customer, employee)
        self.assertNotEqual(row["state"], "open")
        row = self._get_rows(self.customer, kinds=["email_out"])[0]
        self.assertEqual(row["state"], "open")

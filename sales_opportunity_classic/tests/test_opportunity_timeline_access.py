from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .timeline_common import TimelineCommon


@tagged("post_install", "-at_install")
class TestTimelineAccess(TimelineCommon):
    """A row is shown only to whoever may read what it stands for."""

    def test_strangers_and_customers_are_refused(self):
        portal = new_test_user(self.env, "portal_user", groups="base.group_portal")
        employee = new_test_user(self.env, "no_sales", groups="base.group_user")
        for user in (self.stranger, portal, employee, self.env.ref("base.public_user")):
            with self.assertRefused(AccessError):
                self._get(user=user)
        for user in (portal, self.env.ref("base.public_user")):
            with self.assertRefused(AccessError):
                self._get(self.customer, user=user)

    def test_customers_who_may_read_the_contact_are_refused(self):
        portal = new_test_user(self.env, "portal_user", groups="base.group_portal")
        with self.assertRefused(AccessError):
            self._get(portal.partner_id, user=portal)

    def test_employees_see_on_the_contact_what_is_not_of_sales(self):
        employee = new_test_user(self.env, "no_sales", groups="base.group_user")
        self._write_note("On the desks")
        self._write_note("On the contact", lead=self.customer.with_user(self.salesman))
        self._send_letter(partner_id=self.customer.id)
        self._load(visibility="sales")
        titles = self._get_titles(self.customer, user=employee)
        self.assertEqual(titles, ["On the contact"])

    def test_a_share_shows_everything_until_it_ends(self):
        self._plan_task()
        self._write_note()
        self._meet()
        self._send_letter()
        self._load()
        own = self._get_kinds()
        self.assertEqual(len(own), 5)
        share = self._share()
        self.assertEqual(self._get_kinds(user=self.colleague), own)
        rows = self._get_rows(user=self.colleague)
        self.assertFalse(any(row.get("activity_id") for row in rows))
        share.unlink()
        with self.assertRefused(AccessError):
            self._get(user=self.colleague)

    def test_private_files_are_their_owners(self):
        self._share()
        self._load("Secret.pdf", visibility="private")
        self._load("Open.pdf")
        self.assertEqual(self._get_titles(user=self.colleague), ["Open.pdf"])
        self.assertCountEqual(self._get_titles(), ["Open.pdf", "Secret.pdf"])

    def test_private_meetings_are_for_those_who_take_part(self):
        self._share()
        event = self._meet(privacy="private")
        self.assertEqual(self._get_titles(), ["Demo"])
        self.assertEqual(self._get_titles(user=self.colleague), [])
        event.partner_ids = [Command.link(self.colleague.partner_id.id)]
        self.assertEqual(self._get_titles(user=self.colleague), ["Demo"])

    def test_private_meetings_are_not_told_by_their_activity(self):
        self._share()
        event = self._meet(privacy="private", name="Secret")
        task = self._plan_task("Meeting", kind="mail.mail_activity_data_meeting")
        task.calendar_event_id = event
        self.assertEqual(self._get_titles(), ["Secret"])
        self.assertEqual(self._get_titles(user=self.colleague), ["Meeting"])

    def test_files_in_the_bin_are_gone(self):
        self._load().unlink()
        self.assertEqual(self._get_titles(), [])

    def test_on_the_contact_only_what_may_be_read(self):
        foreign = self._create_opportunity(
            self.user_sales_leads, name="Theirs", partner_id=self.customer.id
        )
        self._plan_task("Foreign", lead=foreign, user=self.user_sales_leads)
        self._write_note("Foreign", lead=foreign)
        self._send_letter(foreign)
        meeting = {"opportunity_id": foreign.id, "name": "Foreign"}
        self._meet(
            self.user_sales_leads,
            **meeting,
            partner_ids=[Command.set(self.customer.ids)],
        )
        self._load("Foreign", self.user_sales_leads, lead_id=foreign.id)
        self._write_note("Mine")
        self.assertEqual(self._get_titles(self.customer), ["Mine"])
        rows = self._get_rows(self.customer, user=self.user_sales_leads)
        self.assertEqual(len([row for row in rows if row["kind"] != "stage"]), 6)

    def test_a_file_for_sales_does_not_tell_of_its_opportunity(self):
        foreign = self._create_opportunity(
            self.user_sales_leads, name="Theirs", partner_id=self.customer.id
        )
        self._load(
            "Price.pdf", self.user_sales_leads, lead_id=foreign.id, visibility="sales"
        )
        (row,) = self._get_rows(self.customer, kinds=["file"])
        self.assertEqual((row["title"], row["lead"]), ("Price.pdf", False))

    def test_what_is_refused_makes_no_gap(self):
        """Rights that only Python knows are asked of more rows until a page is full."""
        hidden = self.env["mail.message"]
        for number in range(60):
            hidden += self._write_note("Hidden", date=f"2026-04-02 08:{number:02}:00")
        for number in range(50):
            self._write_note(f"Note {number}", date=f"2026-04-01 08:{number:02}:00")
        Message = type(self.env["mail.message"])
        search = Message._filter_timeline
        self.patch(
            Message,
            "_filter_timeline",
            lambda records, ids: [
                id_ for id_ in search(records, ids) if id_ not in hidden._ids
            ],
        )
        first = self._get(kinds=["note"])
        self.assertEqual(len(first["rows"]), 40)
        last = self._get(kinds=["note"], after=first["next"])
        self.assertEqual(len(last["rows"]), 10)
        texts = {row["text"] for row in first["rows"] + last["rows"]}
        self.assertEqual(len(texts), 50)
        self.assertFalse(last["next"])

    def test_other_companies_stay_apart(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self._write_note()
        lead = self.opportunity.sudo()
        lead.write({"user_id": False, "team_id": False})
        lead.company_id = company
        with self.assertRefused(AccessError):
            self._get(user=self.user_sales_manager)
        titles = self._get_titles(self.customer, user=self.user_sales_manager)
        self.assertEqual(titles, [])

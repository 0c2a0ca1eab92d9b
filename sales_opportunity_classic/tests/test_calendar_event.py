from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .test_opportunity_share import ShareCommon


@tagged("post_install", "-at_install")
class TestMeetingOfOpportunity(ShareCommon):
    """The meeting of an opportunity that the colleague may not read, or may."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.meeting = cls._plan(name="Demo of desks", location="Rome")
        cls.meeting.message_post(body="Bring the plan")
        cls.env["ir.attachment"].with_user(cls.user_sales_salesman).create(
            {
                "name": "Agenda",
                "raw": b"x",
                "res_model": "calendar.event",
                "res_id": cls.meeting.id,
            }
        )
        cls.theirs = cls.meeting.with_user(cls.colleague)

    @classmethod
    def _plan(cls, user=None, **values):
        Event = cls.env["calendar.event"].with_user(user or cls.user_sales_salesman)
        return Event.create(
            {
                "name": "Demo",
                "start": "2026-05-04 10:00:00",
                "stop": "2026-05-04 11:00:00",
                "opportunity_id": cls.opportunity.id,
                **values,
            }
        )

    def _get_what_is_seen(self, user=None):
        """Return by how many ways the meeting is found by what it is about."""
        self.env.flush_all()
        self.env.invalidate_all()
        event = self.meeting.with_user(user or self.colleague)
        env, ids = event.env, event.ids
        of_event = [("res_id", "in", ids)]
        return [
            event.search_count([("name", "ilike", "of desks")]),
            event.search_count([("opportunity_id.name", "=", "Ten desks")]),
            len(event._read_group([("id", "in", ids)], ["location"])),
            len(event._read_group([("id", "in", ids)], ["opportunity_id"])),
            env["ir.attachment"].search_count(
                [("res_model", "=", "calendar.event"), *of_event]
            ),
            env["ir.attachment"].search_count([("name", "=", "Agenda")]),
            env["mail.message"].search_count(
                [("model", "=", event._name), ("body", "ilike", "plan"), *of_event]
            ),
            int(event.name == event.display_name == "Demo of desks"),
            env["calendar.attendee"].search_count(
                [("event_id.name", "ilike", "of desks")]
            ),
        ]

    def test_to_strangers_somebody_is_busy(self):
        self.assertEqual(self._get_what_is_seen(), [0] * 9)
        self.assertEqual(self._get_what_is_seen(self.user_sales_salesman), [1] * 9)
        busy = [("start", "=", "2026-05-04 10:00:00")]
        for domain in (
            busy,
            [*busy, ("user_id", "=", self.user_sales_salesman.id)],
            [*busy, ("partner_ids", "in", self.user_sales_salesman.partner_id.ids)],
        ):
            self.assertIn(self.theirs, self.theirs.search(domain))
        attendee = self.meeting.attendee_ids.with_user(self.colleague)
        self.env.invalidate_all()
        self.assertEqual(attendee.read(["event_id"])[0]["event_id"][1], "Busy")

    def test_whom_it_is_shared_with_sees_it(self):
        share = self._share()
        self.assertEqual(self._get_what_is_seen(), [1] * 9)
        share.unlink()
        self.assertEqual(self._get_what_is_seen(), [0] * 9)

    def test_employees_without_sales_see_theirs(self):
        employee = new_test_user(self.env, "employee", groups="base.group_user")
        event = self.meeting.with_user(employee)
        by_name = [("name", "ilike", "of desks")]
        self.assertFalse(event.search(by_name))
        self.meeting.partner_ids += employee.partner_id
        self.env.invalidate_all()
        self.assertEqual(event.search(by_name), event)
        self.assertEqual(event.name, "Demo of desks")

    def test_employees_without_sales_plan_theirs(self):
        employee = new_test_user(self.env, "employee", groups="base.group_user")
        event = self._plan(user=employee, name="Lunch", opportunity_id=False)
        event.name = "Dinner"
        event.partner_ids += self.colleague.partner_id
        event.message_post(body="Bring wine")
        self.assertTrue(event.unlink())

    def test_who_takes_part_answers_for_themselves(self):
        self.meeting.partner_ids += self.colleague.partner_id
        attendees = self.meeting.attendee_ids.with_user(self.colleague)
        own = attendees.filtered(
            lambda attendee: attendee.partner_id == self.colleague.partner_id
        )
        own.do_accept()
        self.assertEqual(own.state, "accepted")
        with self.assertRefused(AccessError):
            (attendees - own).do_decline()
        with self.assertRefused(AccessError):
            (attendees - own).unlink()

    def test_strangers_change_nothing(self):
        invited = {
            "event_id": self.meeting.id,
            "partner_id": self.colleague.partner_id.id,
        }
        for operation in (
            lambda: self.theirs.env["calendar.attendee"].create(invited),
            lambda: self.theirs.message_post(body="Hello"),
            lambda: self.theirs.write({"user_id": self.colleague.id}),
            lambda: self.theirs.unlink(),
        ):
            with self.assertRefused(AccessError):
                operation()
        self.assertFalse(self.theirs.has_access("write"))
        self._share(access="edit")
        self.env.invalidate_all()
        self.assertTrue(self.theirs.has_access("write"))
        self.theirs.env["calendar.attendee"].create(invited)

    def test_readers_invite_nobody(self):
        self._share()
        with self.assertRefused(AccessError):
            self.theirs.env["calendar.attendee"].create(
                {"event_id": self.meeting.id, "partner_id": self.env.user.partner_id.id}
            )

    def test_meetings_about_something_else(self):
        meeting = self._plan(name="Party", opportunity_id=False)
        theirs = meeting.with_user(self.colleague)
        self.assertEqual(theirs.search([("name", "=", "Party")]), theirs)
        theirs.partner_ids = [Command.link(self.colleague.partner_id.id)]
        self.assertEqual(theirs.name, "Party")

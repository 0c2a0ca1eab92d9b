from freezegun import freeze_time
from markupsafe import Markup

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .timeline_common import TimelineCommon


@tagged("post_install", "-at_install")
class TestTimelineFilter(TimelineCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._plan_task("Send the offer", due="2026-05-05")
        cls._plan_task("Ring", kind="mail.mail_activity_data_call", due="2026-05-02")
        cls._plan_task("Written", user=cls.user_sales_leads).action_feedback()
        cls._write_note(Markup("<p>Likes <b>oak</b></p>"), date="2026-04-30 23:30:00")
        cls._meet(name="Lunch", description="<p>In Rome</p>")
        cls._load("Plan.pdf")

    def test_by_kind(self):
        self.assertCountEqual(self._get_kinds(kinds=["call"]), ["call"])
        self.assertCountEqual(
            self._get_kinds(kinds=["meeting", "note"]), ["meeting", "note"]
        )
        self.assertEqual(self._get_kinds(kinds=["letter"]), [])

    @freeze_time("2026-05-03 12:00:00")
    def test_by_open_and_done(self):
        self.assertCountEqual(
            self._get_titles(state="open"), ["Send the offer", "Ring", "Lunch"]
        )
        self.assertCountEqual(
            self._get_titles(state="done"), ["Written", "Likes oak", "Plan.pdf"]
        )

    def test_a_meeting_is_done_when_it_is_over(self):
        for now, expected in (
            ("2026-05-04 10:30:00", ["Lunch"]),
            ("2026-05-04 11:00:00", []),
        ):
            with freeze_time(now):
                self.assertEqual(
                    self._get_titles(state="open", kinds=["meeting"]), expected
                )

    def test_by_person(self):
        leads = self.user_sales_leads.partner_id
        self.assertEqual(self._get_titles(person_id=leads.id), ["Written"])
        self._post(
            "Our offer",
            subject="Offer",
            partner_ids=self.customer.ids,
            subtype_xmlid="mail.mt_comment",
        )
        self.assertEqual(self._get_titles(person_id=self.customer.id), ["Offer"])

    def test_by_days_of_the_user(self):
        day = {"date_from": "2026-05-01", "date_to": "2026-05-01"}
        for tz, found in (("Europe/Brussels", ["Likes oak"]), ("UTC", [])):
            lead = self.opportunity.with_context(tz=tz)
            self.assertEqual(self._get_titles(lead, **day), found)

    def test_by_text(self):
        for text, found in (
            ("offer", ["Send the offer"]),
            ("OAK", ["Likes oak"]),
            ("rome", ["Lunch"]),
            ("plan.p", ["Plan.pdf"]),
            ("100%", []),
            ("\\", []),
            ("'; DROP TABLE crm_lead; --", []),
        ):
            self.assertEqual(self._get_titles(search=text), found, text)

    def test_hostile_input_is_told_from_a_filter(self):
        for filters in (
            {"kinds": "task"},
            {"kinds": ["nothing"]},
            {"kinds": [["task"]]},
            {"kinds": {"task": 1}},
            {"person_id": "1"},
            {"person_id": 2**80},
            {"person_id": [1]},
            {"person_id": True},
            {"date_from": "yesterday"},
            {"date_from": 20260501},
            {"date_to": "9999-12-31"},
            {"date_from": "0001-01-01"},
            {"date_from": "2026-05-01\x00"},
            {"state": "all"},
            {"state": ["open"]},
            {"order": "name; DROP TABLE crm_lead"},
            {"order": {}, "state": 5},
            {"search": ["x"]},
        ):
            with self.assertRefused(ValidationError, "cannot be filtered"):
                self._get(self.opportunity.with_context(tz="Asia/Tokyo"), **filters)
        for filters in ([], "x", 5, True):
            if filters:
                with self.assertRefused(ValidationError, "cannot be filtered"):
                    self.opportunity.get_timeline(filters)

    def test_hostile_cursors_are_told_from_a_page(self):
        good = [0, 0, "mail.message", 1]
        self.assertFalse(self._get(after=good)["next"])
        for index, values in (
            (0, (2, "0", None, [])),
            (1, ("1", 2**80, 1.5, None)),
            (2, ("res.users", 5, None, "mail.message'")),
            (3, (2**40, "1", None, True)),
        ):
            for value in values:
                after = [*good[:index], value, *good[index + 1 :]]
                with self.assertRefused(ValidationError, "cannot be filtered"):
                    self._get(after=after)
        for after in ("x", {"a": 1}, [1], 7, good[:3]):
            with self.assertRefused(ValidationError, "cannot be filtered"):
                self._get(after=after)

    def test_search_text_is_cut(self):
        self.assertEqual(self._get_titles(search="x" * 100000), [])
        for text in ("\x00oak\x00", "oak\ud800"):
            self.assertEqual(self._get_titles(search=text), ["Likes oak"])

    def test_someone_deleted_filters_nothing_away(self):
        gone = self.env["res.partner"].create({"name": "Gone"})
        gone_id = gone.id
        gone.unlink()
        self.assertEqual(self._get_titles(person_id=gone_id), [])

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .sequence_common import START, SequenceCommon


@tagged("post_install", "-at_install")
class TestOpportunitySequencePanel(SequenceCommon):
    """What the Follow-Up tab asks for."""

    def _get(self, record=None):
        record = self.opportunity if record is None else record
        return record.get_follow_up()

    def test_nothing_yet(self):
        self.assertEqual(self._get(), {"rows": [], "more": False, "can_edit": True})

    def test_where_it_stands_and_what_was_done(self):
        self.customer.tz = "Europe/Rome"
        self._enroll()
        self._run_engine()
        (row,) = self._get()["rows"]
        self.assertEqual(row["sequence"], "After the Fair")
        self.assertEqual((row["state"], row["state_label"]), ("active", "Active"))
        self.assertIn("Call", row["next"])
        self.assertIn("Tue 03/03/2026, 10:00", row["date_next"].replace("\u202f", " "))
        self.assertEqual(row["zone"], "Europe/Rome")
        self.assertEqual(row["buttons"], ["pause", "skip", "stop", "restart"])
        (run,) = row["runs"]
        self.assertEqual((run["kind"], run["is_done"]), ("email", True))

    def test_each_state_has_its_buttons(self):
        enrollment = self._enroll()
        for action, buttons in (
            ("action_pause", ["resume", "skip", "stop", "restart"]),
            ("action_stop", ["restart"]),
            ("action_restart", ["pause", "skip", "stop", "restart"]),
        ):
            with freeze_time(START):
                getattr(enrollment, action)()
            self.assertEqual(self._get()["rows"][0]["buttons"], buttons)
        enrollment.sudo()._stop("error", "No text")
        (row,) = self._get()["rows"]
        self.assertEqual(row["buttons"], ["resume", "restart"])
        self.assertEqual((row["note"], row["next"]), ("No text", ""))

    def test_answers_are_in_the_history(self):
        enrollment = self._enroll()
        self._run_engine()
        enrollment.run_ids.sudo().date_replied = START
        (row,) = self._get()["rows"]
        (answer,) = row["runs"][0]["answers"]
        self.assertEqual(answer["label"], "Replied")

    def test_the_contact_shows_its_opportunities(self):
        self._enroll()
        (row,) = self._get(self.customer.with_user(self.user_sales_salesman))["rows"]
        self.assertEqual(row["lead"]["name"], "Ten desks")
        self.assertFalse(self._get()["rows"][0]["lead"])

    def test_of_the_contact_only_what_one_may_read(self):
        self._enroll()
        stranger = new_test_user(
            self.env, "stranger", groups="sales_team.group_sale_salesman"
        )
        self.env.invalidate_all()
        self.assertFalse(self._get(self.customer.with_user(stranger))["rows"])
        with self.assertRefused(AccessError):
            self._get(self.opportunity.with_user(stranger))

    def test_readers_get_no_buttons(self):
        self._enroll()
        reader = new_test_user(
            self.env, "reader", groups="sales_team.group_sale_salesman"
        )
        self.env["opportunity.share"].create(
            {"lead_id": self.opportunity.id, "user_id": reader.id, "access": "read"}
        )
        self.env.invalidate_all()
        page = self._get(self.opportunity.with_user(reader))
        self.assertFalse(page["can_edit"])
        self.assertEqual(page["rows"][0]["buttons"], [])

    def test_the_hidden_tab_asks_nothing(self):
        view = self.Lead.get_view(view_type="form")
        self.assertIn("opportunity_follow_up", view["arch"])
        self.assertNotIn('name="enrollment_ids"', view["arch"])

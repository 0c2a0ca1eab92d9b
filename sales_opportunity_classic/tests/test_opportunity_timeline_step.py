from odoo.tests import new_test_user, tagged

from .sequence_common import SequenceCommon
from .timeline_common import TimelineCommon


@tagged("post_install", "-at_install")
class TestTimelineStep(SequenceCommon, TimelineCommon):
    """Follow-up steps that were carried out, on the Tasks tab."""

    def _carry_out(self, records=None):
        enrollment = self._enroll(records).sudo()
        self._run_engine()
        return enrollment.run_ids

    def test_a_step_says_its_sequence(self):
        run = self._carry_out()
        (row,) = self._get_rows(kinds=["step"])
        self.assertEqual((row["id"], row["title"]), (run.id, run.name))
        self.assertEqual(row["label"], "After the Fair")
        self.assertEqual(row["person"]["id"], self.salesman.partner_id.id)
        self.assertNotIn("state", row)

    def test_what_came_of_it(self):
        run = self._carry_out()
        for values, state in (
            ({"date_replied": "2026-03-03 08:00:00"}, ("open", "Replied")),
            ({"date_bounced": "2026-03-03 09:00:00"}, ("bounce", "Bounced")),
            ({"state": "skipped", "note": "No address"}, ("canceled", "Left Out")),
        ):
            run.write(values)
            (row,) = self._get_rows(kinds=["step"])
            self.assertEqual((row["state"], row["state_label"]), state)
        self.assertEqual(row["text"], "No address")

    def test_filters(self):
        run = self._carry_out()
        for text, found in (("after the fair", 1), (run.name, 1), ("oak", 0)):
            rows = self._get_rows(kinds=["step"], search=text)
            self.assertEqual(len(rows), found, text)
        for person, found in ((self.customer, 1), (self.salesman.partner_id, 1)):
            rows = self._get_rows(kinds=["step"], person_id=person.id)
            self.assertEqual(len(rows), found)
        stranger = self.stranger.partner_id
        self.assertFalse(self._get_rows(kinds=["step"], person_id=stranger.id))

    def test_rows_follow_the_opportunity(self):
        self._carry_out()
        kinds = {"kinds": ["step"]}
        (row,) = self._get_rows(self.customer, **kinds)
        self.assertEqual(row["lead"]["id"], self.opportunity.id)
        employee = new_test_user(self.env, "no_sales", groups="base.group_user")
        for user in (self.stranger, employee):
            self.assertFalse(self._get_rows(self.customer, user=user, **kinds))
        self._share()
        self.assertEqual(len(self._get_rows(user=self.colleague, **kinds)), 1)

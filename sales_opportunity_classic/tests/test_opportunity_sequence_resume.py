from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .sequence_common import START, SequenceCommon


@tagged("post_install", "-at_install")
class TestOpportunitySequenceResume(SequenceCommon):
    """The dialog that shows the new dates before follow-up goes on."""

    def setUp(self):
        super().setUp()
        self.enrollment = self._enroll()
        self._run_engine()
        with freeze_time(START):
            self.enrollment.action_pause()

    def _open(self, user=None):
        dialogs = self.env["opportunity.sequence.resume"]
        dialogs = dialogs.with_user(user or self.user_sales_salesman)
        return Form(dialogs.with_context(active_ids=self.enrollment.ids))

    def test_the_new_date_is_the_one_it_gets(self):
        with freeze_time(START + timedelta(days=7)):
            form = self._open()
            self.assertIn("Tue 03/10/2026, 9:00", form.preview.replace("\u202f", " "))
            self.assertIn("UTC", form.preview)
            self.assertEqual(self.enrollment.state, "paused")
            form.save().action_resume()
        self.assertEqual(self.enrollment.state, "active")
        self.assertEqual(self.enrollment.date_next, START + timedelta(days=8))

    def test_what_is_not_held_is_left_as_it_is(self):
        self.enrollment.action_stop()
        form = self._open()
        self.assertFalse(form.resumed_count)
        form.save().action_resume()
        self.assertEqual(self.enrollment.state, "stopped")

    def test_strangers_are_refused(self):
        self.opportunity.sudo().user_id = self.user_sales_leads
        self.env.invalidate_all()
        with self.assertRefused(AccessError):
            self._open()

from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..models.opportunity_sequence_plan_mixin import Planner
from ..models.opportunity_sequence_step_timing_mixin import WEEKDAYS
from .sequence_common import START, SequenceCommon

DAY = timedelta(days=1)


@tagged("post_install", "-at_install")
class TestOpportunitySequence(SequenceCommon):
    """Sequences as their sales manager writes them."""

    def test_salespeople_use_but_do_not_write_them(self):
        mine = self.sequence.with_user(self.user_sales_salesman)
        self.assertEqual(mine.step_ids[0].subject, "About {{ object.name }}")
        for operation in (
            lambda: mine.write({"name": "Mine"}),
            lambda: mine.step_ids[0].write({"subject": "Mine"}),
            lambda: mine.create({"name": "Mine"}),
            lambda: mine.action_move_enrolled(),
            lambda: mine.unlink(),
        ):
            with self.assertRefused(AccessError):
                operation()

    def test_on_the_form(self):
        with Form(self.Sequence) as form:
            form.name = "Short"
            with form.step_ids.new() as step:
                step.step_type = "task"
                step.subject = "Call"
        self.assertEqual(form.record.step_ids.sentence, "1 day later, Task: Call")
        self.assertEqual(form.record.step_ids.display_name, "Call")

    def test_steps_nobody_is_in_are_edited_in_place(self):
        self.email_step.subject = "Other"
        self.assertEqual(self.sequence.version, 1)
        self.assertEqual(self.sequence.step_ids[0], self.email_step)

    def test_editing_a_live_sequence_makes_a_new_version(self):
        enrollment = self._enroll()
        self.sequence.write(
            {
                "step_ids": [
                    Command.update(self.email_step.id, {"subject": "New"}),
                    Command.delete(self.task_step.id),
                    Command.create({"step_type": "wait", "sequence": 99}),
                ]
            }
        )
        self.assertEqual(self.sequence.version, 2)
        self.assertEqual(
            self.sequence.step_ids.mapped("step_type"), ["email", "note", "wait"]
        )
        self.assertEqual(self.sequence.step_ids[0].subject, "New")
        self.assertEqual(self.email_step.subject, "About {{ object.name }}")
        self.assertEqual(self.sequence.outdated_count, 1)
        self._run_engine()
        self.assertEqual(self._get_mails().subject, "About Ten desks")
        self.assertEqual(enrollment.next_step_id, self.task_step)
        other = self._enroll(self._create_leads(1))
        self.assertEqual(other.version, 2)

    def test_editing_one_step_makes_a_new_version_too(self):
        enrollment = self._enroll()
        self.email_step.subject = "New"
        self.assertEqual(self.sequence.version, 2)
        self.assertEqual(self.sequence.step_ids[0].subject, "New")
        self.assertEqual(enrollment.next_step_id.subject, "About {{ object.name }}")
        with self.assertRefused(ValidationError, "earlier version"):
            self.email_step.subject = "Again"
        self.sequence.step_ids[0].subject = "Newer"
        self.assertEqual(self.sequence.version, 2, "nobody is in the second one yet")
        self.sequence.step_ids[1].unlink()
        self.assertEqual(enrollment.version, 1)
        self._run_engine()
        self.assertEqual(enrollment.next_step_id, self.task_step)

    def test_the_enrolled_are_moved_by_a_button(self):
        enrollment = self._enroll()
        self._run_engine()
        self.sequence.write({"step_ids": [Command.delete(self.task_step.id)]})
        due = enrollment.date_next
        self.sequence.action_move_enrolled()
        self.assertEqual(enrollment.version, 2)
        self.assertEqual(enrollment.next_step_id._get_origin(), self.note_step)
        self.assertEqual(enrollment.date_next, due)
        self.assertFalse(self.sequence.outdated_count)

    def test_a_copy_begins_with_the_present_steps(self):
        self._enroll()
        self.email_step.subject = "New"
        copy = self.sequence.copy()
        self.assertEqual(copy.version, 1)
        self.assertEqual(copy.step_ids.mapped("version"), [1, 1, 1])
        self.assertEqual(copy.step_ids[0].subject, "New")

    def test_entering_a_stage_starts_it(self):
        self.sequence.start_stage_ids = self.stage_second
        with freeze_time(START):
            self.opportunity.stage_id = self.stage_second
        enrollment = self.opportunity.enrollment_ids
        self.assertEqual(enrollment.state, "active")
        self.assertEqual(enrollment.user_id, self.user_sales_salesman)
        self.opportunity.write({"stage_id": self.stage_second.id, "priority": "1"})
        self.opportunity.stage_id = self.stage_first
        self.opportunity.stage_id = self.stage_second
        self.assertEqual(self.opportunity.enrollment_ids, enrollment)

    def test_a_tag_starts_it(self):
        hot, cold = self.env["crm.tag"].create([{"name": "Hot"}, {"name": "Cold"}])
        self.sequence.start_tag_ids = hot
        self.opportunity.tag_ids = cold
        self.assertFalse(self.opportunity.enrollment_ids)
        self.opportunity.tag_ids += hot
        enrollment = self.opportunity.enrollment_ids
        self.assertEqual(enrollment.state, "active")
        enrollment.action_stop()
        self.opportunity.tag_ids -= cold
        self.assertEqual(enrollment.state, "stopped", "it had the tag before")
        self.assertEqual(self.opportunity.enrollment_ids, enrollment)
        lead = self._create_opportunity(tag_ids=[Command.link(hot.id)])
        self.assertEqual(lead.enrollment_ids.state, "active")

    def test_a_tag_of_the_contact_starts_it(self):
        tag = self.env["res.partner.category"].create({"name": "Fair"})
        sequence = self._create_sequence(
            {"step_type": "note", "body_html": "x"},
            model="res.partner",
            start_category_ids=[Command.link(tag.id)],
        )
        self.customer.category_id = tag
        self.assertEqual(self.customer.enrollment_ids.sequence_id, sequence)

    def test_creation_starts_it(self):
        self.sequence.start_on_create = True
        lead = self._create_opportunity(partner_id=self.customer.id)
        self.assertEqual(lead.enrollment_ids.state, "active")
        nobodys = self.Lead.create({"name": "From the web", "user_id": False})
        self.assertEqual(nobodys.enrollment_ids.user_id, self.user_sales_manager)

    def test_what_steps_do_starts_nothing_again(self):
        there, back = (
            {"step_type": "stage", "stage_id": stage.id, "delay_count": 0}
            for stage in (self.stage_second, self.stage_first)
        )
        self._create_sequence(there, start_stage_ids=self.stage_first.ids)
        self._create_sequence(back, start_stage_ids=self.stage_second.ids)
        with freeze_time(START):
            self.opportunity.stage_id = self.stage_second
        for _number in range(5):
            self._run_engine()
        enrollments = self.opportunity.enrollment_ids
        self.assertEqual(enrollments.mapped("state"), ["completed"] * 2)
        self.assertEqual(self.opportunity.stage_id, self.stage_second)
        with freeze_time(START + DAY):
            self.opportunity.stage_id = self.stage_first
        self.assertEqual(
            len(self.opportunity.enrollment_ids), 3, "people start it again"
        )

    def test_hours_and_working_days(self):
        sequence = self._create_sequence(
            {"step_type": "note", "body_html": "x", "is_working_days": True},
            has_window=True,
            window_start=9,
            window_end=17,
        )
        self.customer.tz = "America/New_York"
        friday = START + timedelta(days=4, hours=3)
        enrollment = self._enroll(sequence=sequence, at=friday)
        # Monday, nine o'clock in New York, where clocks went forward on Sunday
        self.assertEqual(enrollment.date_next, START.replace(day=9, hour=13))

    def test_dates_of_the_record(self):
        sequence = self._create_sequence(
            {
                "step_type": "note",
                "body_html": "x",
                "timing": "field",
                "date_field_id": self.env["ir.model.fields"]
                ._get("crm.lead", "date_deadline")
                .id,
                "delay_count": 3,
                "is_before": True,
            },
            {"step_type": "wait", "timing": "date", "date_fixed": "2020-01-01"},
        )
        enrollment = self._enroll(sequence=sequence)
        self.assertEqual(enrollment.state, "completed", "no date, and one that is past")
        self.assertEqual(enrollment.run_ids.mapped("state"), ["skipped", "skipped"])
        self.opportunity.date_deadline = "2026-03-20"
        with freeze_time(START):
            enrollment.action_restart()
        self.assertEqual(str(enrollment.date_next), "2026-03-17 00:00:00")

    def test_waiting_for_a_task(self):
        sequence = self._create_sequence(
            {"step_type": "task", "subject": "Call", "delay_count": 0},
            {"step_type": "note", "body_html": "Called", "timing": "task"},
        )
        enrollment = self._enroll(sequence=sequence)
        self._run_engine()
        self.assertTrue(enrollment.is_waiting)
        self.assertFalse(enrollment.date_next)
        self._run_engine(START + 30 * DAY)
        self.assertEqual(len(enrollment.run_ids), 1)
        task = self.opportunity.activity_ids.with_user(self.user_sales_salesman)
        task.action_feedback("Done")
        self._run_engine(START + 31 * DAY)
        self.assertFalse(enrollment.is_waiting)
        self.assertEqual(enrollment.date_next, START + 32 * DAY)
        self._run_engine(START + 32 * DAY)
        self.assertEqual(enrollment.state, "completed")

    def test_one_that_cannot_wake_up_holds_up_nobody(self):
        sequence = self._create_sequence(
            {"step_type": "task", "subject": "Call", "delay_count": 0},
            {"step_type": "note", "body_html": "Called", "timing": "task"},
        )
        leads = self._create_leads(2)
        enrollments = self._enroll(leads, sequence)
        self._run_engine()
        leads.activity_ids.with_user(self.user_sales_salesman).action_feedback("Done")
        get_due = Planner.get_due

        def fail(planner, step, record, zone):
            if record == leads[0]:
                raise KeyError("A field that is gone")
            return get_due(planner, step, record, zone)

        with patch.object(Planner, "get_due", fail):
            self._run_engine(START + DAY)
        self.assertEqual(enrollments.mapped("stop_reason"), ["error", False])
        self.assertEqual(enrollments.mapped("is_waiting"), [False, False])

    def test_a_time_zone_of_old_data_is_none(self):
        self.env.flush_all()
        self.cr.execute(
            "UPDATE res_partner SET tz = 'US/Nowhere' WHERE id = %s", self.customer.ids
        )
        self.env.invalidate_all()
        self.assertEqual(self._enroll().state, "active")

    def test_no_more_emails_a_day_than_allowed(self):
        self.sequence.daily_limit = 2
        leads = self._create_leads(5)
        self._enroll(leads)
        self._run_engine()
        self.assertEqual(len(self._get_mails(leads)), 2)
        self._run_engine(START + timedelta(hours=5))
        self.assertEqual(len(self._get_mails(leads)), 2)
        self._run_engine(START + DAY)
        self.assertEqual(len(self._get_mails(leads)), 4)

    def test_what_cannot_be_is_refused(self):
        for values, message in (
            ({"time_mode": "window", "time_start": 18, "time_end": 9}, "later"),
            ({"delay_count": -1}, "whole number"),
            (dict.fromkeys(WEEKDAYS, False), ""),
            ({"timing": "date"}, "needs its day"),
            ({"step_type": "letter"}, "letter"),
            ({"step_type": "sequence"}, "Choose a sequence"),
            ({"step_type": "tag"}, "tags"),
            ({"step_type": "share"}, "Share with"),
            ({"step_type": "email", "subject": False}, "template"),
        ):
            with self.assertRefused(ValidationError, message):
                self.email_step.write({"step_type": "note", **values})
        with self.assertRefused(ValidationError, "without end"):
            self.note_step.write(
                {"step_type": "sequence", "start_sequence_id": self.sequence.id}
            )
        with self.assertRefused(UserError, "no steps"):
            self._enroll(sequence=self.Sequence.create({"name": "Empty"}))

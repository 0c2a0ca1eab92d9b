from unittest.mock import patch

import psycopg2

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools.follow_up_queue import select_due
from .sequence_common import START, SequenceCommon


@tagged("post_install", "-at_install")
class TestOpportunitySequenceEngine(SequenceCommon):
    """The engine: batches, what fails, in whose name."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.notes = cls._create_sequence(
            {"step_type": "note", "body_html": "<p>Hi</p>", "delay_count": 0},
            name="Notes",
        )

    def test_a_poison_step_holds_up_nobody(self):
        leads = self._create_leads(5)
        enrollments = self._enroll(leads, self.notes)
        poisoned = leads[2].id
        Step = type(self.env["opportunity.sequence.step"])
        run_note = Step._run_note

        def run(step, records):
            if poisoned in records.ids:
                step.env.cr.execute("SELECT 1 / 0")
            return run_note(step, records)

        with patch.object(Step, "_run_note", run), mute_logger("odoo.sql_db"):
            self._run_engine()
        states = enrollments.sorted("lead_id").mapped("state")
        self.assertEqual(states.count("completed"), 4)
        bad = enrollments.filtered(lambda one: one.lead_id.id == poisoned)
        self.assertEqual((bad.state, bad.stop_reason), ("stopped", "error"))
        self.assertIn("division by zero", bad.note)
        self.assertEqual(bad.lead_id.activity_ids.user_id, self.user_sales_salesman)
        self.assertFalse(bad.run_ids)
        bad.action_resume()
        self._run_engine(START.replace(year=2030))
        self.assertEqual(bad.state, "completed")

    def test_who_lost_the_right_does_nothing_any_more(self):
        enrollment = self._enroll(sequence=self.notes)
        self.opportunity.sudo().user_id = self.user_sales_leads
        self._run_engine()
        self.assertEqual(enrollment.sudo().stop_reason, "error")
        self.assertIn("may not change", enrollment.sudo().note)

    def test_nothing_runs_in_the_name_of_who_has_left(self):
        enrollment = self._enroll(sequence=self.notes)
        self.user_sales_salesman.active = False
        self._run_engine()
        self.assertEqual(enrollment.sudo().stop_reason, "error")
        self.assertIn("archived", enrollment.sudo().note)

    def test_a_batch_costs_a_few_queries_whatever_its_size(self):
        def count(size):
            leads = self._create_leads(size)
            self._enroll(leads, self.notes)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._run_engine()
            return self.cr.sql_log_count - before

        count(1)
        few, many = count(5), count(45)
        self.assertLess(many - few, 2 * 40, "logging itself costs as much per record")

    def test_a_second_time_is_refused_by_the_database(self):
        enrollment = self._enroll(sequence=self.notes).sudo()
        runs = {enrollment: [(enrollment.next_step_id, {})]}
        enrollment._insert_runs(runs)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRefused(psycopg2.errors.UniqueViolation),
        ):
            enrollment._insert_runs(runs)

    def test_after_a_conflict_it_begins_anew(self):
        enrollment = self._enroll(sequence=self.notes)
        Engine = type(enrollment)
        run_due, calls = Engine._run_due, []

        def run(records):
            calls.append(len(records))
            if len(calls) == 1:
                raise psycopg2.errors.SerializationFailure
            return run_due(records)

        with patch.object(Engine, "_run_due", run):
            self._run_engine()
        self.assertEqual(calls, [1, 1])
        self.assertEqual(enrollment.state, "completed")

    def test_picking_uses_its_index(self):
        self._enroll(sequence=self.notes)
        self.env.flush_all()
        self.cr.execute("SET LOCAL enable_seqscan = off")
        query = select_due(START, 100)
        self.cr.execute("EXPLAIN " + query.code, query.params)
        plan = "\n".join(line for (line,) in self.cr.fetchall())
        self.assertIn("opportunity_sequence_enrollment_due", plan)

    def test_what_one_step_ends_the_next_of_its_batch_leaves(self):
        won = self._create_sequence(
            {"step_type": "stage", "stage_id": self.stage_won.id, "delay_count": 0},
            name="Won",
        )
        self._enroll(sequence=won)
        enrollment = self._enroll()
        self._run_engine()
        self.assertEqual(enrollment.stop_reason, "won")
        self.assertFalse(self._get_mails())

    def test_merged_opportunities_keep_their_enrolments(self):
        other = self._create_leads(1)
        mine = self._enroll()
        theirs = self._enroll(other)
        notes = self._enroll(other, self.notes)
        (self.opportunity + other).merge_opportunity()
        survivor = (self.opportunity + other).exists()
        self.assertEqual((mine + theirs + notes).lead_id, survivor)
        self.assertEqual(sorted((mine + theirs).mapped("state")), ["active", "stopped"])
        self.assertEqual(notes.state, "active")

    def test_merged_contacts_are_in_a_sequence_once(self):
        other = self._create_leads(1)
        self._enroll()
        self._enroll(other)
        self.env["base.partner.merge.automatic.wizard"].with_user(
            self.env.ref("base.user_admin")
        )._merge([self.customer.id, other.partner_id.id], self.customer)
        self.env.invalidate_all()
        enrollments = (self.opportunity + other).enrollment_ids
        self.assertEqual(len(enrollments), 2)
        self.assertEqual(enrollments.partner_id, self.customer)
        self.assertEqual(sorted(enrollments.mapped("state")), ["active", "stopped"])

    def test_the_mail_queue_goes_on_until_it_is_empty(self):
        self.env["ir.config_parameter"].set_param("mail.mail.queue.batch.size", "1")
        leads = self._create_leads(2)
        self._enroll(leads)
        self._run_engine()
        queue = self.env.ref("mail.ir_cron_mail_scheduler_action")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", queue.id)])
        triggers.unlink()
        mails = self.env["mail.mail"]
        mails.search([("state", "=", "outgoing")]).filtered(
            lambda mail: mail.res_id not in leads.ids
        ).unlink()
        for is_left in (True, False):
            with patch.object(type(mails), "send", lambda self, **_kw: self.unlink()):
                mails.process_email_queue()
            triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", queue.id)])
            self.assertEqual(bool(triggers), is_left)
            triggers.unlink()

    def test_a_mail_server_that_takes_nothing_is_left_alone(self):
        self._enroll()
        self._run_engine()
        queue = self.env.ref("mail.ir_cron_mail_scheduler_action")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", queue.id)])
        triggers.unlink()
        mails = self.env["mail.mail"]
        with (
            patch.object(type(mails), "send", side_effect=OSError),
            mute_logger("odoo.addons.mail.models.mail_mail"),
        ):
            mails.process_email_queue()
        self.assertFalse(
            self.env["ir.cron.trigger"].search([("cron_id", "=", queue.id)])
        )

    def test_the_engine_runs_for_nobody_but_the_system(self):
        with self.assertRaises(AttributeError):
            self.env["opportunity.sequence.enrollment"].run_due_steps()
        with self.assertRefused(UserError, "kind it is for"):
            self.Enrollment.create({"sequence_id": self.sequence.id})

from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tests.common import JsonRpcException
from odoo.tools import mute_logger

from .sequence_common import START, SequenceCommon

DAY = timedelta(days=1)


@tagged("post_install", "-at_install")
class TestOpportunitySequenceEnrollment(SequenceCommon):
    """An opportunity goes through a sequence, as its salesman."""

    def test_from_start_to_end(self):
        enrollment = self._enroll()
        self.assertEqual(enrollment.state, "active")
        self.assertEqual(enrollment.date_next, START)
        self._run_engine()
        mail = self._get_mails()
        self.assertEqual(mail.subject, "About Ten desks")
        self.assertEqual(mail.recipient_ids, self.customer)
        self.assertEqual(mail.author_id, self.user_sales_salesman.partner_id)
        self.assertEqual(enrollment.next_step_id, self.task_step)
        self.assertEqual(enrollment.date_next, START + DAY)
        self._run_engine(START + DAY)
        activity = self.opportunity.activity_ids
        self.assertEqual(activity.summary, "Call Jane Doe")
        self.assertEqual(activity.user_id, self.user_sales_salesman)
        self._run_engine(START + 3 * DAY)
        self.assertIn("Quiet", self.opportunity.message_ids[0].body)
        self.assertEqual(enrollment.state, "completed")
        self.assertEqual(
            enrollment.run_ids.sorted("id").mapped("step_type"),
            ["email", "task", "note"],
        )
        self.assertEqual(enrollment.run_ids.mapped("lead_id"), self.opportunity)

    def test_nothing_is_done_before_it_is_due_or_twice(self):
        enrollment = self._enroll()
        self._run_engine(START - timedelta(minutes=1))
        self.assertFalse(self._get_mails())
        self._run_engine()
        self._run_engine()
        self.assertEqual(len(self._get_mails()), 1)
        self._run_engine(START + DAY - timedelta(seconds=1))
        self.assertEqual(len(enrollment.run_ids), 1)

    def test_pause_and_resume_keep_the_delay_that_was_left(self):
        enrollment = self._enroll()
        self._run_engine()
        with freeze_time(START + timedelta(hours=6)):
            enrollment.action_pause()
        self._run_engine(START + 5 * DAY)
        self.assertEqual(enrollment.state, "paused")
        self.assertEqual(len(enrollment.run_ids), 1)
        with freeze_time(START + 5 * DAY):
            enrollment.action_resume()
        self.assertEqual(enrollment.date_next, START + 5 * DAY + timedelta(hours=18))

    def test_skip_leaves_a_step_out(self):
        enrollment = self._enroll()
        with freeze_time(START):
            enrollment.action_skip()
        self.assertEqual(enrollment.next_step_id, self.task_step)
        self.assertEqual(enrollment.run_ids.state, "skipped")
        self._run_engine()
        self.assertFalse(self._get_mails())

    def test_stop_and_restart(self):
        enrollment = self._enroll()
        self._run_engine()
        enrollment.action_stop()
        self.assertEqual(
            (enrollment.state, enrollment.stop_reason), ("stopped", "manual")
        )
        self._run_engine(START + 9 * DAY)
        self.assertEqual(len(enrollment.run_ids), 1)
        with freeze_time(START + 10 * DAY):
            enrollment.action_restart()
        self._run_engine(START + 10 * DAY)
        self.assertEqual(len(self._get_mails()), 2)
        self.assertEqual(enrollment.run_ids.mapped("round"), [2, 1])

    def test_many_at_one_go(self):
        leads = self._create_leads(7)
        enrollments = self._enroll(leads)
        self.assertEqual(len(enrollments), 7)
        enrollments.action_pause()
        self.assertEqual(set(enrollments.mapped("state")), {"paused"})
        with freeze_time(START):
            enrollments.action_resume()
        self._run_engine()
        self.assertEqual(len(self._get_mails(leads)), 7)

    def test_nobody_is_in_the_same_sequence_twice(self):
        enrollment = self._enroll()
        self.assertFalse(self._enroll())
        other = self._create_opportunity(name="Chairs", partner_id=self.customer.id)
        self.assertFalse(self._enroll(other), "the same person")
        draft = self.Enrollment.create(
            {"sequence_id": self.sequence.id, "lead_id": other.id}
        )
        with self.assertRefused(UserError, "Jane Doe.*already"):
            draft.action_start()
        enrollment.action_stop()
        draft.action_start()
        self.assertEqual(draft.state, "active")
        with self.assertRefused(UserError, "already"):
            enrollment.action_restart()

    def test_a_draft_is_for_whoever_makes_it(self):
        draft = self.Enrollment.create(
            {
                "sequence_id": self.sequence.id,
                "lead_id": self.opportunity.id,
                "user_id": self.user_sales_manager.id,
                "state": "active",
                "date_next": datetime(2020, 1, 1),
            }
        )
        self.assertEqual(draft.user_id, self.user_sales_salesman)
        self.assertEqual((draft.state, draft.date_next), ("draft", False))
        with self.assertRefused(AccessError):
            draft.write({"user_id": self.user_sales_manager.id})

    def test_what_the_client_sends_along_fills_nothing(self):
        foreign = self._create_opportunity(self.user_sales_leads)
        Enrollment = self.Enrollment.with_context(
            default_state="active",
            default_date_next="2020-01-01 00:00:00",
            default_next_step_id=self.note_step.id,
            default_lead_id=foreign.id,
        )
        draft = Enrollment.create(
            {"sequence_id": self.sequence.id, "lead_id": self.opportunity.id}
        )
        self.assertEqual((draft.state, draft.date_next), ("draft", False))
        self.assertFalse(draft.next_step_id)

    def test_it_follows_the_contact_of_the_opportunity(self):
        lead = self._create_opportunity(email_from="late@example.com")
        late = self._enroll(lead)
        lead.partner_id = self.env["res.partner"].create({"name": "Late"})
        self.assertEqual(late.partner_id, lead.partner_id)
        self._enroll()
        lead.partner_id = self.customer
        self.assertEqual((late.state, late.stop_reason), ("stopped", "merged"))
        self.assertEqual(late.partner_id, self.customer)

    def test_without_a_contact_the_address_tells_who_it_is(self):
        leads = self.Lead.browse()
        for _number in range(2):
            leads += self._create_opportunity(email_from="Late <late@example.com>")
        self.assertFalse(leads.partner_id)
        self.assertEqual(self._enroll(leads).lead_id, leads[0])
        self.assertFalse(self._enroll(leads[1]))

    def test_it_follows_the_rights_on_the_opportunity(self):
        foreign = self._create_opportunity(self.user_sales_leads)
        theirs = self.Enrollment.with_user(self.user_sales_leads).create(
            {"sequence_id": self.sequence.id, "lead_id": foreign.id}
        )
        hidden = theirs.with_user(self.user_sales_salesman)
        self.env.invalidate_all()
        self.assertFalse(hidden.search([("lead_id", "=", foreign.id)]))
        for operation in (
            lambda: hidden.read(["state"]),
            lambda: hidden.action_start(),
            lambda: hidden.action_stop(),
            lambda: self.Enrollment.create(
                {"sequence_id": self.sequence.id, "lead_id": foreign.id}
            ),
        ):
            with self.assertRefused(AccessError):
                operation()
        theirs.action_start()
        self.assertEqual(theirs.state, "active")

    def test_who_may_only_read_starts_nothing(self):
        foreign = self._create_opportunity(self.user_sales_leads)
        foreign.share_ids = [
            (0, 0, {"user_id": self.user_sales_salesman.id, "access": "read"})
        ]
        theirs = self.Enrollment.with_user(self.user_sales_leads).create(
            {"sequence_id": self.sequence.id, "lead_id": foreign.id}
        )
        mine = theirs.with_user(self.user_sales_salesman)
        self.env.invalidate_all()
        self.assertEqual(mine.state, "draft")
        with self.assertRefused(AccessError):
            mine.action_start()

    def test_deleting_the_record_deletes_its_enrolments(self):
        enrollment = self._enroll()
        self._run_engine()
        runs = enrollment.run_ids
        self.opportunity.sudo().unlink()
        self.assertFalse(enrollment.exists())
        self.assertFalse(runs.exists())

    def test_on_a_contact(self):
        sequence = self._create_sequence(
            {"step_type": "note", "body_html": "<p>Hi</p>", "delay_count": 0},
            model="res.partner",
        )
        enrollment = self._enroll(self.customer, sequence)
        self.assertEqual(self.customer.enrollment_ids, enrollment)
        self._run_engine()
        self.assertIn("Hi", self.customer.message_ids[0].body)
        self.assertEqual(enrollment.state, "completed")
        with self.assertRefused(UserError, "other records"):
            self._enroll(self.opportunity, sequence)


@tagged("post_install", "-at_install")
class TestOpportunitySequenceRpc(SequenceCommon, HttpCase):
    """What a client may ask the server for, as the salesman."""

    def setUp(self):
        super().setUp()
        foreign = self._create_opportunity(self.user_sales_leads)
        self.mine, self.foreign = (
            self.Enrollment.sudo().create(
                {"sequence_id": self.sequence.id, "lead_id": lead.id}
            )
            for lead in (self.opportunity, foreign)
        )
        self.mine.user_id = self.user_sales_salesman
        self.authenticate("user_sales_salesman", "user_sales_salesman")

    def _call(self, method, *args, model="opportunity.sequence.enrollment"):
        values = {"model": model, "method": method, "args": args, "kwargs": {}}
        return self.make_jsonrpc_request("/web/dataset/call_kw", values)

    def test_the_buttons_on_ones_own(self):
        for method, state in (
            ("action_start", "active"),
            ("action_pause", "paused"),
            ("action_resume", "active"),
            ("action_skip", "active"),
            ("action_stop", "stopped"),
            ("action_restart", "active"),
        ):
            self._call(method, self.mine.ids)
            self.mine.invalidate_recordset()
            self.assertEqual(self.mine.state, state, method)

    @mute_logger("odoo.http")
    def test_what_is_refused(self):
        ids, theirs = self.mine.ids, self.foreign.ids
        runs, steps = "opportunity.sequence.run", "opportunity.sequence.step"
        values = {"sequence_id": self.sequence.id, "lead_id": self.foreign.lead_id.id}
        for method, args, model in (
            ("write", (ids, {"user_id": self.user_sales_manager.id}), None),
            ("write", (ids, {"date_next": "2020-01-01 00:00:00"}), None),
            ("unlink", (ids,), None),
            ("create", ([values],), None),
            ("read", (theirs, ["state"]), None),
            *((f"action_{name}", (theirs,), None) for name in ("start", "stop")),
            ("_cron_run_due_steps", (), None),
            ("_run_due", (ids,), None),
            ("_stop", (ids, "manual"), None),
            ("create", ([{"enrollment_id": ids[0]}],), runs),
            ("write", (self.email_step.ids, {"subject": "Mine"}), steps),
            ("_run_email", (self.email_step.ids, []), steps),
        ):
            with self.assertRaisesRegex(JsonRpcException, "AccessError", msg=method):
                self._call(method, *args, model=model or self.mine._name)
        self.assertEqual((self.mine.state, self.foreign.state), ("draft", "draft"))

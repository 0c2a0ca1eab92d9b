from datetime import timedelta

from odoo.tests import tagged

from .sequence_common import START, SequenceCommon


@tagged("post_install", "-at_install")
class TestOpportunitySequenceFigures(SequenceCommon):
    """Sentences and figures of steps."""

    def _say(self, **values):
        values = {"step_type": "email", "name": "Introduction", **values}
        (step,) = self._create_sequence(values).step_ids
        return step.sentence.replace("\u202f", " ")

    def test_steps_are_sentences(self):
        for values, sentence in (
            ({"delay_count": 0}, "At once, Email: Introduction"),
            (
                {"delay_count": 3, "time_mode": "at", "time_start": 9},
                "3 days later, at 9:00 AM, Email: Introduction",
            ),
            (
                {"delay_unit": "week", "is_working_days": True},
                "1 week later, on a working day, Email: Introduction",
            ),
            (
                {"time_mode": "window", "time_start": 0, "time_end": 17.5},
                "1 day later, between 12:00 AM and 5:30 PM, Email: Introduction",
            ),
            (
                {"timing": "task", "delay_count": 0},
                "When the task before is done, Email: Introduction",
            ),
            (
                {"timing": "date", "date_fixed": "2026-03-05"},
                "On 03/05/2026, Email: Introduction",
            ),
            (
                dict.fromkeys(("tue", "wed", "thu", "sat", "sun"), False),
                "1 day later, on Mon, Fri, Email: Introduction",
            ),
        ):
            self.assertEqual(self._say(**{"subject": "Hi", **values}), sentence)

    def test_dates_of_the_record_are_named(self):
        deadline = self.env["ir.model.fields"]._get("crm.lead", "date_deadline")
        values = {
            "timing": "field",
            "date_field_id": deadline.id,
            "delay_count": 2,
            "is_before": True,
            "is_yearly": True,
            "subject": "Hi",
        }
        label = deadline.field_description
        self.assertEqual(
            self._say(**values),
            f"2 days before “{label}” every year, Email: Introduction",
        )

    def test_figures_are_those_of_all_versions(self):
        leads = self._create_leads(3)
        enrollments = self._enroll(leads)
        self._run_engine()
        enrollments.run_ids[:1].sudo().date_replied = START
        leads[0].stage_id = self.stage_won
        self.email_step.subject = "Another"
        email = self.sequence.step_ids[0]
        self.assertNotEqual(email, self.email_step)
        self.env.invalidate_all()
        self.assertEqual(email.done_count, 3)
        self.assertEqual((email.replied_count, email.won_count), (1, 1))
        self.assertEqual(self.sequence.step_ids[1].waiting_count, 2)
        self._run_engine(START + timedelta(days=1))
        self.assertEqual(self.sequence.step_ids[1].done_count, 2)

    def test_opens_and_clicks_are_those_of_people(self):
        leads = self._create_leads(2)
        enrollments = self._enroll(leads)
        self._run_engine()
        for lead, kind, sign in (
            (leads[0], "click", False),
            (leads[0], "click", False),
            (leads[1], "open", "prefetch"),
        ):
            self._visit(lead, kind, sign)
        email = self.sequence.step_ids[0]
        self.assertEqual((email.opened_count, email.clicked_count), (1, 1))
        clicked = enrollments.filtered(lambda one: one.lead_id == leads[0]).run_ids
        self.assertEqual(clicked.date_clicked, START)
        self.assertEqual(clicked.date_opened, START)
        self.assertFalse((enrollments.run_ids - clicked).date_opened)

    def _visit(self, lead, kind, sign):
        """Somebody, or a program, looks at the email of an opportunity."""
        message = lead.enrollment_ids.run_ids.message_id
        trace = self.env["opportunity.mail.trace"].search(
            [("mail_message_id", "=", message.id)]
        ) or self.env["opportunity.mail.trace"].create(
            {"lead_id": lead.id, "mail_message_id": message.id, "date": START}
        )
        self.env["opportunity.click"].create(
            {
                "lead_id": lead.id,
                "trace_id": trace.id,
                "mail_message_id": message.id,
                "kind": kind,
                "date": START,
                "robot_sign": sign,
            }
        )

    def test_unsaved_steps_have_no_figures(self):
        step = self.sequence.step_ids.new({"sequence_id": self.sequence.id})
        self.assertEqual((step.done_count, step.waiting_count), (0, 0))

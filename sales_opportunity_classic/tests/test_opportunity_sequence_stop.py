from email.message import EmailMessage

from freezegun import freeze_time

from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from ..tools.automatic_reply import is_automatic
from .sequence_common import START, SequenceCommon

OUT_OF_OFFICE = (
    {"Auto-Submitted": "auto-replied"},
    {"Auto-Submitted": "auto-generated (rejected)"},
    {"X-Autoreply": "yes"},
    {"X-Autorespond": "I am away"},
    {"X-Auto-Response-Suppress": "All"},
    {"Precedence": "auto_reply"},
    {"Precedence": "bulk"},
    {"X-Precedence": "junk"},
    {"Return-Path": "<>"},
    {"Subject": "Automatic reply: About Ten desks"},
    {"Subject": "Out of Office: About Ten desks"},
    {"Subject": "Abwesenheitsnotiz: About Ten desks"},
)
BY_PEOPLE = (
    {},
    {"Auto-Submitted": "no"},
    {"Precedence": "normal"},
    {"Precedence": "list"},
    {"X-Auto-Response-Suppress": "OOF, AutoReply"},
    {"Subject": "Re: we have no automatic reply yet"},
    {"Return-Path": "<jane@example.com>"},
)


def make_mail(**headers):
    """Return a mail with these headers beside the usual ones."""
    mail = EmailMessage()
    given = {
        "From": "Jane Doe <jane@example.com>",
        "To": "sales@example.com",
        "Subject": "Re: About Ten desks",
        "Message-Id": "<answer@example.com>",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    for name, value in given.items():
        mail[name] = value
    mail.set_content("Thank you, let us talk.")
    return mail


@tagged("post_install", "-at_install")
class TestAutomaticReply(BaseCase):
    def test_machines_are_told_from_people(self):
        for headers in OUT_OF_OFFICE:
            self.assertTrue(is_automatic(make_mail(**headers)), headers)
        for headers in BY_PEOPLE:
            self.assertFalse(is_automatic(make_mail(**headers)), headers)


@tagged("post_install", "-at_install")
class TestOpportunitySequenceStop(SequenceCommon):
    """What ends a sequence by itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["mail.alias.domain"].search([]) or cls.env["mail.alias.domain"].create(
            {"name": "example.com"}
        )

    def setUp(self):
        super().setUp()
        self.enrollment = self._enroll()

    def _receive(self, **headers):
        """A mail arrives that answers the first one of the sequence."""
        self._run_engine()
        sent = self.enrollment.run_ids.message_id
        mail = make_mail(**{"In-Reply-To": sent.message_id, **headers})
        self.env["mail.thread"].message_process(False, mail.as_bytes())
        self.env.invalidate_all()

    def _assert_stopped(self, reason):
        self.assertEqual(self.enrollment.state, "stopped")
        self.assertEqual(self.enrollment.stop_reason, reason)
        runs = len(self.enrollment.run_ids)
        self._run_engine(START.replace(year=2027))
        self.assertEqual(len(self.enrollment.run_ids), runs, "nothing goes on")

    def test_a_reply_stops_it(self):
        self._receive()
        self.assertIn("let us talk", self.opportunity.message_ids[0].body)
        self.assertTrue(self.enrollment.run_ids.date_replied)
        self._assert_stopped("replied")

    def test_a_reply_is_found_by_its_references_too(self):
        self._run_engine()
        sent = self.enrollment.run_ids.message_id.message_id
        self._receive(**{"In-Reply-To": "", "References": f"<other@x.com> {sent}"})
        self._assert_stopped("replied")

    def test_an_out_of_office_note_does_not(self):
        for number, headers in enumerate(OUT_OF_OFFICE):
            self._receive(**{"Message-Id": f"<{number}@example.com>", **headers})
            self.assertEqual(self.enrollment.state, "active", headers)
        self.assertFalse(self.enrollment.run_ids.date_replied)

    def test_what_colleagues_answer_does_not(self):
        self._receive(From=self.user_sales_salesman.email_formatted)
        self.assertEqual(self.enrollment.state, "active")

    def test_a_sequence_may_go_on_after_a_reply(self):
        self.sequence.stop_on_reply = False
        self._receive()
        self.assertTrue(self.enrollment.run_ids.date_replied)
        self.assertEqual(self.enrollment.state, "active")

    def test_a_paused_one_stops_as_well(self):
        self._run_engine()
        self.enrollment.action_pause()
        self._receive()
        self._assert_stopped("replied")

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def test_a_bounce_stops_it(self):
        self._run_engine()
        sent = self.enrollment.run_ids.message_id
        report = EmailMessage()
        report["From"] = "MAILER-DAEMON@example.com"
        report["To"] = "sales@example.com"
        report["Subject"] = "Undelivered Mail Returned to Sender"
        report["Message-Id"] = "<bounce@example.com>"
        report["References"] = sent.message_id
        report.set_content("It could not be delivered.")
        message_dict = {
            "bounced_email": "jane@example.com",
            "bounced_partner": self.customer,
            "bounced_msg_ids": [sent.message_id],
            "bounced_message": sent,
            "email_from": "MAILER-DAEMON@example.com",
            "to": "sales@example.com",
            "message_id": "<bounce@example.com>",
            "body": "It could not be delivered.",
        }
        self.env["mail.thread"]._routing_handle_bounce(report, message_dict)
        self.assertTrue(self.enrollment.run_ids.date_bounced)
        self._assert_stopped("bounced")

    def test_a_meeting_stops_it(self):
        self._run_engine()
        with freeze_time(START):
            self.env["calendar.event"].with_user(self.user_sales_salesman).create(
                {
                    "name": "Talk",
                    "start": START,
                    "stop": START,
                    "opportunity_id": self.opportunity.id,
                }
            )
        self._assert_stopped("meeting_booked")

    def test_a_meeting_with_the_contact_stops_its_own(self):
        note = {"step_type": "note", "body_html": "x"}
        sequence = self._create_sequence(note, model="res.partner")
        enrollment = self._enroll(self.customer, sequence)
        values = {"name": "Talk", "start": START, "stop": START}
        events = self.env["calendar.event"].with_user(self.user_sales_salesman)
        event = events.create(values)
        self.assertEqual(enrollment.state, "active")
        event.partner_ids += self.customer
        self.assertEqual(enrollment.stop_reason, "meeting_booked")
        self.assertEqual(self.enrollment.state, "active", "it is about nothing")

    def test_after_a_meeting_it_may_be_started_again(self):
        self.test_a_meeting_stops_it()
        with freeze_time(START.replace(year=2028)):
            self.enrollment.action_restart()
        self._run_engine(START.replace(year=2028))
        self.assertEqual(self.enrollment.state, "active")
        self.assertEqual(len(self._get_mails()), 2)

    def test_winning_stops_it(self):
        self.opportunity.stage_id = self.stage_won
        self._assert_stopped("won")

    def test_losing_stops_it(self):
        self.opportunity.action_set_lost()
        self._assert_stopped("lost")

    def test_archiving_stops_it(self):
        self.opportunity.active = False
        self._assert_stopped("archived")

    def test_archiving_the_sequence_stops_it(self):
        self.sequence.active = False
        self._run_engine()
        self.assertFalse(self._get_mails())
        self._assert_stopped("archived")

    def test_an_archived_contact_stops_it(self):
        self.customer.active = False
        self._run_engine()
        self._assert_stopped("archived")

    def test_who_unsubscribed_gets_nothing(self):
        self.env["mail.blacklist"]._add("jane@example.com")
        self._run_engine()
        self.assertFalse(self._get_mails())
        self._assert_stopped("unsubscribed")

    def test_of_many_in_a_batch_only_those_stop_that_are_over(self):
        leads = self._create_leads(3)
        enrollments = self._enroll(leads)
        self.env["mail.blacklist"]._add(leads[1].partner_id.email)
        self._run_engine()
        written_to = self._get_mails(leads).mapped("res_id")
        self.assertEqual(written_to, (leads - leads[1]).ids)
        self.assertEqual(enrollments[1].stop_reason, "unsubscribed")
        self.assertEqual(len(enrollments.filtered("stop_reason")), 1)

    def test_what_happened_unnoticed_is_seen_before_the_step(self):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET won_status = 'won' WHERE id = %s",
            [self.opportunity.id],
        )
        self._run_engine()
        self.assertFalse(self._get_mails())
        self._assert_stopped("won")

    def test_a_win_back_sequence_goes_on_when_lost(self):
        sequence = self._create_sequence(
            {
                "step_type": "note",
                "body_html": "<p>Ask again</p>",
                "delay_unit": "month",
            },
            name="Win back",
            start_on_lost=True,
            stop_on_lost=False,
        )
        with freeze_time(START):
            self.opportunity.action_set_lost()
        won_back = self.opportunity.enrollment_ids - self.enrollment
        self.assertEqual(won_back.sequence_id, sequence)
        self.assertEqual(won_back.user_id, self.user_sales_salesman)
        self._run_engine(START.replace(month=4))
        self.assertEqual(won_back.state, "completed")
        self.assertIn("Ask again", self.opportunity.message_ids[0].body)

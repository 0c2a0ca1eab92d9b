from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .test_opportunity_sequence_stop import make_mail

OUT_OF_OFFICE = {
    "Subject": "Automatic reply: Thank you",
    "Auto-Submitted": "auto-replied",
    "Message-Id": "<away@example.com>",
}


@tagged("post_install", "-at_install")
class TestSequenceTours(HttpCase):
    """Follow-up in the browser, from the first step that is written to the answer."""

    def setUp(self):
        super().setUp()
        domains = self.env["mail.alias.domain"]
        domains.search([]) or domains.create({"name": "example.com"})
        self.rep, self.manager = [
            new_test_user(
                self.env,
                login,
                password=login,
                tz="UTC",
                email=f"{login}@example.com",
                groups=f"sales_team.group_sale_{group}",
            )
            for login, group in (("tour_rep", "salesman"), ("tour_boss", "manager"))
        ]
        self.customer = self.env["res.partner"].create(
            {"name": "Jane Doe", "email": "jane@example.com", "tz": "Asia/Kolkata"}
        )
        self.lead = self.env["crm.lead"].create(
            {
                "name": "Tour opportunity",
                "type": "opportunity",
                "user_id": self.rep.id,
                "partner_id": self.customer.id,
            }
        )
        self.stage = self.env["crm.stage"].create(
            {"name": "Tour engaged", "sequence": 1}
        )

    def _run_engine(self, at=None):
        cron = self.env.ref("sales_opportunity_classic.ir_cron_sequences")
        self.env.flush_all()
        with freeze_time(at or fields.Datetime.now()):
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _receive(self, **headers):
        """A mail arrives that answers the first one of the sequence."""
        sent = self.lead.enrollment_ids.run_ids.filtered("message_id").message_id
        sent = sent.sorted("id")[0]
        mail = make_mail(**{"In-Reply-To": sent.message_id, **headers})
        self.env["mail.thread"].message_process(False, mail.as_bytes())
        self.env.invalidate_all()

    def _tour(self, name, login="tour_rep"):
        self.start_tour(f"/odoo/crm/{self.lead.id}", name, login=login)
        self.env.invalidate_all()

    def test_from_the_first_step_to_the_answer(self):
        self.env["opportunity.sequence"].search([]).action_archive()
        self.start_tour(
            "/odoo/opportunity-sequences", "opportunity_sequence", login="tour_boss"
        )
        sequence = self.env["opportunity.sequence"].search([("name", "=", "Tour fair")])
        self.assertEqual(
            sequence.step_ids.mapped("step_type"),
            ["email", "task", "note", "stage", "wait"],
        )

        self._tour("opportunity_follow_up_start")
        enrollment = self.lead.enrollment_ids
        self.assertRecordValues(
            enrollment,
            [{"state": "active", "user_id": self.rep.id, "sequence_id": sequence.id}],
        )

        self._run_engine()
        mails = self.env["mail.mail"].search(
            [("res_id", "=", self.lead.id), ("recipient_ids", "in", self.customer.ids)]
        )
        self.assertEqual(mails.state, "outgoing")
        self.assertEqual(mails.recipient_ids, self.customer)
        self.assertEqual(mails.subject, "About Tour opportunity")
        self._run_engine(enrollment.date_next + timedelta(minutes=1))
        self.assertEqual(self.lead.activity_ids.summary, "Call Jane Doe")
        self.assertEqual(self.lead.activity_ids.user_id, self.rep)

        self._receive(**OUT_OF_OFFICE)
        self.assertEqual(enrollment.state, "active")
        self._tour("opportunity_follow_up_away")
        self.assertEqual(enrollment.state, "active")

        self._receive()
        self.assertEqual(enrollment.stop_reason, "replied")
        self._tour("opportunity_follow_up_replied")

    def test_pause_and_resume_on_the_contact(self):
        sequence = self.env["opportunity.sequence"].create(
            {
                "name": "Tour care",
                "step_ids": [
                    Command.create({"step_type": "note", "body_html": "<p>Hi</p>"})
                ],
            }
        )
        sequence.with_user(self.rep)._enroll(self.lead.with_user(self.rep))
        self.start_tour(
            f"/odoo/contacts/{self.customer.id}",
            "opportunity_follow_up_contact",
            login="tour_rep",
        )
        self.env.invalidate_all()
        self.assertEqual(self.lead.enrollment_ids.state, "stopped")
        self.assertEqual(self.lead.enrollment_ids.stop_reason, "manual")

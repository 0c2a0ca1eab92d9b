from datetime import datetime

from freezegun import freeze_time

from odoo.fields import Command

from .common import OpportunityCommon

# A Monday.
START = datetime(2026, 3, 2, 9, 0)


class SequenceCommon(OpportunityCommon):
    """A sequence of the sales manager, and an opportunity with a customer.

    The sequence: an email at once, a task on the next day, a note two days later.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env["res.partner"].create(
            {"name": "Jane Doe", "email": "jane@example.com", "tz": "UTC"}
        )
        cls.opportunity.partner_id = cls.customer
        cls.Sequence = cls.env["opportunity.sequence"].with_user(cls.user_sales_manager)
        cls.Enrollment = cls.env["opportunity.sequence.enrollment"].with_user(
            cls.user_sales_salesman
        )
        cls.Run = cls.env["opportunity.sequence.run"]
        cls.sequence = cls._create_sequence(
            {
                "step_type": "email",
                "subject": "About {{ object.name }}",
                "body_html": "<p>Hello</p>",
                "delay_count": 0,
            },
            {"step_type": "task", "subject": "Call {{ object.partner_id.name }}"},
            {"step_type": "note", "body_html": "<p>Quiet</p>", "delay_count": 2},
        )
        cls.email_step, cls.task_step, cls.note_step = cls.sequence.step_ids

    @classmethod
    def _create_sequence(cls, *steps, **values):
        return cls.Sequence.create(
            {
                "name": "After the Fair",
                "step_ids": [
                    Command.create({"sequence": 10 * number, **step})
                    for number, step in enumerate(steps, 1)
                ],
                **values,
            }
        )

    @classmethod
    def _create_leads(cls, count, user=None):
        user = user or cls.user_sales_salesman
        partners = cls.env["res.partner"].create(
            [
                {"name": f"Person {n}", "email": f"p{n}@example.com", "tz": "UTC"}
                for n in range(count)
            ]
        )
        return cls.Lead.with_user(user).create(
            [
                {
                    "name": f"Deal {n}",
                    "type": "opportunity",
                    "user_id": user.id,
                    "partner_id": partner.id,
                }
                for n, partner in enumerate(partners)
            ]
        )

    def _enroll(self, records=None, sequence=None, at=START):
        """Start a sequence as the salesman, by default on the opportunity."""
        sequence = (sequence or self.sequence).with_user(self.user_sales_salesman)
        records = self.opportunity if records is None else records
        with freeze_time(at):
            return sequence._enroll(records.with_user(self.user_sales_salesman))

    def _run_engine(self, at=START):
        """Run what is due by then, as the scheduled action does."""
        cron = self.env.ref("sales_opportunity_classic.ir_cron_sequences")
        self.env.flush_all()
        with freeze_time(at), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _get_mails(self, records=None):
        records = self.opportunity if records is None else records
        return self.env["mail.mail"].search(
            [("model", "=", records._name), ("res_id", "in", records.ids)], order="id"
        )

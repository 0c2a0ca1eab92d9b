from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .sequence_common import START, SequenceCommon


@tagged("post_install", "-at_install")
class TestOpportunitySequenceStart(SequenceCommon):
    """The dialog that shows what a sequence will do, and starts it."""

    def _open(self, records=None, user=None, sequence=None):
        """Return the form of the dialog, on the opportunity by default."""
        records = self.opportunity if records is None else records
        user = user or self.user_sales_salesman
        action = records.with_user(user).action_start_follow_up()
        dialog = self.env[action["res_model"]].with_user(user)
        form = Form(dialog.with_context(**action["context"]))
        form.sequence_id = (sequence or self.sequence).with_user(user)
        return form

    @freeze_time(START)
    def test_the_preview_has_the_dates_and_texts(self):
        self.sequence.step_ids[1].write({"time_mode": "at", "time_start": 14})
        form = self._open()
        for text in (
            "About Ten desks",
            "Hello",
            "Call Jane Doe",
            "Mon 03/02/2026, 9:00",
            "Tue 03/03/2026, 2:00",
            "Thu 03/05/2026, 2:00",
            "2 days later, Note",
            "UTC",
        ):
            self.assertIn(text, form.preview.replace("\u202f", " "))
        self.assertFalse(form.hindrances)
        self.assertFalse(self._get_mails(), "nothing is sent")
        self.assertFalse(self.Enrollment.search([]))

    @freeze_time(START)
    def test_times_are_those_of_the_contact(self):
        self.customer.tz = "Asia/Kolkata"
        preview = self._open().preview
        self.assertIn("Asia/Kolkata", preview)
        self.assertIn("Mon 03/02/2026, 2:30", preview)

    @freeze_time(START)
    def test_it_starts_what_it_showed(self):
        dialog = self._open().save()
        result = dialog.action_start()
        self.assertEqual(result["tag"], "display_notification")
        enrollment = self.opportunity.enrollment_ids
        self.assertEqual(enrollment.user_id, self.user_sales_salesman)
        self.assertEqual(
            enrollment.mapped("state") + enrollment.mapped("date_next"),
            ["active", START],
        )

    @freeze_time(START)
    def test_those_that_cannot_be_enrolled_are_named(self):
        leads = self._create_leads(5)
        self._enroll(leads[0])
        self.env["mail.blacklist"]._add(leads[1].partner_id.email)
        leads[2].action_set_won()
        leads[3].partner_id = leads[4].partner_id
        form = self._open(leads)
        for number, reason in (
            (0, "in the sequence already"),
            (1, "Unsubscribed"),
            (2, "Won"),
            (4, "in the sequence already"),
        ):
            self.assertRegex(form.hindrances, f"Deal {number}: .*{reason}")
        self.assertNotIn("Deal 3:", form.hindrances)
        self.assertEqual((form.record_count, form.ready_count), (5, 1))
        self.assertEqual(form.preview_lead_id, leads[3])
        form.save().action_start()
        self.assertEqual(leads.enrollment_ids.lead_id, leads[0] + leads[3])

    def test_long_lists_of_hindrances_are_cut_short(self):
        leads = self._create_leads(13)
        leads.action_archive()
        form = self._open(leads)
        self.assertIn("Deal 9:", form.hindrances)
        self.assertNotIn("Deal 10:", form.hindrances)
        self.assertIn("and 3 more", form.hindrances)
        with self.assertRefused(UserError, "None of them"):
            form.save().action_start()

    def test_what_is_missing_is_said(self):
        self.customer.email = False
        self.opportunity.sudo().email_from = False
        self.assertIn("No email address", self._open().preview)

    def test_names_are_no_markup(self):
        self.opportunity.name = "<b>Ten</b> <script>alert(1)</script>"
        self.sequence.name = "<i>Fair</i>"
        preview = self._open().preview
        self.assertNotIn("<b>Ten", preview)
        self.assertNotIn("<script", preview)

    def test_on_contacts(self):
        sequence = self._create_sequence(
            {"step_type": "note", "body_html": "<p>Ask</p>"},
            name="Contacts",
            model="res.partner",
        )
        manager = self.user_sales_manager
        form = self._open(self.customer, manager, sequence)
        self.assertEqual(form.preview_partner_id, self.customer)
        self.assertNotIn(self.sequence, form.usable_ids[:])
        form.save().action_start()
        self.assertEqual(self.customer.enrollment_ids.sequence_id, sequence)

    def test_the_only_sequence_is_chosen(self):
        self.Sequence.search([]).filtered(
            lambda one: one != self.sequence
        ).action_archive()
        action = self.opportunity.action_start_follow_up()
        dialog = self.env[action["res_model"]].with_user(self.user_sales_salesman)
        form = Form(dialog.with_context(**action["context"]))
        self.assertEqual(form.sequence_id, self.sequence)

    def test_others_are_refused(self):
        foreign = self._create_opportunity(self.user_sales_leads)
        dialogs = self.env["opportunity.sequence.start"]
        dialogs = dialogs.with_user(self.user_sales_salesman)
        self.env.invalidate_all()
        with self.assertRefused(AccessError):
            dialogs.create(
                {"lead_ids": foreign.ids, "sequence_id": self.sequence.id}
            ).action_start()
        self.assertFalse(foreign.sudo().enrollment_ids)

    def test_open_dates_are_said_to_be_open(self):
        sequence = self._create_sequence(
            {"step_type": "task", "subject": "Call", "delay_count": 0},
            {"step_type": "note", "body_html": "<p>A</p>", "timing": "task"},
            {
                "step_type": "note",
                "body_html": "<p>B</p>",
                "timing": "date",
                "date_fixed": "2020-01-01",
            },
        )
        preview = self._open(sequence=sequence).preview
        self.assertIn("When the task before is done", preview)
        self.assertIn("Left out: its date is empty or past", preview)

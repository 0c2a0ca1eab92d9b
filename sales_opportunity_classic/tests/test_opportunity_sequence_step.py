from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .letter_common import make_field
from .sequence_common import START, SequenceCommon

AT_ONCE = {"delay_count": 0}


@tagged("post_install", "-at_install")
class TestOpportunitySequenceStep(SequenceCommon):
    """Each kind of step, in the name of the salesman."""

    def _run_one(self, records=None, **step):
        """Carry out one step on the opportunity; return the enrolment."""
        sequence = self._create_sequence({**AT_ONCE, **step}, name="One step")
        enrollment = self._enroll(records, sequence)
        self._run_engine()
        return enrollment

    def test_email_of_a_template(self):
        template = self.env["mail.template"].create(
            {
                "name": "Hello",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "subject": "Hello {{ object.partner_id.name }}",
                "body_html": '<p><t t-out="object.name"/></p>',
                "partner_to": "{{ object.partner_id.id }}",
            }
        )
        leads = self._create_leads(3)
        enrollments = self._run_one(leads, step_type="email", template_id=template.id)
        mails = self._get_mails(leads)
        self.assertEqual(
            mails.mapped("subject"), [f"Hello Person {number}" for number in range(3)]
        )
        self.assertEqual(enrollments.run_ids.message_id, mails.mail_message_id)
        self.assertEqual(len(set(mails.mapped("message_id"))), 3)
        triggers = self.env["ir.cron.trigger"].search([])
        queue = self.env.ref("mail.ir_cron_mail_scheduler_action")
        self.assertIn(queue, triggers.cron_id)

    def test_a_template_is_compiled_once_and_rendered_for_each(self):
        template = self.env["mail.template"].create(
            {
                "name": "Sums",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "subject": "Sums",
                "body_html": '<p>No <t t-out="object.id * 2"/> of '
                '<t t-out="user.name"/></p>',
                "partner_to": "{{ object.partner_id.id }}",
            }
        )
        leads = self._create_leads(3)
        Qweb = type(self.env["ir.qweb"])
        generate, compiled = Qweb._generate_code, []
        self.patch(
            Qweb,
            "_generate_code",
            lambda qweb, text: compiled.append(text) or generate(qweb, text),
        )
        self._run_one(leads, step_type="email", template_id=template.id)
        for lead, mail in zip(leads, self._get_mails(leads), strict=True):
            self.assertIn(f"No {lead.id * 2} of", mail.body_html)
            self.assertIn(self.user_sales_salesman.name, mail.body_html)
        self.assertEqual(len(compiled), 2, "once to find out whether it has code")

    def test_the_message_id_says_what_it_is(self):
        enrollment = self._run_one(step_type="email", subject="Hi")
        run = enrollment.run_ids
        key = f"{enrollment.id}-{run.step_id.id}-1-openerp-{self.opportunity.id}-crm"
        self.assertIn(key, run.message_id.message_id)

    def test_the_message_stays_when_the_mail_was_sent(self):
        enrollment = self._run_one(step_type="email", subject="Hi")
        self._get_mails().unlink()
        self.assertTrue(enrollment.run_ids.message_id.exists())

    def test_email_with_merge_fields(self):
        body = f"<p>On {make_field('opportunity.name')}</p>"
        self._run_one(step_type="email", subject="Hi", body_html=body)
        self.assertIn("On Ten desks", self._get_mails().body_html.replace("<span>", ""))

    def test_nobody_to_write_to(self):
        lead = self._create_opportunity(name="Nobody")
        enrollment = self._run_one(lead, step_type="email", subject="Hi")
        self.assertEqual(enrollment.stop_reason, "error")
        self.assertIn("No email address", enrollment.note)
        self.assertIn("One step", lead.activity_ids.summary)
        self.assertFalse(self._get_mails(lead))
        lead.email_from = "late@example.com"
        enrollment.action_resume()
        self._run_engine(START.replace(year=2030))
        self.assertEqual(enrollment.state, "completed")
        self.assertEqual(self._get_mails(lead).email_to, "late@example.com")

    def test_a_contact_without_an_address_is_nobody_to_write_to(self):
        template = self.env["mail.template"].create(
            {
                "name": "Hello",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "subject": "Hello",
                "body_html": "<p>Hello</p>",
                "use_default_to": False,
                "partner_to": "{{ object.partner_id.id }}",
            }
        )
        self.customer.email = False
        enrollment = self._run_one(step_type="email", template_id=template.id)
        self.assertIn("No email address", enrollment.note)
        self.assertFalse(self._get_mails())

    def test_a_subject_is_one_line(self):
        self.opportunity.name = "Ten\r\ndesks"
        self._run_one(step_type="email", subject="About {{ object.name }}")
        self.assertEqual(self._get_mails().subject, "About Ten desks")

    def test_whoever_has_no_address_sends_nothing(self):
        self.user_sales_salesman.email = False
        enrollment = self._run_one(step_type="email", subject="Hello")
        self.assertEqual(enrollment.stop_reason, "error")
        self.assertFalse(self._get_mails())

    def test_texts_run_no_code(self):
        for subject in (
            "{{ object.env['res.users'].sudo().search([]) }}",
            "{{ object.sudo().name }}",
            "{{ 1 + 1 }}",
        ):
            with self.assertRefused(ValidationError, "plain placeholders"):
                self.email_step.subject = subject
        self.note_step.body_html = '<p><t t-out="object.env.uid"/>{{ 1 + 1 }}</p>'
        self._enroll()
        for days in range(5):
            self._run_engine(START.replace(day=2 + days))
        body = self.opportunity.message_ids[0].body
        self.assertIn("{{ 1 + 1 }}", body)
        self.assertNotIn(str(self.env.uid) + "<", body)
        with self.assertRefused(ValidationError, "fields that there are not"):
            self.note_step.body_html = make_field("no.such.field")

    def test_task_for_the_salesperson(self):
        enrollment = self._run_one(
            step_type="task", subject="Call {{ object.name }}", activity_days=2
        )
        task = self.opportunity.activity_ids
        self.assertEqual(enrollment.run_ids.activity_id, task)
        self.assertEqual(task.summary, "Call Ten desks")
        self.assertEqual(str(task.date_deadline), "2026-03-04")

    def test_task_for_somebody_else(self):
        self._run_one(
            step_type="task",
            subject="Check",
            activity_user="other",
            activity_user_id=self.user_sales_leads.id,
        )
        self.assertEqual(self.opportunity.activity_ids.user_id, self.user_sales_leads)

    def test_what_odoo_stores_of_a_task_is_right_at_once(self):
        self.user_sales_leads.tz = "Asia/Tokyo"
        self._run_one(
            step_type="task",
            subject="Call",
            activity_user="other",
            activity_user_id=self.user_sales_leads.id,
        )
        task = self.opportunity.activity_ids
        stored = (task.res_name, task.user_tz)
        task._compute_res_name()
        self.assertEqual(stored, (task.res_name, "Asia/Tokyo"))

    def test_appointment(self):
        self._run_one(step_type="meeting", subject="Show it")
        activity = self.opportunity.activity_ids
        self.assertEqual(activity.activity_type_id.category, "meeting")

    def test_letter(self):
        self.customer.write({"street": "Elm Street 1", "city": "Springfield"})
        template = self.env["opportunity.letter.template"].create(
            {
                "name": "Thank You",
                "body_html": f"<p>On {make_field('opportunity.name')}</p>",
            }
        )
        enrollment = self._run_one(step_type="letter", letter_template_id=template.id)
        letter = enrollment.run_ids.letter_id
        self.assertIn("Ten desks", letter.body_html)
        self.assertEqual(letter.user_id, self.user_sales_salesman)
        self.assertEqual(
            self.opportunity.activity_ids.summary, "Print and post: Thank You"
        )

    def test_sms(self):
        self.customer.phone = "+32485001122"
        self._run_one(step_type="sms", sms_body="About {{ object.name }}")
        sms = self.env["sms.sms"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual((sms.body, sms.state), ("About Ten desks", "outgoing"))

    def test_sms_without_a_number(self):
        enrollment = self._run_one(step_type="sms", sms_body="Hi")
        self.assertIn("No valid phone number", enrollment.note)

    def test_sms_to_a_blocked_number(self):
        self.customer.phone = "+32485001122"
        self.env["phone.blacklist"]._add(["+32485001122"])
        enrollment = self._run_one(step_type="sms", sms_body="Hi")
        self.assertIn("blacklist", enrollment.note)
        self.assertFalse(self.env["sms.sms"].search_count([("body", "=", "Hi")]))

    def test_move_stage(self):
        self._run_one(step_type="stage", stage_id=self.stage_second.id)
        self.assertEqual(self.opportunity.stage_id, self.stage_second)
        move = self.opportunity.stage_move_ids[0]
        self.assertEqual(move.user_id, self.user_sales_salesman)

    def test_a_step_that_wins_ends_the_sequence(self):
        enrollment = self._run_one(step_type="stage", stage_id=self.stage_won.id)
        self.assertEqual(enrollment.stop_reason, "won")
        self.assertEqual(enrollment.run_ids.state, "done")

    def test_what_a_stage_requires_stops_it_with_its_reason(self):
        self.env["opportunity.checklist.item"].create(
            {"name": "Budget", "stage_id": self.stage_first.id, "required": True}
        )
        enrollment = self._run_one(step_type="stage", stage_id=self.stage_second.id)
        self.assertEqual(enrollment.stop_reason, "error")
        self.assertIn("Ten desks: Budget", enrollment.note)
        self.assertEqual(self.opportunity.stage_id, self.stage_first)

    def test_adding_and_taking_away_tags(self):
        tag = self.env["crm.tag"].create({"name": "Fair"})
        self._run_one(step_type="tag", tag_ids=[Command.link(tag.id)])
        self.assertIn(tag, self.opportunity.tag_ids)
        self._run_one(step_type="tag", tag_ids=[Command.link(tag.id)], is_removing=True)
        self.assertNotIn(tag, self.opportunity.tag_ids)

    def test_set_a_field(self):
        field = self.env["ir.model.fields"]._get("crm.lead", "priority")
        self._run_one(step_type="field", field_id=field.id, field_value="2")
        self.assertEqual(self.opportunity.priority, "2")
        for name, value in (
            ("priority", "9"),
            ("date_deadline", "tomorrow"),
            ("expected_revenue", "much"),
            ("expected_revenue", "nan"),
            ("user_id", "Nobody at all"),
            ("create_date", "2020-01-01"),
        ):
            field = self.env["ir.model.fields"]._get("crm.lead", name)
            with self.assertRefused(ValidationError):
                self._run_one(step_type="field", field_id=field.id, field_value=value)

    def test_a_field_is_set_by_a_step_of_who_may_set_it(self):
        priority = self.env["crm.lead"]._fields["priority"]
        self.patch(priority, "groups", "base.group_system")
        field = self.env["ir.model.fields"]._get("crm.lead", "priority")
        with self.assertRefused(ValidationError, "may be set"):
            self._run_one(step_type="field", field_id=field.id, field_value="2")

    def test_translations_run_no_code(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        code = "{{ object.env['res.users'].sudo().search([]) }}"
        script = {"Hello": "Salut<script>alert(1)</script>"}
        self.email_step.update_field_translations("subject", {"fr_FR": code})
        self.email_step.update_field_translations("body_html", {"fr_FR": script})
        self.customer.lang = "fr_FR"
        preview = self.email_step._preview(self.opportunity)
        self.assertNotIn("script", preview.body)
        self.assertTrue(preview.trouble)
        enrollment = self._enroll()
        self._run_engine()
        self.assertEqual(enrollment.stop_reason, "error")
        self.assertFalse(self._get_mails())

    def test_share(self):
        self._run_one(
            step_type="share",
            share_user_id=self.user_sales_leads.id,
            share_access="edit",
        )
        share = self.opportunity.share_ids
        self.assertEqual(share.user_id, self.user_sales_leads)
        self.assertEqual(share.granted_by_id, self.user_sales_salesman)

    def test_start_another_sequence(self):
        self._run_one(step_type="sequence", start_sequence_id=self.sequence.id)
        started = self.opportunity.enrollment_ids.filtered(
            lambda one: one.sequence_id == self.sequence
        )
        self.assertEqual(started.state, "active")
        self.assertEqual(started.user_id, self.user_sales_salesman)

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .letter_common import LetterCommon, make_field, read_pages


@tagged("post_install", "-at_install")
class TestOpportunityLetterPrint(LetterCommon):
    """The dialog that shows each letter, and prints or sends all."""

    def setUp(self):
        super().setUp()
        self.second = self._create_opportunity(
            name="Second", partner_id=self._create_customer("Max Muster").id
        )
        self.leads = self.opportunity + self.second

    def _open(self, records=None, user=None, **values):
        records = self.leads if records is None else records
        return (
            self.env["opportunity.letter.print"]
            .with_user(user or self.user_sales_salesman)
            .create(
                {
                    "res_model": records._name,
                    "res_ids": records.ids,
                    "template_id": self.template.id,
                    **values,
                }
            )
        )

    def test_the_form_shows_the_first_letter(self):
        Print = self.env["opportunity.letter.print"].with_user(self.user_sales_salesman)
        Print = Print.with_context(default_res_ids=self.leads.ids)
        form = Form(Print)
        form.template_id = self.template.with_user(self.user_sales_salesman)
        self.assertIn("Dear Jane Doe,", form.body_html)
        self.assertEqual(form.record_name, "Ten desks")
        self.assertEqual((form.number, form.record_count), (1, 2))

    def test_each_letter_is_shown_and_changed_by_hand(self):
        dialog = self._open()
        dialog.body_html = "<p>Dear friend</p>"
        dialog.action_next()
        self.assertIn("Dear Max Muster,", dialog.body_html)
        dialog.action_next()
        self.assertEqual(dialog.number, 2)
        dialog.action_previous()
        self.assertIn("Dear friend", dialog.body_html)
        action = dialog.action_print()
        self.assertEqual(action["type"], "ir.actions.act_url")
        self.assertIn("Dear friend", self.opportunity.letter_ids.body_html)
        self.assertIn("Dear Max Muster", self.second.letter_ids.body_html)

    def test_a_change_by_hand_is_taken_back(self):
        dialog = self._open()
        dialog.body_html = "<p>Dear friend</p>"
        dialog.action_next()
        dialog.action_previous()
        dialog.action_reset()
        self.assertIn("Dear Jane Doe,", dialog.body_html)
        self.assertEqual(dialog.edited, {str(self.template.id): {}})

    def test_another_template_has_another_text(self):
        dialog = self._open()
        dialog.body_html = "<p>Dear friend</p>"
        dialog.template_id = self._create_template("<p>New</p>")
        self.assertIn("New", dialog.body_html)

    def test_those_without_a_letter_are_listed_and_the_others_printed(self):
        self.template.window = "din5008_b"
        self.second.partner_id = False
        dialog = self._open()
        self.assertEqual(dialog.problem_count, 1)
        self.assertIn("Second", dialog.problem_list)
        self.assertIn("The address lacks: Name", dialog.problem_list)
        action = dialog.action_print()
        self.assertEqual(action["res_model"], "opportunity.letter.batch")
        self.assertTrue(self.opportunity.letter_ids)

    def test_those_that_one_may_not_write_to_are_listed_beforehand(self):
        foreign = self._create_opportunity(self.user_sales_leads, name="Secret")
        shared = self._create_opportunity(self.user_sales_leads, name="Shown")
        shared.sudo().share_ids = [
            Command.create({"user_id": self.user_sales_salesman.id, "access": "read"})
        ]
        self.env.invalidate_all()
        dialog = self._open(self.opportunity + foreign + shared)
        self.assertEqual(dialog.problem_count, 2)
        self.assertIn("<b>Shown</b>: You may not change it", dialog.problem_list)
        self.assertNotIn("Secret", dialog.problem_list)

    def test_the_last_template_may_be_that_of_another_company(self):
        self._open().action_print()
        dialog = self.env["opportunity.letter.print"]
        dialog = dialog.with_user(self.user_sales_salesman)
        self.assertEqual(dialog._default_template_id(), self.template)
        self.template.sudo().company_id = self.env["res.company"].create(
            {"name": "Elsewhere"}
        )
        self.env.invalidate_all()
        template = dialog._default_template_id()
        self.assertNotEqual(template, self.template)
        self.assertTrue(template.name)

    def test_the_preview_is_the_letter_that_is_shown(self):
        dialog = self._open()
        dialog.action_next()
        self.assertEqual(dialog.action_preview()["type"], "ir.actions.report")
        text = read_pages(dialog._render_exactly(None))[0]
        self.assertIn("Dear Max Muster,", text)
        self.assertFalse(self.leads.letter_ids)

    def test_letters_go_by_email(self):
        self.second.partner_id.email = "max@example.com"
        action = self._open().action_send()
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual(set(self.leads.letter_ids.mapped("kind")), {"email"})

    def test_many_are_printed_later(self):
        self._set_parameter("letters_at_once", 1)
        action = self._open().action_print()
        self.assertEqual(action["tag"], "display_notification")
        self.assertFalse(self.leads.letter_ids)

    def test_what_others_have_is_not_shown(self):
        foreign = self._create_opportunity(self.user_sales_leads, name="Secret")
        dialog = self._open(foreign)
        self.assertNotIn("Secret", str(dialog.record_name))
        self.assertFalse(dialog.body_html)
        with self.assertRefused(AccessError):
            self.env["opportunity.letter.print"].with_user(
                self.env.ref("base.public_user")
            ).create({"res_ids": self.leads.ids})

    def test_nothing_chosen_is_said(self):
        for ids in ([], ["x"], {"a": 1}, [10**9]):
            dialog = self._open(res_ids=ids)
            self.assertFalse(dialog.body_html)
            with self.assertRaisesRegex(UserError, "Choose a letter"):
                dialog.action_print()

    def test_the_editor_offers_every_field_with_its_value(self):
        found = self.opportunity.with_user(self.user_sales_salesman)
        found = found.get_letter_fields(self.opportunity.id)
        self.assertEqual(found["sample"], "Ten desks")
        values = {row["key"]: row["value"] for row in found["fields"]}
        self.assertEqual(values["contact.name"], "Jane Doe")
        self.assertEqual(values["salutation.informal"], "Hi Jane,")
        with self.assertRefused(AccessError):
            self.opportunity.with_user(self.reader).get_letter_fields(
                self.opportunity.id
            )

    def test_junk_from_a_client_is_no_text(self):
        key, record = str(self.template.id), str(self.opportunity.id)
        for edited in (
            "x",
            [1],
            {key: "x"},
            {key: {record: 7}},
            {key: {record: None}},
            {key: {record: "<html><!-- x --><frameset></frameset></html>"}},
            {key: {record: "<!doctype html><!-- x --><body>a</body><body>b</body>"}},
        ):
            dialog = self._open(edited=edited)
            dialog._compute_body_html()
            self.assertNotIn("<html", str(dialog.body_html))
            self.assertEqual(dialog.record_count, 2)
        dialog = self._open(res_ids=[10**30, -1, self.opportunity.id, True])
        self.assertEqual(dialog._get_records(), self.opportunity)

    def test_what_a_field_says_asks_for_nothing(self):
        self.opportunity.write(
            {"description": make_field("opportunity.revenue_low"), "revenue_low": 4321}
        )
        self.template.body_html = make_field("opportunity.description")
        dialog = self._open(self.opportunity)
        self.assertNotIn("letter-field", dialog.body_html)
        dialog.body_html = f"{dialog.body_html}<p>By hand</p>"
        dialog.action_print()
        self.assertIn("By hand", self.opportunity.letter_ids.body_html)
        self.assertNotIn("4,321", self.opportunity.letter_ids.body_html)

    def test_a_picture_is_shown_while_sizes_of_files_are_asked_for(self):
        self.template.body_html = make_field("company.logo")
        dialog = self._open(self.opportunity).with_context(bin_size=True)
        dialog._compute_body_html()
        self.assertIn("data:image/", dialog.body_html)

    def test_the_dialog_is_for_who_opened_it(self):
        dialog = self._open()
        report = self.env["ir.actions.report"].with_user(self.reader)
        report = report.with_context(force_report_rendering=True)
        name = "sales_opportunity_classic.opportunity_letter_preview"
        for render in (report._render_qweb_pdf, report._render_qweb_html):
            self.env.invalidate_all()
            with self.assertRefused(AccessError):
                render(name, dialog.ids)

    def test_the_fields_are_for_who_writes_letters(self):
        portal = new_test_user(self.env, "portal_user", groups="base.group_portal")
        with self.assertRefused(AccessError):
            portal.partner_id.with_user(portal).get_letter_fields(portal.partner_id.id)

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .letter_common import LetterCommon, read_pages


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

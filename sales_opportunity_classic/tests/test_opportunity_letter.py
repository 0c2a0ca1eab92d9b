from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.base.models.ir_actions_report import IrActionsReport

from .letter_common import LetterCommon, make_field, read_pages


@tagged("post_install", "-at_install")
class TestOpportunityLetter(LetterCommon):
    """Who sees and makes letters, and what becomes of them."""

    def _print(self, records=None, user=None):
        return self._start(records=records, user=user).letter_ids

    def test_a_letter_follows_its_opportunity(self):
        letter = self._print()
        self.assertEqual(letter.lead_id, self.opportunity)
        with self.assertRefused(AccessError):
            letter.with_user(self.reader).read(["body_html"])
        found = self.env["opportunity.letter"].with_user(self.reader).search([])
        self.assertNotIn(letter, found)
        self.opportunity.share_ids = [
            Command.create({"user_id": self.reader.id, "access": "read"})
        ]
        self.env.invalidate_all()
        self.assertEqual(letter.with_user(self.reader).name, "Hello")

    def test_letters_are_kept_in_the_file_box_by_setting(self):
        self._print()
        self.assertFalse(self.opportunity.file_ids)
        self._set_parameter("letters_in_file_box", "True")
        self._print()
        file = self.opportunity.with_user(self.user_sales_salesman).file_ids
        self.assertEqual(file.name, "Hello.pdf")
        self.assertEqual(file.partner_id, self.customer)
        self.assertTrue(file.raw.startswith(b"%PDF"))

    def test_the_letter_of_an_opportunity_outlives_its_contact(self):
        template = self._create_template(f"<p>{make_field('salutation.formal')}</p>")
        about = self._start(template).letter_ids
        alone = self._start(template, self.customer).letter_ids
        self.opportunity.partner_id = False
        self.customer.unlink()
        self.assertFalse(alone.exists())
        self.assertTrue(about.exists())
        self.assertIn("Dear Jane Doe", about.body_html)

    def test_nobody_prints_what_they_may_not_read(self):
        letter = self._print()
        report = self.env["ir.actions.report"].with_user(self.reader)
        report = report.with_context(force_report_rendering=True)
        name = "sales_opportunity_classic.opportunity_letter_as_sent"
        for render in (report._render_qweb_pdf, report._render_qweb_html):
            self.env.invalidate_all()
            with self.assertRefused(AccessError):
                render(name, letter.ids)

    def test_many_letters_are_printed_again_at_one_go(self):
        leads = self.opportunity + self._create_opportunity(
            name="Again", partner_id=self.customer.id
        )
        letters = self._print(leads)
        self.template.paper = "a5"
        letters += self._print()
        report = self.env["ir.actions.report"].with_user(self.user_sales_salesman)
        report = report.with_context(force_report_rendering=True)
        name = "sales_opportunity_classic.opportunity_letter_as_sent"
        run = type(report)._run_wkhtmltopdf
        with patch.object(type(report), "_run_wkhtmltopdf", autospec=True) as runs:
            runs.side_effect = run
            pdf, _kind = report._render_qweb_pdf(name, letters.ids)
        self.assertEqual(runs.call_count, 2)
        pages = read_pages(pdf)
        self.assertEqual(len(pages), 3)
        self.assertIn("Again", pages[1])

    def test_filing_many_letters_prints_them_once(self):
        self._set_parameter("letters_in_file_box", "True")
        leads = self.opportunity + self._create_opportunity(
            name="Two chairs", partner_id=self.customer.id
        )
        self._print()
        run = IrActionsReport._run_wkhtmltopdf
        with patch.object(
            IrActionsReport, "_run_wkhtmltopdf", autospec=True, side_effect=run
        ) as runs:
            self._print(leads)
        self.assertEqual(runs.call_count, 1)
        texts = [read_pages(lead.file_ids[0].raw) for lead in leads]
        self.assertEqual([len(text) for text in texts], [1, 1])
        self.assertIn("Ten desks", texts[0][0])
        self.assertIn("Two chairs", texts[1][0])

    def test_letters_of_several_pages_are_filed_whole(self):
        self._set_parameter("letters_in_file_box", "True")
        leads = self.opportunity + self._create_opportunity(
            name="Two chairs", partner_id=self.customer.id
        )
        long = "".join(f"<p>Paragraph {number}</p>" for number in range(90))
        edited = {str(leads[0].id): f"<p>Long</p>{long}"}
        batch = self._start(records=leads, edited=edited)
        first, second = (read_pages(lead.file_ids.raw) for lead in leads)
        self.assertGreater(len(first), 1)
        self.assertIn("Paragraph 89", first[-1])
        self.assertEqual(len(second), 1)
        self.assertIn("Two chairs", second[0])
        self.assertEqual(first + second, read_pages(batch.pdf_id.raw))

    def test_who_may_only_read_makes_no_letter(self):
        self.opportunity.share_ids = [
            Command.create({"user_id": self.reader.id, "access": "read"})
        ]
        batch = self._start(user=self.reader)
        self.assertEqual((batch.letter_count, batch.problem_count), (0, 1))
        self.assertIn("Ten desks", batch.problem_list)
        with self.assertRefused(AccessError):
            self.env["opportunity.letter"].with_user(self.reader).create(
                {"name": "x", "lead_id": self.opportunity.id}
            )

    def test_nobody_rewrites_what_was_sent(self):
        letter = self._print()
        for user in (self.user_sales_salesman, self.user_sales_manager):
            with self.assertRefused(AccessError):
                letter.with_user(user).write({"body_html": "<p>Other</p>"})
        with self.assertRefused(AccessError):
            letter.with_user(self.user_sales_salesman).unlink()
        letter.with_user(self.user_sales_manager).unlink()

    def test_who_and_when_are_for_the_server_to_say(self):
        letter = (
            self.env["opportunity.letter"]
            .with_user(self.user_sales_salesman)
            .create(
                {
                    "name": "x",
                    "lead_id": self.opportunity.id,
                    "user_id": self.reader.id,
                    "date": "2001-01-01",
                }
            )
        )
        self.assertEqual(letter.user_id, self.user_sales_salesman)
        self.assertGreater(letter.date.year, 2001)

    def test_a_letter_to_a_contact_follows_the_contact(self):
        batch = self._start(records=self.customer)
        self.assertIn("Only opportunities have", batch.problem_list)
        template = self._create_template(f"<p>{make_field('salutation.formal')}</p>")
        batch = self._start(template, self.customer)
        self.assertFalse(batch.problem_list)
        letter = batch.letter_ids
        self.assertFalse(letter.lead_id)
        self.assertEqual(letter.partner_id, self.customer)
        self.assertIn("Dear Jane Doe,", letter.body_html)
        found = self.env["opportunity.letter"].with_user(self.reader).search([])
        self.assertIn(letter, found)

    def test_closed_opportunities_by_setting(self):
        self._set_parameter("closed_edit", "managers")
        self.opportunity.action_set_won()
        batch = self._start()
        self.assertEqual(batch.problem_count, 1)
        self.assertIn("Only sales managers", batch.problem_list)
        self.assertTrue(self._print(user=self.user_sales_manager))

    def test_a_letter_is_printed_again_as_it_was(self):
        letter = self._print()
        self.template.unlink()
        report = self.env.ref("sales_opportunity_classic.opportunity_letter_report")
        report = report.with_user(self.user_sales_salesman)
        pdf, _kind = report.with_context(force_report_rendering=True)._render_qweb_pdf(
            report.report_name, letter.ids
        )
        self.assertTrue(pdf.startswith(b"%PDF"))
        self.assertEqual(letter.action_download()["type"], "ir.actions.report")
        with self.assertRefused((AccessError, UserError)):
            letter.with_user(self.reader)._render_exactly(report)

    def test_merged_opportunities_keep_the_letters_of_all(self):
        other = self._create_opportunity(name="Again", partner_id=self.customer.id)
        letters = self._print(self.opportunity + other)
        kept = (
            (self.opportunity + other)
            .with_user(self.user_sales_manager)
            .merge_opportunity()
        )
        self.assertEqual(kept.letter_ids, letters)

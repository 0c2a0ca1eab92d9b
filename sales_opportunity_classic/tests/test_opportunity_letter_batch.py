from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .letter_common import LetterCommon, make_image, read_pages

BATCH = (
    "odoo.addons.sales_opportunity_classic.models.opportunity_letter_batch."
    "OpportunityLetterBatch"
)
DELIVERY = (
    "odoo.addons.sales_opportunity_classic.models.opportunity_letter_delivery_mixin."
    "OpportunityLetterDeliveryMixin"
)


@tagged("post_install", "-at_install")
class TestOpportunityLetterBatch(LetterCommon):
    """Letters to many, at once and in the background."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template.window = "din5008_b"

    def _create_leads(self, count):
        return self.Lead.with_user(self.user_sales_salesman).create(
            [
                {
                    "name": f"Deal {n}",
                    "type": "opportunity",
                    "user_id": self.user_sales_salesman.id,
                    "partner_id": self.customer.id,
                }
                for n in range(count)
            ]
        )

    def _run_cron(self):
        cron = self.env.ref("sales_opportunity_classic.ir_cron_letters")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def test_thirty_opportunities_of_which_two_get_no_letter(self):
        leads = self._create_leads(30)
        leads[7].partner_id = False
        leads[20].partner_id = self.env["res.partner"].create({"name": "Homeless"})
        batch = self._start(records=leads)
        self.assertEqual(batch.state, "done")
        self.assertEqual(batch.letter_count, 28)
        self.assertEqual(batch.problem_count, 2)
        self.assertIn("Deal 7", batch.problem_list)
        self.assertIn("No address", batch.problem_list)
        self.assertEqual(len(read_pages(batch.pdf_id.raw)), 28)
        self.assertEqual(len(leads.letter_ids), 28)
        letter = leads[0].letter_ids
        self.assertEqual(letter.user_id, self.user_sales_salesman)
        self.assertIn("Deal 0", letter.body_html)
        self.assertIn("Elm Street 1", letter.address)
        self.assertIn("Letter printed", leads[0].message_ids[0].body)
        self.assertFalse(leads[7].letter_ids)

    def test_many_letters_wait_for_the_background(self):
        self._set_parameter("letters_at_once", 3)
        leads = self._create_leads(5)
        batch = self._start(records=leads)
        self.assertEqual((batch.state, batch.letter_count), ("waiting", 0))
        triggers = self.env["ir.cron.trigger"].search([])
        cron = self.env.ref("sales_opportunity_classic.ir_cron_letters")
        self.assertIn(cron, triggers.cron_id)
        self._run_cron()
        self.assertEqual((batch.state, batch.done_count), ("done", 5))
        self.assertEqual(batch.progress, 100)
        self.assertEqual(len(read_pages(batch.pdf_id.raw)), 5)
        self.assertEqual(set(leads.letter_ids.user_id), {self.user_sales_salesman})
        told = self.env["mail.message"].search(
            [("partner_ids", "=", self.user_sales_salesman.partner_id.id)], limit=1
        )
        self.assertIn("5 letters", told.body)

    def test_the_parts_become_one_file(self):
        self._set_parameter("letters_at_once", 1)
        leads = self._create_leads(5)
        batch = self._start(records=leads)
        with patch(f"{BATCH.rpartition('.')[0]}.CHUNK", 2):
            self._run_cron()
        self.assertEqual(batch.state, "done")
        pages = read_pages(batch.pdf_id.raw)
        self.assertEqual(len(pages), 5)
        for number, page in enumerate(pages):
            self.assertIn(f"Deal {number}", page)
        files = self.env["ir.attachment"].search(
            [("res_model", "=", batch._name), ("res_id", "=", batch.id)]
        )
        self.assertEqual(files, batch.pdf_id)

    # === WHAT MAY BE IN THE WAY === #

    def test_a_contact_one_may_not_read_is_a_reason_of_its_own_letter_alone(self):
        leads = self._create_leads(2)
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        secret = self._create_customer("Hidden Hilda", email="hilda@example.com")
        leads[0].sudo().partner_id = secret
        secret.company_id = elsewhere
        for kind in ("print", "email"):
            self.env.flush_all()
            self.env.invalidate_all()
            batch = self._start(records=leads, kind=kind)
            self.assertEqual((batch.letter_count, batch.problem_count), (1, 1))
            self.assertIn("You may not read the contact", batch.problem_list)
            self.assertNotIn("Hilda", batch.problem_list)

    def test_reasons_are_in_the_language_of_who_asked(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        street = self.env["ir.model.fields"]._get("res.partner", "street")
        street.with_context(lang="fr_FR").field_description = "Rue"
        self.customer.write({"lang": "fr_FR", "street": False})
        batch = self._start()
        self.assertIn("The address lacks: Street", batch.problem_list)

    def test_letters_in_a_language_that_is_switched_off(self):
        lang = self.env["res.lang"]._activate_lang("fr_FR")
        self.opportunity.write({"partner_id": False, "contact_name": "Joe Doe"})
        self.opportunity.lang_id = lang
        self.template.window = "none"
        self.template.lang = "fr_FR"
        lang.active = False
        for code in ("fr_FR", False):
            self.cr.execute(
                "UPDATE opportunity_letter_template SET lang = %s WHERE id = %s",
                [code or None, self.template.id],
            )
            self.env.invalidate_all()
            batch = self._start()
            self.assertEqual(batch.letter_ids.lang, "en_US")

    def test_what_was_made_before_a_failure_or_the_end_is_one_file(self):
        self._set_parameter("letters_at_once", 1)
        failing = self._start(records=self._create_leads(3))
        keep = type(failing)._keep_part

        def fail(batch, letters):
            if batch.done_count:
                raise OSError("No space left")
            return keep(batch, letters)

        with (
            patch(f"{BATCH.rpartition('.')[0]}.CHUNK", 2),
            patch(f"{DELIVERY}._keep_part", fail),
            mute_logger("odoo.addons"),
        ):
            self._run_cron()
        self.assertEqual((failing.state, failing.letter_count), ("failed", 2))
        self.assertEqual(len(read_pages(failing.pdf_id.raw)), 2)
        self.assertEqual(failing.action_download()["type"], "ir.actions.act_url")

    def test_what_was_made_before_it_was_cancelled_is_one_file(self):
        self._set_parameter("letters_at_once", 1)
        batch = self._start(records=self._create_leads(3))
        batch.sudo()._run_part(1)
        batch.sudo()._run_part(1)
        batch.action_cancel()
        self.assertEqual((batch.state, batch.letter_count), ("cancelled", 2))
        self.assertEqual(len(read_pages(batch.pdf_id.raw)), 2)

    def test_a_clash_with_somebody_else_is_tried_again(self):
        self._set_parameter("letters_at_once", 1)
        batch = self._start(records=self._create_leads(2))
        keep, clashes = type(batch)._keep_part, [SerializationFailure("clash")]

        def clash(*args):
            if clashes:
                raise clashes.pop()
            return keep(*args)

        with patch(f"{DELIVERY}._keep_part", clash):
            self._run_cron()
        self.assertEqual((batch.state, batch.letter_count), ("done", 2))
        self.assertEqual(len(read_pages(batch.pdf_id.raw)), 2)

    def test_people_are_told_in_their_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        batch = self._start().sudo()
        self.user_sales_salesman.lang = "fr_FR"
        with patch(f"{BATCH}._get_news", lambda batch: (batch.env.lang, "x")):
            batch._tell_user()
        told = self.env["mail.message"].search([("subject", "=", "fr_FR")])
        self.assertEqual(told.partner_ids, self.user_sales_salesman.partner_id)

    def test_only_who_asked_downloads_the_file(self):
        batch = self._start()
        for user in (self.reader, self.user_sales_manager):
            self.env.invalidate_all()
            with self.assertRefused(AccessError):
                batch.with_user(user).action_download()
            with self.assertRefused(AccessError):
                batch.pdf_id.with_user(user).check_access("read")
        batch.pdf_id.check_access("read")

    def test_a_template_removed_in_between_changes_nothing(self):
        self._set_parameter("letters_at_once", 1)
        leads = self._create_leads(2)
        batch = self._start(records=leads)
        self.template.body_html = "<p>Changed</p>"
        self.template.unlink()
        self._run_cron()
        self.assertEqual(batch.state, "done")
        self.assertIn("Dear Jane Doe", leads[0].letter_ids.body_html)
        self.assertFalse(batch.template_id)

    def test_records_that_are_gone_or_given_away_get_no_letter(self):
        self._set_parameter("letters_at_once", 1)
        leads = self._create_leads(3)
        batch = self._start(records=leads)
        leads[0].with_user(self.user_sales_manager).unlink()
        leads[1].with_user(self.user_sales_manager).user_id = self.user_sales_leads
        self._run_cron()
        self.assertEqual((batch.state, batch.letter_count), ("done", 1))
        self.assertEqual(batch.problem_count, 2)

    def test_what_fails_holds_up_no_other(self):
        self._set_parameter("letters_at_once", 1)
        failing = self._start(records=self._create_leads(2))
        other = self._start(records=self._create_leads(2))
        keep = type(failing)._keep_part

        def fail(batch, pdf):
            if batch == failing:
                raise OSError("No space left")
            return keep(batch, pdf)

        with patch(f"{DELIVERY}._keep_part", fail), mute_logger("odoo.addons"):
            self._run_cron()
        self.assertEqual((failing.state, failing.letter_count), ("failed", 0))
        self.assertIn("No space left", failing.error)
        self.assertEqual(other.state, "done")

    def test_a_batch_that_is_cancelled_makes_no_letters(self):
        self._set_parameter("letters_at_once", 1)
        batch = self._start(records=self._create_leads(2))
        batch.action_cancel()
        self._run_cron()
        self.assertEqual((batch.state, batch.letter_count), ("cancelled", 0))

    def test_a_batch_is_seen_by_its_user_alone_and_written_by_nobody(self):
        batch = self._start()
        stranger = batch.with_user(self.reader)
        with self.assertRefused(AccessError):
            stranger.read(["name"])
        with self.assertRefused(AccessError):
            stranger.action_cancel()
        with self.assertRefused(AccessError):
            self.env["ir.attachment"].with_user(self.reader).browse(
                batch.pdf_id.id
            ).read(["raw"])
        for values in ({"state": "waiting"}, {"user_id": self.reader.id}):
            with self.assertRefused(AccessError):
                batch.write(values)
        with self.assertRefused(AccessError):
            batch.read(["source"])

    def test_letters_by_email(self):
        leads = self._create_leads(2)
        leads[1].partner_id = self._create_customer("Mute Max")
        batch = self._start(records=leads, kind="email")
        self.assertEqual((batch.letter_count, batch.problem_count), (1, 1))
        self.assertIn("No email address", batch.problem_list)
        self.assertFalse(batch.pdf_id)
        message = leads[0].message_ids[0]
        self.assertEqual(message.subject, "Hello")
        self.assertIn("Dear Jane Doe,", message.body)
        self.assertIn(self.customer, message.notified_partner_ids)

    def test_whoever_gets_an_email_sees_its_pictures(self):
        picture = self.env["ir.attachment"].create(
            {
                "name": "own.png",
                "raw": make_image(),
                "res_model": "crm.lead",
                "res_id": self.opportunity.id,
            }
        )
        body = f'<p>Look</p><img src="/web/image/{picture.id}">'
        self._start(self._create_template(body), kind="email")
        message = self.opportunity.message_ids[0]
        self.assertNotIn(f"/web/image/{picture.id}", message.body)
        copy = message.attachment_ids
        self.assertEqual(copy.raw, picture.raw)
        link = f"/web/image/{copy.id}?access_token={copy.access_token}"
        self.assertIn(link, message.body)
        self.assertTrue(copy.access_token)

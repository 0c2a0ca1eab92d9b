import base64
from datetime import datetime
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .file_common import FileCommon


@tagged("post_install", "-at_install")
class TestOpportunityFile(FileCommon):
    def test_a_file_has_its_content_and_facts(self):
        file = self._load(description="Signed")
        self.assertRecordValues(
            file,
            [
                {
                    "name": "Contract.pdf",
                    "raw": b"Terms",
                    "datas": base64.b64encode(b"Terms"),
                    "file_size": 5,
                    "mimetype": "application/pdf",
                    "checksum": self.env["ir.attachment"]._compute_checksum(b"Terms"),
                    "description": "Signed",
                    "lead_id": self.opportunity.id,
                    "partner_id": self.customer.id,
                    "visibility": "team",
                    "create_uid": self.user_sales_salesman.id,
                }
            ],
        )
        self.assertEqual(self.opportunity.file_ids, file)
        self.assertEqual(self.customer.file_ids, file)
        attachment = file.attachment_id
        self.assertEqual(attachment.res_model, "opportunity.file")
        self.assertEqual(attachment.res_id, file.id)

    def test_loading_in_the_form_of_a_file(self):
        files = self.File.with_user(self.user_sales_salesman)
        with Form(files.with_context(default_lead_id=self.opportunity.id)) as form:
            form.datas = base64.b64encode(b"Terms")
            form.name = "Contract.pdf"
        self.assertEqual(self.opportunity.file_ids.raw, b"Terms")
        self.assertEqual(self.customer.file_ids, self.opportunity.file_ids)

    def test_many_files_at_once(self):
        files = self.File.with_user(self.user_sales_salesman).create(
            [
                {"name": f"{n}.txt", "raw": b"x", "lead_id": self.opportunity.id}
                for n in range(3)
            ]
        )
        self.assertEqual(files.attachment_id.mapped("res_id"), files.ids)

    def test_a_file_belongs_somewhere(self):
        files = self.File.with_user(self.user_sales_salesman)
        with self.assertRefused(ValidationError, "needs an opportunity or a contact"):
            files.create({"name": "Lost.pdf", "raw": b"x"})

    def test_the_first_contact_gets_the_files(self):
        lead = self._create_opportunity(name="Nobody yet")
        file = self._load(lead=lead)
        binned = self._load(lead=lead)
        binned.unlink()
        self.assertFalse(file.partner_id)
        lead.partner_id = self.anna
        self.assertEqual((file + binned).partner_id, self.anna)
        lead.partner_id = self.customer
        self.assertEqual((file + binned).partner_id, self.anna)

    def test_a_company_shows_its_peoples_files_by_choice(self):
        own = self._load()
        of_anna = self._load(partner_id=self.anna.id)
        files = self.File.with_user(self.user_sales_salesman)
        self.assertEqual(files.search(self.customer._get_file_box_domain()), own)
        with_people = self.customer._get_file_box_domain(include_related=True)
        self.assertEqual(files.search(with_people), own + of_anna)
        customer = self.customer.with_user(self.user_sales_salesman)
        action = customer.action_view_files()
        self.assertEqual(files.search(action["domain"]), own + of_anna)

    def test_a_person_shows_the_files_of_the_company_by_choice(self):
        of_company = self._load()
        bob = self.anna.copy({"parent_id": self.customer.id})
        self._load(partner_id=bob.id)
        lead = self._create_opportunity(partner_id=self.anna.id)
        of_anna = self._load(lead=lead)
        files = self.File.with_user(self.user_sales_salesman)
        for record in (self.anna, lead):
            own = record._get_file_box_domain()
            self.assertEqual(files.search(own), of_anna)
            related = record._get_file_box_domain(include_related=True)
            self.assertEqual(files.search(related), of_anna + of_company)

    def test_a_copy_has_a_content_of_its_own(self):
        file = self._load()
        copy = file.copy()
        self.assertNotEqual(copy.attachment_id, file.attachment_id)
        self.assertEqual(copy.attachment_id.res_id, copy.id)
        self.assertEqual(copy.raw, b"Terms")
        self.assertEqual(copy.attachment_id.store_fname, file.attachment_id.store_fname)

    def test_what_the_box_keeps_is_not_written(self):
        file = self._load()
        attachment = file.attachment_id
        other = self.env["ir.attachment"].create({"name": "Other", "raw": b"x"})
        for values in (
            {"public": True},
            {"res_model": "res.partner", "res_id": self.customer.id},
            {"res_id": 1},
            {"access_token": "known"},
            {"type": "url", "url": "https://example.com"},
        ):
            with self.assertRefused(UserError):
                file.write(values)
            with self.assertRefused(UserError):
                attachment.write(values)
            with self.assertRefused(UserError):
                self._load(**values)
        with self.assertRefused(UserError):
            self._load(attachment_id=other.id)
        with self.assertRefused(UserError, "Delete it there"):
            attachment.unlink()

    def test_deleting_fills_the_bin_for_thirty_days(self):
        file = self._load()
        with self._at("2026-05-04 10:00:00"):
            file.unlink()
        self.assertFalse(self.opportunity.file_ids)
        self.assertFalse(file.active)
        attachment = file.attachment_id
        with self._at("2026-06-03 09:00:00"):
            self.File._gc_bin()
        self.assertTrue(file.exists())
        with self._at("2026-06-03 11:00:00"):
            self.File._gc_bin()
        self.assertFalse(file.exists())
        self.assertFalse(attachment.exists())

    def test_deleting_from_the_bin_is_for_good(self):
        file = self._load()
        attachment = file.attachment_id
        file.unlink()
        self.assertTrue(file.exists())
        self.assertTrue(file.date_binned)
        file.unlink()
        self.assertFalse(file.exists() or attachment.exists())

    def test_restoring(self):
        file = self._load()
        file.unlink()
        file.action_restore()
        self.assertTrue(file.active)
        self.assertFalse(file.date_binned)

    def test_deleting_in_the_form_of_the_opportunity_fills_the_bin(self):
        file = self._load()
        self.opportunity.file_ids = [Command.delete(file.id)]
        self.assertFalse(file.active)

    def test_download(self):
        file = self._load()
        url = file.action_download()["url"]
        self.assertIn(str(file.attachment_id.id), url)
        with self.assertRefused(AccessError):
            file.with_user(self.stranger).action_download()

    def test_closed_opportunities_keep_their_files_as_they_are(self):
        file = self._load()
        self._set_parameter("closed_edit", "managers")
        self.opportunity.action_set_lost()
        for operation in (
            self._load,
            file.unlink,
            lambda: file.write({"description": "x"}),
            lambda: file.write({"name": "x"}),
            lambda: file.attachment_id.write({"name": "x"}),
        ):
            with self.assertRefused(UserError, "closed opportunities"):
                operation()
        file.with_user(self.user_sales_manager).description = "x"

    def _at(self, time):
        now = datetime.fromisoformat(time)
        return patch.object(type(self.env.cr), "now", lambda cr: now)

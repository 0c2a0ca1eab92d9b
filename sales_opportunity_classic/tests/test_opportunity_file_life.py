from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..hooks import _hand_over_files
from .file_common import FileCommon


@tagged("post_install", "-at_install")
class TestOpportunityFileLife(FileCommon):
    """Files when contacts and opportunities are merged, archived or deleted."""

    def _load_everything(self, **values):
        """Load an open, a private and a deleted file."""
        files = self._load(**values) + self._load(visibility="private", **values)
        binned = self._load(**values)
        binned.unlink()
        return files + binned

    def _get_all(self, domain):
        return self.File.with_context(active_test=False).search(domain)

    def test_merged_contacts_keep_every_file(self):
        twin = self.env["res.partner"].create({"name": "Rome Stones Ltd"})
        lead = self._create_opportunity(partner_id=twin.id)
        files = self._load_everything() + self._load_everything(lead=lead)
        self.env["base.partner.merge.automatic.wizard"].with_user(
            self.env.ref("base.user_admin")
        )._merge((self.customer + twin).ids, self.customer)
        self.env.invalidate_all()
        self.assertFalse(twin.exists())
        self.assertEqual(files.exists(), files)
        self.assertEqual(files.partner_id, self.customer)
        self.assertEqual(set(files.sudo().mapped("raw")), {b"Terms"})

    def test_merged_opportunities_keep_every_file(self):
        loser = self._create_opportunity(name="The loser")
        files = self._load_everything(lead=loser)
        self.assertFalse(files.partner_id)
        self.opportunity.stage_id = self.stage_second
        leads = (self.opportunity + loser).with_user(self.user_sales_leads)
        leads.merge_opportunity()
        self.assertFalse(loser.exists())
        self.assertEqual(files.exists(), files)
        self.assertEqual(files.lead_id, self.opportunity)
        self.assertEqual(files.partner_id, self.customer)
        self.assertFalse(files[2].active)

    def test_archived_contacts_keep_their_files(self):
        files = self._load_everything()
        self.opportunity.sudo().unlink()
        self.customer.action_archive()
        kept = self._get_all([("partner_id", "=", self.customer.id)])
        self.assertEqual(kept, files[::-1])
        self.assertEqual(files[0].raw, b"Terms")

    def test_deleting_the_contact_deletes_its_files(self):
        files = self._load_everything()
        of_anna = self._load(partner_id=self.anna.id)
        attachments = files.sudo().attachment_id
        self.customer.sudo().unlink()
        self.assertFalse(files.exists() or attachments.exists())
        self.assertTrue(of_anna.exists())

    def test_who_may_not_delete_the_contact_deletes_nothing(self):
        files = self._load_everything()
        with self.assertRefused(AccessError):
            self.customer.with_user(self.user_sales_salesman).unlink()
        self.assertEqual(files.exists(), files)

    def test_deleting_the_opportunity_keeps_what_the_contact_has(self):
        files = self._load_everything()
        lead = self._create_opportunity()
        homeless = self._load_everything(lead=lead)
        with self.assertRefused(AccessError):
            lead.unlink()
        self.assertTrue(homeless.exists())
        leads = self.opportunity + lead
        leads.with_user(self.user_sales_manager).unlink()
        self.env.invalidate_all()
        self.assertEqual(files.exists(), files)
        self.assertEqual(files.partner_id, self.customer)
        self.assertFalse(homeless.exists())

    def test_what_was_loaded_while_the_contact_was_set_is_kept(self):
        file = self._load()
        file.flush_recordset()
        # Neither transaction sees what the other one does.
        self.env.cr.execute("UPDATE opportunity_file SET partner_id = NULL")
        self.env.invalidate_all()
        self.opportunity.sudo().unlink()
        self.assertEqual(file.exists().partner_id, self.customer)

    def test_copies_of_deleted_files_are_deleted_too(self):
        file = self._load()
        file.unlink()
        copied = file.copy()
        self.assertFalse(copied.active)
        self.assertEqual(copied.date_binned, self.env.cr.now())

    def test_empty_files(self):
        """A file without content is kept, read and copied as any other."""
        files = self._load("a.txt", b"") + self._load("b.txt", b"")
        self.assertEqual(files[0].copy().raw, b"")
        self.assertFalse(files[1].same_content_id)
        self.assertFalse(self.opportunity.get_file_offers(files.ids))

    def test_uninstalling_keeps_the_documents(self):
        team, private, binned = self._load_everything()
        alone = self._load(lead=self.Lead, partner_id=self.customer.id)
        kept = (team + private + alone).sudo().attachment_id
        gone = binned.sudo().attachment_id
        _hand_over_files(self.env)
        self.assertFalse(gone.exists())
        self.assertEqual(set(kept.mapped("raw")), {b"Terms"})
        of_lead, *of_owner = kept
        self.assertRecordValues(
            of_lead, [{"res_model": "crm.lead", "res_id": self.opportunity.id}]
        )
        for attachment in of_owner:
            as_owner = attachment.with_user(self.user_sales_salesman)
            self.assertEqual(as_owner.raw, b"Terms")
            with self.assertRefused(AccessError):
                attachment.with_user(self.user_sales_leads).read(["raw"])

    def test_the_privacy_lookup_finds_and_deletes_files(self):
        """Odoo's lookup takes what is linked to a contact and does not go with it, and
        deletes it as superuser."""
        field = self.File._fields["partner_id"]
        self.assertTrue(field.store)
        self.assertNotEqual(field.ondelete, "cascade")
        file = self._load()
        file.sudo().unlink()
        self.assertFalse(file.exists())

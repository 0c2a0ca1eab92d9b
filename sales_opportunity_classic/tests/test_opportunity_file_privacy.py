from odoo.tests import tagged

from .file_common import FileCommon


@tagged("post_install", "-at_install")
class TestOpportunityFilePrivacy(FileCommon):
    """Odoo's addon ``privacy_lookup`` asks every model for what points to a contact."""

    def test_the_lookup_finds_files_by_their_contact(self):
        field = self.File._fields["partner_id"]
        self.assertTrue(field.store)
        self.assertNotEqual(field.ondelete, "cascade")
        files = self._load() + self._load(visibility="private")
        files[0].unlink()
        self.env.flush_all()
        self.assertEqual(set(self._look_up()), set(files.ids))

    def test_the_lookup_deletes_what_it_found(self):
        file = self._load()
        attachment = file.attachment_id
        self.File.sudo().browse(self._look_up()).unlink()
        self.assertFalse(file.exists() or attachment.exists())

    def _look_up(self):
        """Ask as the addon does, by SQL, past all rights and the bin."""
        model = self.File
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT id FROM opportunity_file WHERE partner_id IN "
            "(SELECT id FROM res_partner WHERE name ILIKE %s)",
            ["Rome Stones"],
        )
        self.assertFalse(model._transient)
        return [row[0] for row in self.env.cr.fetchall()]

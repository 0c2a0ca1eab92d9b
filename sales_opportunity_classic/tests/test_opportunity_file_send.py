from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .file_common import FileCommon


@tagged("post_install", "-at_install")
class TestOpportunityFileSend(FileCommon):
    def _send(self, files):
        """Send the files as the dialog does."""
        action = files.action_send_by_mail()
        composer = files.env["mail.compose.message"].with_context(**action["context"])
        form = Form(composer)
        form.body = "Here they are"
        form.save().action_send_mail()
        return action

    def test_files_go_by_mail_from_the_opportunity(self):
        self.customer.email = "rome@example.com"
        files = self._load() + self._load("Estimate.txt", b"A thousand")
        self._send(files)
        message = self.opportunity.sudo().message_ids[0]
        self.assertEqual(message.partner_ids, self.customer)
        copies = message.attachment_ids
        self.assertEqual(set(copies.mapped("raw")), {b"Terms", b"A thousand"})
        self.assertEqual(set(copies.mapped("res_model")), {"crm.lead"})
        self.assertEqual(
            set(copies.mapped("store_fname")),
            set(files.sudo().attachment_id.mapped("store_fname")),
        )
        files.sudo().unlink()
        self.assertEqual(set(copies.mapped("raw")), {b"Terms", b"A thousand"})

    def test_files_of_several_opportunities_go_by_mail_from_the_contact(self):
        other = self._create_opportunity(partner_id=self.customer.id)
        files = self._load() + self._load(lead=other)
        action = files.action_send_by_mail()
        self.assertEqual(action["context"]["default_model"], "res.partner")
        self.assertEqual(action["context"]["default_res_ids"], self.customer.ids)
        files[0].partner_id = self.anna
        with self.assertRefused(UserError, "of one contact"):
            files.action_send_by_mail()

    def test_sharees(self):
        file = self._load().with_user(self.stranger)
        share = self._share(self.stranger, "read")
        self.assertTrue(file.action_download_zip())
        with self.assertRefused(AccessError):
            file.action_send_by_mail()
        share.access = "edit"
        self._send(file)
        message = self.opportunity.sudo().message_ids[0]
        self.assertEqual(message.attachment_ids.raw, b"Terms")

    def test_who_may_not_read_takes_nothing_along(self):
        file = self._load().with_user(self.stranger)
        for action in (file.action_download_zip, file.action_send_by_mail):
            with self.assertRefused(AccessError):
                action()

import base64

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, tagged

from .file_common import FileCommon

MAIL = """From: Ann <ann@rome.example.com>
To: sales@example.com
Subject: Re: Ten desks
MIME-Version: 1.0
Message-Id: <{name}@rome.example.com>
In-Reply-To: {parent}
Content-Type: multipart/mixed; boundary="b"

--b
Content-Type: text/plain

Here it is
--b
Content-Type: {mimetype}
Content-Disposition: attachment; filename="{name}"
Content-Transfer-Encoding: base64

{content}
--b--
"""


class FileGatewayCommon(FileCommon):
    def _receive(self, name, raw=b"Terms", mimetype="application/octet-stream"):
        """Return the attachment of an answer that came by mail."""
        message = self.opportunity.sudo().message_ids[-1]
        self.env["mail.thread"].message_process(
            "crm.lead",
            MAIL.format(
                parent=message.message_id,
                name=name,
                mimetype=mimetype,
                content=base64.b64encode(raw).decode(),
            ),
        )
        return self._find(name)

    def _find(self, name):
        attachments = self.env["ir.attachment"].with_user(self.user_sales_salesman)
        return attachments.search(
            [("name", "=", name), ("res_id", "=", self.opportunity.id)]
        )


@tagged("post_install", "-at_install")
class TestOpportunityFileGateway(FileGatewayCommon):
    def test_what_comes_by_mail_is_not_lost_but_marked(self):
        self._set_parameter("file_max_size", "1")
        blocked = self._receive("virus.exe")
        large = self._receive("large.pdf", b"x" * (1024**2 + 1))
        harmless = self._receive("Contract.pdf")
        self.assertIn("blocked", blocked.file_box_refusal)
        self.assertIn("more than 1 MB", large.file_box_refusal)
        self.assertFalse(harmless.file_box_refusal)
        for refused in (blocked, large):
            self.assertTrue(refused.raw)
            with self.assertRefused(ValidationError, "is refused"):
                refused.action_keep_in_file_box()

    def test_attachments_elsewhere_are_not_marked(self):
        attachment = self.env["ir.attachment"].create({"name": "a.exe", "raw": b"x"})
        self.assertFalse(attachment.file_box_refusal)
        with self.assertRefused(UserError, "no attachment of an opportunity"):
            attachment.action_keep_in_file_box()

    def test_keeping(self):
        attachment = self._receive("Contract.pdf")
        attachment.action_keep_in_file_box()
        file = self.opportunity.file_ids
        self.assertRecordValues(
            file,
            [
                {
                    "name": "Contract.pdf",
                    "raw": b"Terms",
                    "partner_id": self.customer.id,
                    "create_uid": self.user_sales_salesman.id,
                }
            ],
        )
        stored = (file.attachment_id + attachment).sudo().mapped("store_fname")
        self.assertEqual(len(set(stored)), 1)
        attachment.action_keep_in_file_box()
        self.assertEqual(self.opportunity.file_ids, file)

    def test_keeping_all_that_may_be_kept(self):
        self._receive("virus.exe")
        self._receive("Contract.pdf")
        self._receive("Picture.txt", b"x")
        self.opportunity.action_keep_in_file_box()
        names = set(self.opportunity.file_ids.mapped("name"))
        self.assertEqual(names, {"Contract.pdf", "Picture.txt"})

    def test_keeping_needs_the_right_to_change(self):
        attachment = self._receive("Contract.pdf").with_user(self.stranger)
        with self.assertRefused(AccessError):
            attachment.action_keep_in_file_box()
        share = self._share(self.stranger, "read")
        self.assertTrue(attachment.raw)
        for operation in (
            attachment.action_keep_in_file_box,
            self.opportunity.with_user(self.stranger).action_keep_in_file_box,
        ):
            with self.assertRefused(AccessError):
                operation()
        share.access = "edit"
        attachment.action_keep_in_file_box()
        self.assertEqual(self.opportunity.file_ids.create_uid, self.stranger)

    def test_keeping_from_the_chatter_of_a_contact(self):
        attachment = self.env["ir.attachment"].with_user(self.user_sales_salesman)
        attachment = attachment.create(
            {
                "name": "Card.txt",
                "raw": b"Anna",
                "res_model": "res.partner",
                "res_id": self.anna.id,
            }
        )
        attachment.action_keep_in_file_box()
        self.assertEqual(self.anna.file_ids.raw, b"Anna")
        self.assertFalse(self.anna.file_ids.lead_id)


@tagged("post_install", "-at_install")
class TestOpportunityFileGatewayHttp(FileGatewayCommon, HttpCase):
    def test_what_is_refused_is_saved_never_shown(self):
        self._set_parameter("file_blocked", "txt")
        refused = self._receive("notes.txt")
        shown = self._receive("notes.pdf")
        self.authenticate("user_sales_salesman", "user_sales_salesman")
        for path in ("/web/content/{}", "/web/content/{}?download=false"):
            answer = self.url_open(path.format(refused.id))
            self.assertEqual((answer.status_code, answer.content), (200, b"Terms"))
            self.assertIn("attachment", answer.headers["Content-Disposition"])
        answer = self.url_open(f"/web/content/{shown.id}")
        self.assertIn("inline", answer.headers["Content-Disposition"])

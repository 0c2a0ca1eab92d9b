from odoo import models
from odoo.exceptions import UserError


class OpportunityFileSendMixin(models.AbstractModel):
    """Files that leave the house: as a zip, by mail, by a public link.

    To take them along needs reading them; to give them to others needs the right to
    change them, so that nobody passes on what they were shown only.
    """

    _name = "opportunity.file.send.mixin"
    _description = "Sending of Files"

    # === ACTION METHODS === #

    def action_download_zip(self):
        """Download the files in one archive."""
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/opportunity/files/zip?ids={','.join(map(str, self.ids))}",
            "target": "download",
        }

    def action_share_by_link(self):
        """Make a public link to the files and return the dialog that shows it."""
        link = self.env["opportunity.file.link"].create({"file_ids": self.ids})
        return link.action_open()

    def action_send_by_mail(self):
        """Return the mail composer on the opportunity, or else the contact, of the
        files. It gets copies, which the message keeps whatever becomes of the files.
        """
        self.check_access("write")
        document = self._get_common_document()
        document.check_access("write")
        copies = [file._copy_for_composer().id for file in self]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send Files"),
            "res_model": "mail.compose.message",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": document._name,
                "default_res_ids": document.ids,
                "default_composition_mode": "comment",
                "default_subject": document.display_name,
                "default_partner_ids": self.partner_id[:1].ids,
                "default_attachment_ids": copies,
                "force_email": True,
            },
        }

    # === BUSINESS METHODS === #

    def _get_common_document(self):
        """Return the opportunity of all files or, where they have several, the contact.

        :raise UserError: they have neither in common
        """
        for documents in (self.lead_id, self.partner_id):
            if len(documents) == 1:
                return documents
        raise UserError(
            self.env._("Choose files of one opportunity, or of one contact, to send.")
        )

    def _copy_for_composer(self):
        """Return a copy that belongs to the composer; the content is stored once."""
        return self.env["ir.attachment"].create(
            {
                "name": self.name,
                "raw": self.raw,
                "res_model": "mail.compose.message",
                "res_id": 0,
            }
        )

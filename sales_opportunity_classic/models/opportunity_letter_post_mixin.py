from odoo import api, models


class OpportunityLetterPostMixin(models.AbstractModel):
    """Gives letters to Odoo's Snailmail, which prints and posts them.

    Only where that module is installed: it is asked for when letters are sent. It takes
    over from there, with its own queue, prices and failures.
    """

    _name = "opportunity.letter.post.mixin"
    _description = "Letters by Post"

    @api.model
    def _can_post(self):
        """Tell whether somebody is there to post letters."""
        return "snailmail.letter" in self.env

    def _get_post_hindrance(self, record):
        """Return why the letter to a record cannot be posted, if so."""
        contact = record._get_letter_contact()
        if not self._can_post():
            return self.env._("Snailmail is not installed")
        if not isinstance(contact.id, int):
            return self.env._("No contact")
        if not contact.has_access("read"):
            return self.env._("You may not read the contact")
        if self.paper != "a4":
            return self.env._("Only letters on A4 paper can be sent by post")
        if not self.env["snailmail.letter"]._is_valid_address(contact):
            return self.env._("Post needs street, postcode, city and country")
        return ""

    def _post_letters(self, letters, files):
        """Queue letters, each with its PDF file.

        The address of a letter stands in the window of its own envelope: a cover page
        has it where the service reads it.
        """
        values = [self._prepare_post(letter) for letter in letters]
        posted = self.env["snailmail.letter"].create(values)
        attachments = self.env["ir.attachment"].create(
            [
                {
                    "name": f"{letter.name}.pdf",
                    "raw": post._append_cover_page(post._overwrite_margins(file)),
                    "res_model": post._name,
                    "res_id": post.id,
                }
                for post, letter, file in zip(posted, letters, files, strict=True)
            ]
        )
        for post, attachment in zip(posted, attachments, strict=True):
            post.attachment_id = attachment
        posted._snailmail_print(immediate=False)

    def _prepare_post(self, letter):
        return {
            "model": self.res_model,
            "res_id": (letter.lead_id or letter.partner_id).id,
            "partner_id": letter.partner_id.id,
            "company_id": letter.company_id.id,
            "user_id": self.env.uid,
            "cover": True,
        }

from odoo import api, fields, models
from odoo.exceptions import UserError

# Whose chatter has what may be kept, with the field by which a file names it.
KEEPERS = {"crm.lead": "lead_id", "res.partner": "partner_id"}


class OpportunityFileGatewayMixin(models.AbstractModel):
    """What hangs in the chatter of opportunities and contacts, by mail above all.

    Nothing that came is lost, but what the file box refuses is marked, is never shown
    in the browser, and is not kept in the box. Everything else becomes a file by one
    click; its content is stored once.
    """

    _name = "opportunity.file.gateway.mixin"
    _description = "Attachments of the Chatter"

    file_box_refusal = fields.Char(
        "Not for the File Box",
        compute="_compute_file_box_refusal",
        help="Why the file box refuses this attachment. Take care before you open it.",
    )

    # === COMPUTE METHODS === #

    @api.depends("name", "file_size", "res_model")
    def _compute_file_box_refusal(self):
        for attachment in self:
            name = attachment.name or ""
            attachment.file_box_refusal = attachment.res_model in KEEPERS and (
                self._get_extension_refusal(name)
                or self._get_size_refusal(name, attachment.file_size)
            )

    # === ACTION METHODS === #

    def action_keep_in_file_box(self):
        """Make files of attachments of opportunities and contacts; what is kept there
        already is passed over."""
        self.check_access("read")
        files = self.env["opportunity.file"]
        for attachment in self:
            owner = attachment._prepare_file_owner()
            if not files.search_count(
                [
                    ("checksum", "=", attachment.checksum),
                    *((name, "=", value) for name, value in owner.items()),
                ],
                limit=1,
            ):
                files.create(attachment._prepare_file_values() | owner)
        return True

    # === BUSINESS METHODS === #

    def _prepare_file_owner(self):
        """Return the values that say whose file the attachment becomes."""
        if self.res_model not in KEEPERS or self.res_field or self.type != "binary":
            raise UserError(
                self.env._(
                    "“%(file)s” is no attachment of an opportunity or a contact.",
                    file=self.name,
                )
            )
        return {KEEPERS[self.res_model]: self.res_id}

    def _prepare_file_values(self):
        """Return the other values of the file."""
        return {
            "name": self.name,
            "raw": self.raw,
            "description": self.description,
        }

from odoo import api, models
from odoo.exceptions import UserError

from .opportunity_file_limit_mixin import CONTENT

FILE_MODEL = "opportunity.file"

# What would let others in, or put the content elsewhere.
LINKS = frozenset(
    (
        "access_token",
        "db_datas",
        "public",
        "res_field",
        "res_id",
        "res_model",
        "type",
        "url",
    )
)


class IrAttachment(models.Model):
    """Odoo's attachment; those of the file box follow the rights of their file."""

    _name = "ir.attachment"
    _inherit = [
        "opportunity.file.limit.mixin",
        "opportunity.file.gateway.mixin",
        "opportunity.meeting.file.mixin",
        "ir.attachment",
    ]

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(
            [
                self._prepare_box_values(vals) if self._is_for_box(vals) else vals
                for vals in vals_list
            ]
        )

    def write(self, vals):
        if boxed := self._filter_boxed():
            if not self.env.su:
                boxed._check_box_write(vals)
            vals = boxed._prepare_box_values(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_file_box(self):
        if self.env.su or not (boxed := self._filter_boxed()):
            return
        # sudo: the attachment's rights were asked, here only what it belongs to
        files = self.env[FILE_MODEL].sudo().with_context(active_test=False)
        if files := files.search([("attachment_id", "in", boxed.ids)]):
            raise UserError(
                self.env._(
                    "“%(file)s” is kept in a file box. Delete it there.",
                    file=files[0].name,
                )
            )

    # === BUSINESS METHODS === #

    def _filter_boxed(self):
        # sudo: what it belongs to decides on the rights
        return self.filtered(lambda x: x.sudo().res_model == FILE_MODEL)

    def _is_for_box(self, values):
        """Tell whether the values are of attachments of the file box."""
        return values.get("res_model") == FILE_MODEL or bool(self._filter_boxed())

    def _check_box_write(self, vals):
        """Refuse to open the box, or to replace the content of others' files."""
        if names := LINKS & vals.keys():
            raise UserError(
                self.env._(
                    "“%(file)s” belongs to its file box: %(fields)s cannot be changed.",
                    file=self[0].name,
                    fields=", ".join(sorted(names)),
                )
            )
        files = self.env[FILE_MODEL].with_context(active_test=False)
        files = files.browse(self.mapped("res_id"))
        files.lead_id._check_closed_edit()
        if CONTENT & vals.keys():
            files._check_owner()

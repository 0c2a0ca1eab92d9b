from odoo import api, fields, models


class ResUsersSettings(models.Model):
    """Remembers what a user printed labels with."""

    _inherit = "res.users.settings"

    label_format_id = fields.Many2one("opportunity.label.format", ondelete="set null")
    label_printer_id = fields.Many2one("opportunity.label.printer", ondelete="set null")

    @api.model
    def _get_fields_blacklist(self):
        """Only the server needs them: the web client is not told."""
        fields_ = super()._get_fields_blacklist()
        return [*fields_, "label_format_id", "label_printer_id"]

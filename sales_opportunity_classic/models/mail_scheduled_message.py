from odoo import api, models


class MailScheduledMessage(models.Model):
    """A message that is posted later as its composer said."""

    _inherit = "mail.scheduled.message"

    @api.model
    def _notification_parameters_whitelist(self):
        return {*super()._notification_parameters_whitelist(), "track_links"}

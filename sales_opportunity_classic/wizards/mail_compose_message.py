from odoo import api, fields, models


class MailComposeMessage(models.TransientModel):
    """Mails many opportunities for whoever may change them, as a single message
    does: Odoo asks for the right to read alone. Says whether links are tracked."""

    _inherit = "mail.compose.message"

    track_links = fields.Boolean(
        compute="_compute_track_links",
        store=True,
        readonly=False,
        help="Note on the opportunity who follows the links of this email. Contacts "
        "who are not to be tracked are not.",
    )
    can_track_links = fields.Boolean(compute="_compute_can_track_links")

    # === COMPUTE METHODS === #

    @api.depends("model")
    def _compute_track_links(self):
        by_default = self.env["mail.message"]._is_tracked_by_default()
        for composer in self:
            composer.track_links = by_default and composer.model == "crm.lead"

    @api.depends("model", "subtype_is_log")
    def _compute_can_track_links(self):
        is_on = self.env["opportunity.mail.trace"]._is_noting("click")
        for composer in self:
            of_lead = composer.model == "crm.lead" and not composer.subtype_is_log
            composer.can_track_links = is_on and of_lead

    # === BUSINESS METHODS === #

    def _prepare_mail_values_static(self):
        values = super()._prepare_mail_values_static()
        if self.model == "crm.lead":
            values["track_links"] = self.track_links
        return values

    def _action_send_mail_mass_mail(self, res_ids, auto_commit=False):
        if self.model == "crm.lead":
            self.env["crm.lead"].browse(res_ids).check_access("write")
        return super()._action_send_mail_mass_mail(res_ids, auto_commit=auto_commit)

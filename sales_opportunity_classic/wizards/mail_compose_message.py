from odoo import api, fields, models
from odoo.fields import Command, Domain

WITH_FILES = ("crm.lead", "res.partner")


class MailComposeMessage(models.TransientModel):
    """Mails many opportunities for whoever may change them, as a single message
    does: Odoo asks for the right to read alone. Files of the file box go along as
    copies, which the message keeps whatever becomes of the files. Whether its links are
    tracked is said per mail."""

    _inherit = "mail.compose.message"

    box_file_ids = fields.Many2many(
        "opportunity.file",
        "mail_compose_message_box_file_rel",
        string="From the File Box",
        groups="sales_team.group_sale_salesman",
        help="Files of the opportunity and its contact to send along.",
    )
    offered_file_ids = fields.Many2many(
        "opportunity.file",
        compute="_compute_offered_file_ids",
        groups="sales_team.group_sale_salesman",
    )

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

    @api.depends("composition_mode", "model", "res_ids")
    def _compute_offered_file_ids(self):
        for composer in self:
            domain = composer._get_offered_file_domain()
            composer.offered_file_ids = composer.offered_file_ids.search(domain)

    def _get_offered_file_domain(self):
        """Return the files of the one record that the message is about."""
        ids = self._evaluate_res_ids() if self.model in WITH_FILES else []
        if self.composition_mode != "comment" or len(ids) != 1:
            return Domain.FALSE
        record = self.env[self.model].browse(ids)
        record.check_access("read")
        return record._get_file_box_domain(include_related=True)

    # === ACTION METHODS === #

    def action_send_mail(self):
        self._attach_box_files()
        return super().action_send_mail()

    # === BUSINESS METHODS === #

    def _attach_box_files(self):
        """Attach copies of the files chosen. To give them to others needs the right to
        change them."""
        if not self._has_field_access(self._fields["box_file_ids"], "read"):
            return
        for composer in self.filtered("box_file_ids"):
            files = composer.box_file_ids
            files.check_access("write")
            copies = [Command.link(file._copy_for_composer().id) for file in files]
            composer.write(
                {"attachment_ids": copies, "box_file_ids": [Command.clear()]}
            )

    def _prepare_mail_values_static(self):
        values = super()._prepare_mail_values_static()
        if self.model == "crm.lead":
            values["track_links"] = self.track_links
        return values

    def _action_send_mail_mass_mail(self, res_ids, auto_commit=False):
        if self.model == "crm.lead":
            self.env["crm.lead"].browse(res_ids).check_access("write")
        return super()._action_send_mail_mass_mail(res_ids, auto_commit=auto_commit)

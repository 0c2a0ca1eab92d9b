from odoo import fields, models
from odoo.fields import Domain


class OpportunityFileMixin(models.AbstractModel):
    """The files of an opportunity, which its contact keeps."""

    _name = "opportunity.file.mixin"
    _description = "Files"
    _inherit = ["opportunity.file.panel.mixin"]

    file_ids = fields.One2many(
        "opportunity.file", "lead_id", string="Files", groups="base.group_user"
    )

    # === CRUD METHODS === #

    def unlink(self):
        """What no contact keeps goes with its opportunity."""
        # sudo: files that the user may not see are no reason to keep the opportunity
        files = self.env["opportunity.file"].sudo().with_context(active_test=False)
        files = files.search([("lead_id", "in", self.ids)])
        self.check_access("unlink")
        # What was loaded in the moment in which the contact was set.
        files._compute_partner_id()
        kept = files.filtered("partner_id")
        (files - kept).unlink()
        result = super().unlink()
        kept.invalidate_recordset(["lead_id", "reminder_id"])
        kept.filtered("date_expiry")._remind()
        return result

    # === BUSINESS METHODS === #

    def _get_file_box_domain(self, include_related=False):
        """Return the domain of the opportunity's files, by choice with those of its
        contact, the contact's people and company."""
        own = Domain("lead_id", "in", self.ids)
        partner = self.partner_id
        if not (include_related and partner):
            return own
        return own | partner._get_file_box_domain(include_related=True)

    def _get_file_relation(self):
        # sudo: the customer's name is on the form
        partner = self.partner_id.sudo()
        return bool(partner) and {"kind": "contact", "name": partner.display_name}

    def _merge_dependences_attachments(self, opportunities):
        """The survivor gets the files of all, the private ones and the bin too."""
        # sudo: a merge loses nothing that the user may not see
        files = self.env["opportunity.file"].sudo().with_context(active_test=False)
        files = files.search([("lead_id", "in", opportunities.ids)])
        files.lead_id = self
        return super()._merge_dependences_attachments(opportunities)

    # === ACTION METHODS === #

    def action_keep_in_file_box(self):
        """Make files of all attachments of the chatter that the file box takes."""
        self.check_access("write")
        attachments = self.env["ir.attachment"].search(self._get_chatter_domain())
        kept = attachments.filtered(lambda one: not one.file_box_refusal)
        return kept.action_keep_in_file_box()

from odoo import api, models
from odoo.fields import Domain


class OpportunityContactAccessMixin(models.AbstractModel):
    """Rows that belong to an opportunity or, without one, to a contact, and follow the
    access rights of either."""

    _name = "opportunity.contact.access.mixin"
    _description = "Access of the Opportunity or Contact"
    _inherit = ["opportunity.access.mixin"]

    @api.model_create_multi
    def create(self, vals_list):
        partner_ids = {
            vals["partner_id"]
            for vals in vals_list
            if vals.get("partner_id") and not vals.get("lead_id")
        }
        self.env["res.partner"].browse(partner_ids).check_access("write")
        return super().create(vals_list)

    def _get_rows_of_forbidden_leads(self, operation):
        # sudo: the row's own access was checked before, here only its contact's
        alone = self.filtered(lambda row: not row.sudo().lead_id)
        of_leads = self - alone
        forbidden = super(
            OpportunityContactAccessMixin, of_leads
        )._get_rows_of_forbidden_leads(operation)
        # sudo: as above
        partners = alone.sudo().partner_id.sudo(False)
        allowed = partners._filtered_access("read" if operation == "read" else "write")
        return forbidden + alone.filtered(
            # sudo: as above
            lambda row: row.sudo().partner_id.sudo(False) not in allowed
        )

    @api.model
    def _get_readable_domain(self, domain):
        of_leads = super()._get_readable_domain(domain)
        partners = self.env["res.partner"]._search([], active_test=False)
        alone = Domain("lead_id", "=", False) & Domain("partner_id", "in", partners)
        return of_leads | (domain & alone)

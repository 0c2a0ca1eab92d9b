from odoo import models

LEAD_FIELDS = ("street", "street2", "city", "zip", "state_id", "country_id")


class OpportunityPostalLeadMixin(models.AbstractModel):
    """An opportunity is written to at its contact, or at the address typed into it."""

    _name = "opportunity.postal.lead.mixin"
    _inherit = ["opportunity.postal.mixin"]
    _description = "Postal Address of Opportunities"

    def _get_postal_partners(self, kind):
        return [lead._get_postal_partner(kind) for lead in self]

    def _get_postal_partner(self, kind):
        if self.partner_id:
            return self._choose_postal_partner(self.partner_id, kind)
        return self.env["res.partner"].new(self._prepare_postal_partner(kind))

    def _prepare_postal_partner(self, kind):
        """Return the values of a contact that is never saved."""
        company = self.partner_name or False
        person = (kind != "company" and self.contact_name) or False
        return {
            "name": person or company,
            "company_name": person and company,
            "is_company": not person,
            **{field: self[field] for field in LEAD_FIELDS},
        }

    def _get_postal_number(self):
        """Return what a barcode says of the opportunity."""
        return f"O{self.id:05}"

from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Odoo's merging of contacts, which makes one party of the same people."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_values(self, src_partners, dst_partner):
        """Keep custom fields that the user may not see or not edit as well."""
        # sudo: who may merge contacts loses nothing of them
        return super()._update_values(src_partners.sudo(), dst_partner.sudo())

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Odoo would delete, or stumble over, the rows that are the same afterwards."""
        # sudo: contacts take part in opportunities that the user may not see
        parties = self.env["opportunity.party"].sudo()
        partners = src_partners + dst_partner
        parties.search([("partner_id", "in", partners.ids)])._merge_same_role()
        # sudo: the same person is followed up once, whoever may see it
        enrollments = self.env["opportunity.sequence.enrollment"].sudo()
        enrollments._stop_same_person(partners)
        return super()._update_foreign_keys(src_partners, dst_partner)

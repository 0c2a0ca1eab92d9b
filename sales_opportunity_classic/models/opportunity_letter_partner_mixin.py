from odoo import models


class OpportunityLetterPartnerMixin(models.AbstractModel):
    """Letters to a contact that are about no opportunity."""

    _name = "opportunity.letter.partner.mixin"
    _inherit = ["opportunity.letter.mixin"]
    _description = "Letters to Contacts"

    def _get_letter_contact(self):
        return self

    def _get_letter_salesperson(self):
        return self.user_id or self.env.user

    def _get_letter_company(self):
        return self.company_id or self.env.company

    def _prepare_letter_owner(self):
        return {"partner_id": self.id}

from odoo import models


class OpportunityCompanyMixin(models.AbstractModel):
    """What is linked to an opportunity belongs to its company, or to every company.

    Odoo checks the links where somebody writes the company. Here its parties and
    products are checked as well, and all of it where a new salesperson or team changes
    the company.
    """

    _name = "opportunity.company.mixin"
    _description = "One Company"
    _inherit = ["opportunity.settings.mixin"]

    _company_links = ("folder_id", "awarded_to_id", "competitor_ids")

    def _check_company(self, fnames=None):
        if fnames is None or "company_id" in fnames:
            self._check_company_of_rows()
        elif {"user_id", "team_id"} & set(fnames) and self._is_act_of_person():
            # Without a company it is nobody's, and Odoo empties it by itself.
            leads = self.filtered("company_id")
            super(OpportunityCompanyMixin, leads)._check_company(self._company_links)
            leads._check_company_of_rows()
        return super()._check_company(fnames)

    def _check_company_of_rows(self):
        # sudo: whoever changes the company may not see each party and product
        leads = self.sudo()
        leads.party_ids._check_company(["partner_id"])
        leads.line_ids._check_company(["product_id", "plan_id"])

from odoo import api, fields, models
from odoo.exceptions import ValidationError

# What may change the currency or the taxes of an offer.
OFFER_TERMS = {"pricelist_id", "partner_id", "company_id", "user_id", "team_id"}


class OpportunityOfferTermsMixin(models.AbstractModel):
    """Company, pricelist, currency and fiscal position of what is offered.

    They are chosen with the first product. From then on the pricelist changes by hand
    only: prices once offered do not change by themselves.
    """

    _name = "opportunity.offer.terms.mixin"
    _description = "Terms of the Offer"

    pricelist_id = fields.Many2one(
        "product.pricelist",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('company_id', 'in', (False, company_id))]",
        groups="base.group_user",
        help="Where the list prices come from. It is the customer's pricelist unless "
        "you choose another one.",
    )
    fiscal_position_id = fields.Many2one(
        "account.fiscal.position",
        readonly=True,
        ondelete="restrict",
        groups="base.group_user",
        help="Which taxes this customer pays.",
    )
    offer_currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_offer_currency_id",
        store=True,
        groups="base.group_user",
    )

    # === COMPUTE METHODS === #

    @api.depends("pricelist_id", "company_id")
    def _compute_offer_currency_id(self):
        for lead in self:
            lead.offer_currency_id = (
                lead.pricelist_id.currency_id or lead._get_offer_company().currency_id
            )

    # === CONSTRAINT METHODS === #

    @api.constrains("pricelist_id")
    def _check_pricelist_company(self):
        for lead in self:
            if not lead._is_of_company(lead.pricelist_id):
                raise ValidationError(
                    self.env._(
                        "The pricelist “%(pricelist)s” of “%(lead)s” belongs to another"
                        " company.",
                        pricelist=lead.pricelist_id.name,
                        lead=lead.name,
                    )
                )

    # === ONCHANGE METHODS === #

    @api.onchange("line_ids")
    def _onchange_line_ids(self):
        if self.line_ids and not self.pricelist_id:
            self.pricelist_id = self._get_offer_pricelist()

    # === CRUD METHODS === #

    def write(self, vals):
        if not vals.keys() & OFFER_TERMS:
            return super().write(vals)
        # sudo: a reseller of the portal may write, but not read the offer
        offers = self.sudo().filtered("line_ids")
        currencies = {lead: lead.offer_currency_id for lead in offers}
        companies = {lead: lead._get_offer_company() for lead in offers}
        lines = offers.line_ids
        terms = lines._get_price_terms()
        newly_known = offers.filtered(lambda lead: not lead.partner_id)
        result = super().write(vals)
        moved = offers.filtered(
            lambda lead: lead._get_offer_company() != companies[lead]
        )
        moved._move_offer()
        if "partner_id" in vals:
            offers._update_fiscal_position()
            newly_known._choose_pricelist()
        for lead, currency in currencies.items():
            if lead.offer_currency_id != currency:
                lead.line_ids._convert_special_prices(currency)
        (lines & offers.line_ids)._note_changed_prices(terms)
        return result

    # === BUSINESS METHODS === #

    def _get_offer_company(self):
        """Return the company that sells: the opportunity's, or the user's."""
        return self.company_id or self.env.company

    def _start_offer(self):
        """Choose company, pricelist and fiscal position before the first product
        comes."""
        leads = self.filtered(lambda lead: not lead.line_ids)
        # Other companies may not even read the taxes of the one that sells.
        leads.filtered(lambda lead: not lead.company_id).company_id = self.env.company
        leads.filtered(lambda lead: not lead.pricelist_id)._choose_pricelist()
        leads._update_fiscal_position()

    def _move_offer(self):
        """Take the terms of another company, as far as those of the former one are not
        for everybody."""
        for lead in self:
            if not lead._is_of_company(lead.pricelist_id):
                lead._choose_pricelist()
        self._update_fiscal_position()

    def _is_of_company(self, record):
        """Tell whether the company that sells may use what a record says."""
        domain = record._check_company_domain(self._get_offer_company())
        return record == record.filtered_domain(domain)

    def _choose_pricelist(self):
        for lead in self:
            pricelist = lead._get_customer_pricelist()
            if pricelist != lead.pricelist_id:
                lead.pricelist_id = pricelist

    def _update_fiscal_position(self):
        """Take the customer's fiscal position; where it is another one the taxes are
        asked for again."""
        for lead in self:
            position = lead._find_fiscal_position()
            if position != lead.fiscal_position_id:
                lead.fiscal_position_id = position
                lead.line_ids._compute_tax_ids()

    def _get_customer_pricelist(self):
        partner = self.partner_id.with_company(self._get_offer_company())
        return partner.property_product_pricelist

    def _get_offer_pricelist(self):
        """Return the pricelist; of a form not saved yet, the one it is going to be."""
        if self.id or self.pricelist_id:
            return self.pricelist_id
        return self._get_customer_pricelist()

    def _get_offer_currency(self):
        """Return the currency of the prices, see ``_get_offer_pricelist``."""
        if self.id:
            return self.offer_currency_id
        company = self._get_offer_company()
        return self._get_offer_pricelist().currency_id or company.currency_id

    def _get_offer_fiscal_position(self):
        """Return the fiscal position, see ``_get_offer_pricelist``."""
        return self.fiscal_position_id if self.id else self._find_fiscal_position()

    def _find_fiscal_position(self):
        positions = self.env["account.fiscal.position"]
        return positions.with_company(self._get_offer_company())._get_fiscal_position(
            self.partner_id
        )

    def _convert_offer(self, amount):
        """Return an amount of the offer in the currency of the company, of today."""
        company = self._get_offer_company()
        return (self.offer_currency_id or company.currency_id)._convert(
            amount, company.currency_id, company, fields.Date.context_today(self)
        )

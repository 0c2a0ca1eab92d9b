from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Command, Domain

OFFER_FIGURES = {
    "offer_currency_id",
    "offer_one_time",
    "offer_mrr",
    "offer_arr",
    "offer_first_year",
    "offer_contract_value",
}


class OpportunityOfferMixin(models.AbstractModel):
    """What is offered to the prospect: products and what they come to.

    Totals are without taxes and without optional products, in the currency of the
    pricelist.
    """

    _name = "opportunity.offer.mixin"
    _description = "Offer"
    _inherit = [
        "opportunity.settings.mixin",
        "opportunity.validity.mixin",
        "opportunity.offer.terms.mixin",
        "opportunity.catalog.mixin",
    ]

    line_ids = fields.One2many(
        "opportunity.line",
        "lead_id",
        string="Products",
        groups="base.group_user",
        copy=True,
    )
    offer_valid_until = fields.Date(
        groups="base.group_user",
        tracking=True,
        copy=False,
        help="Until when the customer may buy at these prices. Quotations and Buy Now "
        "links end with it.",
    )
    offer_one_time = fields.Monetary(
        "One-Time Total",
        compute="_compute_offer_totals",
        store=True,
        currency_field="offer_currency_id",
        groups="base.group_user",
    )
    offer_mrr = fields.Monetary(
        "MRR",
        compute="_compute_offer_totals",
        store=True,
        currency_field="offer_currency_id",
        groups="base.group_user",
        help="Monthly recurring revenue: what the plans bill in a month, at the "
        "regular price.",
    )
    offer_arr = fields.Monetary(
        "ARR",
        compute="_compute_offer_totals",
        store=True,
        currency_field="offer_currency_id",
        groups="base.group_user",
        help="Annual recurring revenue: twelve times the monthly one.",
    )
    offer_first_year = fields.Monetary(
        "First-Year Value",
        compute="_compute_offer_totals",
        store=True,
        currency_field="offer_currency_id",
        groups="base.group_user",
        help="What is billed within twelve months: once, and by the plans, with their "
        "trials and introductory prices.",
    )
    offer_contract_value = fields.Monetary(
        "Total Contract Value",
        compute="_compute_offer_totals",
        store=True,
        currency_field="offer_currency_id",
        groups="base.group_user",
        help="What is billed in all. Plans without an end count for twelve months.",
    )
    offer_tax_totals = fields.Binary(
        compute="_compute_offer_tax_totals", exportable=False, groups="base.group_user"
    )
    needs_approval = fields.Boolean(
        "Prices to Approve",
        compute="_compute_needs_approval",
        search="_search_needs_approval",
        groups="base.group_user",
        help="A price is below what its salesperson may give alone.",
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "line_ids.price_subtotal",
        "line_ids.recurring_subtotal",
        "line_ids.intro_subtotal",
        "line_ids.is_optional",
        "line_ids.plan_id.interval_count",
        "line_ids.plan_id.interval_unit",
        "line_ids.plan_id.cycles",
        "line_ids.plan_id.trial_days",
        "line_ids.plan_id.intro_cycles",
    )
    def _compute_offer_totals(self):
        for lead in self:
            lines = lead._get_firm_lines()
            one_time = sum(lines.mapped("price_subtotal"))
            plans = [line._get_plan_values() for line in lines.filtered("plan_id")]
            lead.offer_one_time = one_time
            lead.offer_mrr = sum(values.mrr for values in plans)
            lead.offer_arr = 12 * sum(values.mrr for values in plans)
            lead.offer_first_year = one_time + sum(v.first_year for v in plans)
            lead.offer_contract_value = one_time + sum(v.contract for v in plans)

    @api.depends(
        "line_ids.price_total", "line_ids.is_optional", "partner_id", "company_id"
    )
    def _compute_offer_tax_totals(self):
        AccountTax = self.env["account.tax"]
        for lead in self:
            company = lead._get_offer_company()
            base_lines = [
                line._prepare_base_line(line._get_first_price())
                for line in lead._get_firm_lines()
            ]
            AccountTax._add_tax_details_in_base_lines(base_lines, company)
            AccountTax._round_base_lines_tax_details(base_lines, company)
            lead.offer_tax_totals = AccountTax._get_tax_totals_summary(
                base_lines=base_lines,
                currency=lead.offer_currency_id or company.currency_id,
                company=company,
            )

    @api.depends("line_ids.needs_approval")
    def _compute_needs_approval(self):
        for lead in self:
            lead.needs_approval = any(lead.line_ids.mapped("needs_approval"))

    def _search_needs_approval(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("line_ids", "any", [("needs_approval", "=", True)])

    # === CRUD METHODS === #

    @api.model
    def _has_field_access(self, field, operation):
        # In another currency every price would be another one.
        if operation == "write" and field.name in OFFER_FIGURES:
            return self.env.su
        return super()._has_field_access(field, operation)

    # === ACTION METHODS === #

    def action_update_prices(self):
        """Ask the pricelist for the present list prices; special prices stay."""
        self.check_access("write")
        # Of what depends on the quantity, the list price is the first.
        terms = self.line_ids._get_price_terms()
        self.line_ids.modified(["quantity"])
        self.line_ids._note_changed_prices(terms)

    def action_approve_prices(self):
        """Approve, as a sales manager, prices below what their givers may give.

        :raise AccessError: for anybody else
        """
        self.check_access("write")
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(self.env._("Only sales managers approve prices."))
        for lead in self.filtered("needs_approval"):
            lines = lead.line_ids.filtered("needs_approval")
            lines._approve_price()
            lead._message_log(
                body=self.env._(
                    "Special prices approved: %(products)s",
                    products=lines._describe_special_prices(),
                )
            )

    # === BUSINESS METHODS === #

    def _get_firm_lines(self):
        return self.line_ids.filtered(lambda line: not line.is_optional)

    @api.model
    def _get_checked_dates(self):
        return [*super()._get_checked_dates(), "offer_valid_until"]

    def _merge_get_fields_specific(self):
        return {
            **super()._merge_get_fields_specific(),
            "line_ids": lambda fname, leads: leads._prepare_merged_lines(),
        }

    def _prepare_merged_lines(self):
        """Return the commands that give the first one the products of all.

        Copies: merged ones may live on. Their special prices come along, in the
        currency of the first, and count as given by whoever merges.
        """
        head = self[0]
        # the first company that is given prevails, as for Odoo
        domain = self.line_ids.product_id._check_company_domain(self.company_id[:1])
        lines = (self - head).line_ids.filtered(
            lambda line: line.product_id.filtered_domain(domain)
        )
        if lines:
            head._start_offer()
        return [Command.create(line._prepare_copy(head)) for line in lines]

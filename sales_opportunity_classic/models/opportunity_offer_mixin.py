from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command, Domain

FIGURES = {"expected_revenue", "recurring_revenue", "recurring_plan"}
# What may change the currency or the taxes of an offer.
OFFER_TERMS = {"pricelist_id", "partner_id", "company_id", "user_id", "team_id"}
OFFER_FIGURES = {
    "offer_currency_id",
    "offer_one_time",
    "offer_mrr",
    "offer_arr",
    "offer_first_year",
    "offer_contract_value",
}


class OpportunityOfferMixin(models.AbstractModel):
    """What is offered to the prospect: products, prices and what they come to.

    The pricelist is chosen with the first product, and by hand from then on: prices
    once offered do not change by themselves. Totals are without taxes and without
    optional products, in the currency of the pricelist. Odoo's own expected and
    recurring revenue, in the currency of the company, follow them or not.
    """

    _name = "opportunity.offer.mixin"
    _description = "Offer"
    _inherit = [
        "opportunity.settings.mixin",
        "opportunity.validity.mixin",
        "opportunity.catalog.mixin",
    ]

    line_ids = fields.One2many(
        "opportunity.line",
        "lead_id",
        string="Products",
        groups="base.group_user",
        copy=True,
    )
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
    follow_lines = fields.Boolean(
        "Follow the Products",
        default=lambda self: self._is_following_by_default(),
        groups="base.group_user",
        help="Expected and recurring revenue follow the products. Untick to keep your "
        "own figures.",
    )
    offer_difference = fields.Monetary(
        "Difference to the Products",
        compute="_compute_offer_difference",
        currency_field="company_currency",
        groups="base.group_user",
        help="Your expected revenue less what the products bring once.",
    )
    needs_approval = fields.Boolean(
        "Prices to Approve",
        compute="_compute_needs_approval",
        search="_search_needs_approval",
        groups="base.group_user",
        help="A price is below what its salesperson may give alone.",
    )
    expected_revenue = fields.Monetary(
        compute="_compute_expected_revenue",
        store=True,
        readonly=False,
        currency_field="company_currency",
    )
    recurring_revenue = fields.Monetary(
        compute="_compute_recurring_revenue",
        store=True,
        readonly=False,
        currency_field="company_currency",
    )
    recurring_plan = fields.Many2one(
        "crm.recurring.plan",
        compute="_compute_recurring_revenue",
        store=True,
        readonly=False,
    )

    # === COMPUTE METHODS === #

    @api.depends("pricelist_id", "company_id")
    def _compute_offer_currency_id(self):
        for lead in self:
            lead.offer_currency_id = (
                lead.pricelist_id.currency_id or lead._get_offer_company().currency_id
            )

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

    @api.depends("expected_revenue", "offer_one_time", "offer_currency_id")
    def _compute_offer_difference(self):
        for lead in self:
            lead.offer_difference = lead.line_ids and (
                lead.expected_revenue - lead._convert_offer(lead.offer_one_time)
            )

    @api.depends("line_ids.needs_approval")
    def _compute_needs_approval(self):
        for lead in self:
            lead.needs_approval = any(lead.line_ids.mapped("needs_approval"))

    def _search_needs_approval(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("line_ids", "any", [("needs_approval", "=", True)])

    @api.depends("follow_lines", "line_ids", "offer_one_time", "offer_currency_id")
    def _compute_expected_revenue(self):
        for lead in self.filtered(lambda lead: lead._is_following()):
            lead.expected_revenue = lead._get_line_figures()["expected_revenue"]

    @api.depends(
        "follow_lines",
        "line_ids.is_optional",
        "line_ids.plan_id.recurring_plan_id",
        "offer_mrr",
        "offer_currency_id",
    )
    def _compute_recurring_revenue(self):
        for lead in self.filtered(lambda lead: lead._is_following()):
            figures = lead._get_line_figures()
            lead.recurring_plan = figures["recurring_plan"]
            lead.recurring_revenue = figures["recurring_revenue"]

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

    @api.model
    def _has_field_access(self, field, operation):
        # In another currency every price would be another one.
        if operation == "write" and field.name in OFFER_FIGURES:
            return self.env.su
        return super()._has_field_access(field, operation)

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        for lead, vals in zip(leads, vals_list, strict=True):
            if vals.get("line_ids"):
                # Odoo's defaults are nobody's own figures.
                own = {name: vals[name] for name in FIGURES if vals.get(name)}
                lead._keep_own_figures(own)
                lead._ask_lines_for_figures()
        return leads

    def write(self, vals):
        if "pricelist_id" in vals and len(vals) > 1:
            return self._write_after_pricelist(vals)
        # sudo: a reseller of the portal may write, but not read the offer
        leads = self.sudo() if vals.keys() & OFFER_TERMS else self.browse()
        offers = leads.filtered("line_ids")
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
        if vals.keys() & FIGURES and "follow_lines" not in vals:
            # sudo: see above
            self.sudo()._keep_own_figures(vals)
        return result

    def copy_data(self, default=None):
        # The copy's own products give its figures.
        vals_list = super().copy_data(default)
        for lead, vals in zip(self, vals_list, strict=True):
            for name in FIGURES if lead._is_following() else ():
                vals.pop(name, None)
        return vals_list

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

    @api.model
    def _is_following_by_default(self):
        return self._get_opportunity_setting("expected_figures", "follow") == "follow"

    def _is_following(self):
        return self.follow_lines and self.line_ids

    def _ask_lines_for_figures(self):
        """Have what follows the products recomputed, whatever was given."""
        self.modified(["follow_lines"])

    def _keep_own_figures(self, vals):
        """Stop following where somebody gave other figures than those of the products.

        The client sends the products' own figures too.
        """
        for lead in self.filtered(lambda lead: lead._is_following()):
            figures = lead._get_line_figures()
            if any(
                lead._fields[name].convert_to_cache(vals[name], lead)
                != lead._fields[name].convert_to_cache(figures[name], lead)
                for name in vals.keys() & FIGURES
            ):
                lead.follow_lines = False

    def _get_line_figures(self):
        """Return Odoo's figures as the products give them.

        What recurs by plans of one length is what it is; by plans of several lengths
        it is the amount of a month.
        """
        lines = self._get_firm_lines().filtered("plan_id")
        plan = lines.plan_id.recurring_plan_id
        if len(plan) > 1:
            plan = lines.plan_id._get_recurring_plans({1})[1]
        mrr = sum(line._get_plan_values().mrr for line in lines)
        return {
            "expected_revenue": self._convert_offer(self.offer_one_time),
            "recurring_plan": plan,
            "recurring_revenue": self._convert_offer(mrr * plan.number_of_months),
        }

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

    def _write_after_pricelist(self, vals):
        """Write another pricelist first: the rest is meant in its currency.

        A form shows the figures of special prices that are not converted yet; these
        are nobody's own.
        """
        currencies = {lead: lead.offer_currency_id for lead in self}
        self.write({"pricelist_id": vals["pricelist_id"]})
        vals = {name: value for name, value in vals.items() if name != "pricelist_id"}
        converted = self.filtered(
            lambda lead: (
                lead._is_following()
                and lead.offer_currency_id != currencies[lead]
                and any(lead.line_ids.mapped("is_special_price"))
            )
        )
        converted.write({name: vals[name] for name in vals if name not in FIGURES})
        return (self - converted).write(vals)

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
                self.env.add_to_compute(lead.line_ids._fields["tax_ids"], lead.line_ids)

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

    def _get_firm_lines(self):
        return self.line_ids.filtered(lambda line: not line.is_optional)

    def _convert_offer(self, amount):
        """Return an amount of the offer in the currency of the company, of today."""
        company = self._get_offer_company()
        return (self.offer_currency_id or company.currency_id)._convert(
            amount, company.currency_id, company, fields.Date.context_today(self)
        )

    @api.model
    def _get_checked_dates(self):
        return [*super()._get_checked_dates(), "offer_valid_until"]

    def _update_revenues_from_so(self, order):
        # Those that follow the products know better.
        own = self.filtered(lambda lead: not lead._is_following())
        return super(OpportunityOfferMixin, own)._update_revenues_from_so(order)

    def _merge_opportunity(self, *args, **kwargs):
        following = self.filtered("follow_lines")
        merged = super()._merge_opportunity(*args, **kwargs)
        if merged in following:
            merged.follow_lines = True
            merged._ask_lines_for_figures()
        return merged

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

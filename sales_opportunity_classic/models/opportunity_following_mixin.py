from odoo import api, fields, models

FIGURES = {"expected_revenue", "recurring_revenue", "recurring_plan"}


class OpportunityFollowingMixin(models.AbstractModel):
    """Odoo's own figures, which follow the products of the opportunity or not.

    Expected and recurring revenue, in the currency of the company, are what the
    products come to, until somebody gives other figures.
    """

    _name = "opportunity.following.mixin"
    _description = "Figures that Follow the Products"
    _inherit = ["opportunity.settings.mixin", "opportunity.validity.mixin"]

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

    @api.depends("expected_revenue", "offer_one_time", "offer_currency_id")
    def _compute_offer_difference(self):
        for lead in self:
            lead.offer_difference = lead.line_ids and (
                lead.expected_revenue - lead._convert_offer(lead.offer_one_time)
            )

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

    # === CRUD METHODS === #

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
        result = super().write(vals)
        if vals.keys() & FIGURES and "follow_lines" not in vals:
            # sudo: a reseller of the portal may write, but not read the offer
            self.sudo()._keep_own_figures(vals)
        return result

    def copy_data(self, default=None):
        # The copy's own products give its figures.
        vals_list = super().copy_data(default)
        for lead, vals in zip(self, vals_list, strict=True):
            for name in FIGURES if lead._is_following() else ():
                vals.pop(name, None)
        return vals_list

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

    def _update_revenues_from_so(self, order):
        # Those that follow the products know better.
        own = self.filtered(lambda lead: not lead._is_following())
        return super(OpportunityFollowingMixin, own)._update_revenues_from_so(order)

    def _merge_opportunity(self, *args, **kwargs):
        following = self.filtered("follow_lines")
        merged = super()._merge_opportunity(*args, **kwargs)
        if merged in following:
            merged.follow_lines = True
            merged._ask_lines_for_figures()
        return merged

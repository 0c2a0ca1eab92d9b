from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import date_utils

MONTHS = {"month": 1, "quarter": 3, "year": 12}


class OpportunityQuota(models.Model):
    """The revenue that a salesperson is to win in a month, a quarter or a year.

    Sales managers set it; each salesperson sees their own. Reports compare it with
    the actual revenue of what was won. Periods of a salesperson do not overlap.
    """

    _name = "opportunity.quota"
    _description = "Sales Quota"
    _inherit = ["opportunity.validity.mixin"]
    _order = "date_from desc, user_id, id"
    _check_company_auto = True

    user_id = fields.Many2one(
        "res.users",
        "Salesperson",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        domain="[('share', '=', False)]",
    )
    team_id = fields.Many2one(
        "crm.team",
        "Sales Team",
        compute="_compute_team_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        help="The sales team for which the quota counts.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    company_currency = fields.Many2one(
        related="company_id.currency_id", string="Currency"
    )
    period = fields.Selection(
        [("month", "Month"), ("quarter", "Quarter"), ("year", "Year")],
        required=True,
        default="month",
    )
    date_from = fields.Date(
        "From",
        required=True,
        default=lambda self: date_utils.start_of(
            fields.Date.context_today(self), "month"
        ),
        help="Any day of the period; it begins with the first.",
    )
    date_to = fields.Date("To", compute="_compute_date_to", store=True)
    months = fields.Integer(compute="_compute_date_to", store=True, aggregator=None)
    amount = fields.Monetary("Quota", currency_field="company_currency", required=True)

    _check_amount = models.Constraint(
        "CHECK (amount > 0)", "A quota should be above zero."
    )

    # === COMPUTE METHODS === #

    @api.depends("user_id")
    def _compute_team_id(self):
        for quota in self:
            quota.team_id = quota.user_id.sale_team_id

    @api.depends("date_from", "period")
    def _compute_date_to(self):
        for quota in self:
            quota.months = MONTHS.get(quota.period, 0)
            quota.date_to = quota.date_from and date_utils.end_of(
                quota.date_from, quota.period or "month"
            )

    @api.depends("user_id", "date_from")
    def _compute_display_name(self):
        for quota in self:
            quota.display_name = f"{quota.user_id.name} ({quota.date_from})"

    # === CONSTRAINT METHODS === #

    @api.constrains("user_id", "company_id", "date_from", "date_to")
    def _check_overlap(self):
        # Those without a period are refused when they are saved.
        dated = self.filtered(lambda quota: quota.date_from and quota.date_to)
        others = self.search([("user_id", "in", dated.user_id.ids)])
        for quota in dated:
            if other := others.filtered(quota._overlaps)[:1]:
                raise ValidationError(
                    self.env._(
                        "%(salesperson)s already has a quota from %(start)s to "
                        "%(end)s. Change it, or choose another period.",
                        salesperson=quota.user_id.name,
                        start=other.date_from,
                        end=other.date_to,
                    )
                )

    def _overlaps(self, other):
        return (
            self != other
            and self.user_id == other.user_id
            and self.company_id == other.company_id
            and self.date_from <= other.date_to
            and other.date_from <= self.date_to
        )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        quotas = super().create(vals_list)
        quotas._begin_with_the_period()
        return quotas

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"date_from", "period"}:
            self._begin_with_the_period()
        return result

    def _begin_with_the_period(self):
        for quota in self.filtered(lambda quota: quota.date_from and quota.period):
            start = date_utils.start_of(quota.date_from, quota.period)
            if quota.date_from != start:
                quota.date_from = start

    # === BUSINESS METHODS === #

    @api.model
    def _check_amounts(self, vals):
        self._check_numbers(vals, ("amount",))

    @api.model
    def _get_checked_dates(self):
        return ["date_from"]

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..tools.validity import is_amount, is_ordered_range, is_plausible_date

HIGH_VALUE_PARAMETER = "sales_opportunity_classic.high_value"
HIGH_VALUE_DEFAULT = 10000.0


class OpportunityExpectationMixin(models.AbstractModel):
    """What the salesperson expects of an opportunity: a range of revenue, whether
    it counts in the forecast, and what the customer objects to.

    Odoo's ``expected_revenue`` is the likely figure between low and high. All
    amounts are in the currency of the opportunity's company.
    """

    _name = "opportunity.expectation.mixin"
    _description = "Expected Values"

    _expectation_amounts = (
        "revenue_low",
        "expected_revenue",
        "revenue_high",
        "actual_revenue",
        "awarded_revenue",
    )
    _expectation_dates = ("date_deadline", "next_action_date", "actual_close_date")

    # Odoo's own field of the opportunity: amounts name their currency.
    company_currency = fields.Many2one("res.currency")
    revenue_low = fields.Monetary(
        "Lowest Revenue",
        currency_field="company_currency",
        tracking=True,
        help="The least this opportunity may bring. Leave it empty if you cannot say.",
    )
    revenue_high = fields.Monetary(
        "Highest Revenue",
        currency_field="company_currency",
        tracking=True,
        help="The most this opportunity may bring. Leave it empty if you cannot say.",
    )
    include_in_forecast = fields.Boolean(
        "Include in Forecast",
        default=True,
        help="Untick to leave this opportunity out of the committed forecast.",
    )
    objection_ids = fields.Many2many(
        "opportunity.objection",
        string="Objections",
        help="What keeps the customer from buying, while the deal is still open.",
    )
    is_high_value = fields.Boolean(
        "High Value",
        compute="_compute_is_high_value",
        search="_search_is_high_value",
        help="The expected revenue reaches the amount set in the CRM settings.",
    )

    # === COMPUTE METHODS === #

    @api.depends("expected_revenue")
    def _compute_is_high_value(self):
        threshold = self._get_high_value_threshold()
        for lead in self:
            lead.is_high_value = lead.expected_revenue >= threshold

    def _search_is_high_value(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain("expected_revenue", ">=", self._get_high_value_threshold())
        return Domain.OR(domain if wanted else ~domain for wanted in value)

    # === CONSTRAINT METHODS === #

    @api.constrains("revenue_low", "revenue_high", "actual_revenue", "awarded_revenue")
    def _check_revenue_range(self):
        for lead in self:
            if not is_ordered_range(lead.revenue_low, lead.revenue_high):
                raise ValidationError(
                    self.env._(
                        "The lowest revenue of “%(lead)s” is above its highest.",
                        lead=lead.name,
                    )
                )
            lead._check_no_negative_amount()

    def _check_no_negative_amount(self):
        for name in set(self._expectation_amounts) - {"expected_revenue"}:
            if self[name] < 0:
                raise ValidationError(
                    self.env._(
                        "%(field)s of “%(lead)s” cannot be negative.",
                        field=self._fields[name]._description_string(self.env),
                        lead=self.name,
                    )
                )

    @api.constrains(*_expectation_dates)
    def _check_plausible_dates(self):
        for lead in self:
            for name in self._expectation_dates:
                if not is_plausible_date(lead[name]):
                    raise ValidationError(
                        self.env._(
                            "%(field)s of “%(lead)s” has an impossible year.",
                            field=self._fields[name]._description_string(self.env),
                            lead=lead.name,
                        )
                    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_amounts_are_numbers(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_amounts_are_numbers(vals)
        return super().write(vals)

    @api.model
    def _check_amounts_are_numbers(self, vals):
        """Refuse texts, infinities and NaN before the ORM converts them."""
        for name in self._expectation_amounts:
            if not is_amount(vals.get(name)):
                raise ValidationError(
                    self.env._(
                        "%(field)s must be a number, not “%(value)s”.",
                        field=self._fields[name]._description_string(self.env),
                        value=vals[name],
                    )
                )

    # === BUSINESS METHODS === #

    @api.model
    def _get_high_value_threshold(self):
        # sudo: a setting that everybody's filter obeys, readable by administrators
        parameters = self.env["ir.config_parameter"].sudo()
        return float(parameters.get_param(HIGH_VALUE_PARAMETER, HIGH_VALUE_DEFAULT))

    def _merge_get_fields_specific(self):
        """The range is merged as a whole: ends of two ranges may contradict."""
        return {
            **super()._merge_get_fields_specific(),
            "revenue_low": lambda fname, leads: leads._get_first_range().revenue_low,
            "revenue_high": lambda fname, leads: leads._get_first_range().revenue_high,
            "objection_ids": lambda fname, leads: leads.objection_ids,
        }

    def _get_first_range(self):
        return self.filtered(lambda lead: lead.revenue_low or lead.revenue_high)[:1]

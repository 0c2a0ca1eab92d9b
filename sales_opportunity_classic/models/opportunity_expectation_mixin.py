from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..tools.validity import is_ordered_range

HIGH_VALUE_DEFAULT = 10000.0


class OpportunityExpectationMixin(models.AbstractModel):
    """What the salesperson expects of an opportunity: a range of revenue, whether
    it counts in the forecast, and what the customer objects to.

    Odoo's ``expected_revenue`` is the likely figure between low and high.
    """

    _name = "opportunity.expectation.mixin"
    _description = "Expected Values"
    _inherit = ["opportunity.settings.mixin", "opportunity.validity.mixin"]

    revenue_low = fields.Monetary(
        "Lowest Revenue",
        currency_field="company_currency",
        groups="base.group_user",
        tracking=True,
        help="The least this opportunity may bring. Leave it empty if you cannot say.",
    )
    revenue_high = fields.Monetary(
        "Highest Revenue",
        currency_field="company_currency",
        groups="base.group_user",
        tracking=True,
        help="The most this opportunity may bring. Leave it empty if you cannot say.",
    )
    include_in_forecast = fields.Boolean(
        "Include in Forecast",
        default=True,
        groups="base.group_user",
        help="Untick to leave this opportunity out of the forecast.",
    )
    objection_ids = fields.Many2many(
        "opportunity.objection",
        string="Objections",
        groups="base.group_user",
        help="What keeps the customer from buying, while the deal is still open.",
    )
    is_high_value = fields.Boolean(
        "High Value",
        compute="_compute_is_high_value",
        search="_search_is_high_value",
        groups="base.group_user",
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
        return Domain("expected_revenue", ">=", self._get_high_value_threshold())

    # === CONSTRAINT METHODS === #

    @api.constrains("revenue_low", "revenue_high")
    def _check_revenue_range(self):
        for lead in self:
            if not is_ordered_range(lead.revenue_low, lead.revenue_high):
                raise ValidationError(
                    self.env._(
                        "The lowest revenue of “%(lead)s” is above its highest.",
                        lead=lead.name,
                    )
                )

    # === BUSINESS METHODS === #

    @api.model
    def _get_high_value_threshold(self):
        return float(self._get_opportunity_setting("high_value", HIGH_VALUE_DEFAULT))

    @api.model
    def _get_checked_amounts(self):
        return [*super()._get_checked_amounts(), "revenue_low", "revenue_high"]

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

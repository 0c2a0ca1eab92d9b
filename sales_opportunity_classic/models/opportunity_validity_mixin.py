from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.validity import is_plausible_date


class OpportunityValidityMixin(models.AbstractModel):
    """Refuses amounts and dates that cannot be true, with a message that names them.

    Each feature adds its fields with ``_get_checked_amounts`` and
    ``_get_checked_dates``. Amounts are in the currency of the opportunity's company.
    """

    _name = "opportunity.validity.mixin"
    _description = "Valid Amounts and Dates"
    _inherit = ["opportunity.number.mixin"]

    # Odoo's own field of the opportunity: amounts name their currency.
    company_currency = fields.Many2one("res.currency")

    @api.model
    def _get_checked_amounts(self):
        """Names of the amounts that are never negative."""
        return []

    @api.model
    def _get_checked_dates(self):
        return ["date_deadline"]

    # === CONSTRAINT METHODS === #

    @api.constrains(lambda self: self._get_checked_amounts())
    def _check_no_negative_amount(self):
        for name in self._get_checked_amounts():
            if negative := self.filtered(lambda lead, name=name: lead[name] < 0):
                raise ValidationError(
                    self.env._(
                        "%(field)s of “%(lead)s” cannot be negative.",
                        field=self._fields[name]._description_string(self.env),
                        lead=negative[0].name,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_amounts(vals)
            self._check_plausible_dates(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_amounts(vals)
        self._check_plausible_dates(vals)
        return super().write(vals)

    @api.model
    def _check_amounts(self, vals):
        self._check_numbers(vals, ("expected_revenue", *self._get_checked_amounts()))

    @api.model
    def _check_plausible_dates(self, vals):
        """Refuse what people write, not what is recomputed: records with an
        impossible date of the past stay usable."""
        for name in self._get_checked_dates():
            if not self._is_date_accepted(vals.get(name)):
                raise ValidationError(
                    self.env._(
                        "%(field)s: “%(value)s” is no date with a possible year.",
                        field=self._fields[name]._description_string(self.env),
                        value=vals[name],
                    )
                )

    @api.model
    def _is_date_accepted(self, value):
        try:
            return is_plausible_date(fields.Date.to_date(value))
        except (TypeError, ValueError):
            return False

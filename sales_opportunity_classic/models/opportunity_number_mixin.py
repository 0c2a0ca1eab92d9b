from odoo import api, models
from odoo.exceptions import ValidationError

from ..tools.validity import AMOUNT_DIGITS, is_amount


class OpportunityNumberMixin(models.AbstractModel):
    """Refuses what is no number before the ORM converts it, with a message."""

    _name = "opportunity.number.mixin"
    _description = "Valid Numbers"

    @api.model
    def _check_numbers(self, vals, names):
        """Refuse texts, infinities, NaN and far too large numbers in ``vals``.

        :param names: the fields to look at
        """
        for name in names:
            if not is_amount(vals.get(name)):
                raise ValidationError(
                    self.env._(
                        "%(field)s must be a number of at most %(digits)s digits, "
                        "not “%(value)s”.",
                        field=self._fields[name]._description_string(self.env),
                        digits=AMOUNT_DIGITS,
                        value=vals[name],
                    )
                )

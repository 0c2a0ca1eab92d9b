from itertools import count

from odoo import models
from odoo.fields import Domain


class OpportunityCopyMixin(models.AbstractModel):
    """Something with a name that people duplicate: each copy has a name of its own."""

    _name = "opportunity.copy.mixin"
    _description = "Names of Copies"

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        if "name" in (default or {}):
            return vals_list
        others = self.with_context(active_test=False).search(Domain.TRUE)
        taken = set(others.mapped("name"))
        for record, vals in zip(self, vals_list, strict=True):
            vals["name"] = record._find_free_name(taken)
            taken.add(vals["name"])
        return vals_list

    def _find_free_name(self, taken):
        name = self.env._("%s (copy)", self.name)
        numbers = count(2)
        while name in taken:
            name = self.env._(
                "%(name)s (copy %(number)s)", name=self.name, number=next(numbers)
            )
        return name

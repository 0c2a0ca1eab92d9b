from functools import partial

from odoo import api, models
from odoo.fields import Domain


class OpportunityDomainAccessMixin(models.AbstractModel):
    """Rights that are more than an opportunity's: what the user may read is a domain.

    The concrete model says what may be read (``_get_readable_domain``) and narrows
    that down for other operations (``_filter_operation``). Searching and checking ask
    the same, so that both always agree.
    """

    _name = "opportunity.domain.access.mixin"
    _description = "Access by a Domain"

    # === CRUD METHODS === #

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if not any(self._ids):
            return result
        refused = result[0] if result else self.browse()
        records = self - refused
        refused += records - records._get_allowed(operation)
        if not refused:
            return None
        return refused, result[1] if result else partial(
            self.env["ir.rule"]._make_access_error, operation, refused
        )

    @api.model
    def _search(
        self, domain, offset=0, limit=None, order=None, *, bypass_access=False, **kwargs
    ):
        if not (self.env.su or bypass_access):
            domain = Domain(domain) & self._get_readable_domain()
        return super()._search(
            domain, offset, limit, order, bypass_access=bypass_access, **kwargs
        )

    # === BUSINESS METHODS === #

    def _get_allowed(self, operation):
        """Return the records with which the user may do this."""
        records = self.with_context(active_test=False)
        allowed = records.search(Domain("id", "in", self.ids)).with_env(self.env)
        return allowed if operation == "read" else allowed._filter_operation(operation)

    def _filter_operation(self, operation):
        """Return those of the readable records with which the user may do this."""
        return self

    @api.model
    def _get_readable_domain(self):
        """Return the domain of all records that the user may read."""
        return Domain.TRUE

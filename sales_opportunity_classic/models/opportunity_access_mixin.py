from contextlib import suppress
from functools import partial

from odoo import api, models
from odoo.exceptions import MissingError
from odoo.fields import Domain
from odoo.tools.constants import PREFETCH_MAX


def is_few(ids):
    """Tell whether these are ids, and no more than the ORM reads at once."""
    return len(ids) <= PREFETCH_MAX and all(type(id_) is int for id_ in ids)


class OpportunityAccessMixin(models.AbstractModel):
    """Rows that belong to one opportunity and follow its access rights.

    The concrete model has a required ``lead_id``. Reading a row needs reading its
    opportunity; creating, changing or deleting it needs writing the opportunity,
    both on top of the model's own access rights. Whatever widens or narrows the
    access to opportunities is thus in force for the rows at once, and so is the
    setting on who may edit closed ones.
    """

    _name = "opportunity.access.mixin"
    _description = "Access of the Opportunity"

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if not any(self._ids):
            return result
        refused = result[0] if result else self.browse()
        refused += (self - refused)._get_rows_of_forbidden_leads(operation)
        if not refused:
            return None
        return refused, result[1] if result else partial(
            self.env["ir.rule"]._make_access_error, operation, refused
        )

    def _get_rows_of_forbidden_leads(self, operation):
        # sudo: the row's own access was checked before, here only its opportunity's
        rows = self.sudo()
        leads = rows.lead_id.sudo(False)
        allowed = leads._filtered_access("read" if operation == "read" else "write")
        return rows.filtered(lambda row: row.lead_id not in allowed).sudo(False)

    @api.model_create_multi
    def create(self, vals_list):
        # Before anything else: constraints would name what the user may not see.
        default = self.env.context.get("default_lead_id")
        leads = [vals.get("lead_id", default) for vals in vals_list]
        leads = {lead_id for lead_id in leads if lead_id and type(lead_id) is int}
        self.env["crm.lead"].browse(leads).check_access("write")
        rows = super().create(vals_list)
        rows.lead_id._check_closed_edit()
        return rows

    def write(self, vals):
        if vals.get("lead_id"):
            self.env["crm.lead"].browse(vals["lead_id"]).check_access("write")
        self.lead_id._check_closed_edit()
        result = super().write(vals)
        if "lead_id" in vals:
            # The new opportunity must be the user's to change as well.
            self.check_access("write")
            self.lead_id._check_closed_edit()
        return result

    def unlink(self):
        self.lead_id._check_closed_edit()
        return super().unlink()

    @api.model
    def _search(
        self, domain, offset=0, limit=None, order=None, *, bypass_access=False, **kwargs
    ):
        if not (self.env.su or bypass_access):
            domain = self._get_readable_domain(Domain(domain))
        return super()._search(
            domain, offset, limit, order, bypass_access=bypass_access, **kwargs
        )

    @api.model
    def _get_readable_domain(self, domain):
        """Return ``domain`` among the rows of opportunities that the user may read.

        The lists on an opportunity's form name it alone: it is in memory already and
        checked there, which spares each list a sub-query.
        """
        Lead = self.env["crm.lead"]
        match list(domain):
            case [("lead_id", "in", list() as ids)] | [
                "&",
                ("lead_id", "in", list() as ids),
                tuple(),
            ] if is_few(ids):
                with suppress(MissingError):
                    readable = Lead.browse(ids)._filtered_access("read")
                    return domain & Domain("lead_id", "in", readable.ids)
        readable = Lead._search(Domain.TRUE, active_test=False)
        return domain & Domain("lead_id", "in", readable)

    def _fetch_query(self, query, fields):
        """Read rows whole: after an opportunity's list of them comes what it shows."""
        alone = [field.name for field in fields] == ["lead_id"]
        if alone and self.env.context.get("prefetch_fields", True):
            fields = self._determine_fields_to_fetch()
        return super()._fetch_query(query, fields)

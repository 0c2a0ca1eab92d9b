from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..tools.row_lock import hold_rows


class OpportunityDuplicateGuardMixin(models.AbstractModel):
    """Two salespeople should not sell to the same customer without knowing it.

    By setting nothing happens, the form warns, or the second open opportunity of a
    customer (its commercial entity) with another salesperson is refused.
    """

    _name = "opportunity.duplicate.guard.mixin"
    _description = "Duplicate Guard"
    _inherit = ["opportunity.settings.mixin"]

    duplicate_user_ids = fields.Many2many(
        "res.users",
        string="Salespeople on the Same Customer",
        compute="_compute_duplicate_user_ids",
        groups="base.group_user",
        help="Other salespeople who have an open opportunity with this customer.",
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "partner_id.commercial_partner_id",
        "user_id",
        "type",
        "won_status",
        "company_id",
    )
    @api.depends_context("uid")
    def _compute_duplicate_user_ids(self):
        self.duplicate_user_ids = False
        if self._get_duplicate_guard() != "none":
            for lead, duplicates in self._get_guarded_duplicates().items():
                lead.duplicate_user_ids = duplicates.user_id

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        if self._is_duplicate_blocked():
            leads._check_no_duplicate()
        return leads

    def write(self, vals):
        if not self._is_duplicate_blocked():
            return super().write(vals)
        deals = self._get_guarded_deals()
        result = super().write(vals)
        # What was a duplicate before, the gateway's for instance, stays usable.
        new_deals = self._get_guarded_deals()
        self.filtered(
            lambda lead: new_deals.get(lead.id) != deals.get(lead.id)
        )._check_no_duplicate()
        return result

    # === BUSINESS METHODS === #

    @api.model
    def _get_duplicate_guard(self):
        """Return the setting: ``none``, ``warn`` or ``block``."""
        return self._get_opportunity_setting("duplicate_guard", "none")

    @api.model
    def _is_duplicate_blocked(self):
        """Tell whether duplicates are refused: only what a person does can be."""
        return self._get_duplicate_guard() == "block" and self._is_act_of_person()

    def _check_no_duplicate(self):
        self._lock_customers()
        for lead, duplicates in self._get_guarded_duplicates().items():
            raise ValidationError(
                self.env._(
                    "“%(lead)s” is refused: %(customer)s already has an open "
                    "opportunity with %(users)s.",
                    lead=lead.name,
                    customer=duplicates[0].partner_id.commercial_partner_id.name,
                    users=", ".join(duplicates.user_id.mapped("name")),
                )
            )

    @api.model
    def _check_no_duplicate_of_contacts(self, contacts):
        """Refuse contacts that just became part of another salesperson's customer."""
        # sudo: opportunities that the user may not see count as well
        leads = self.sudo().search(
            self._get_visible_deals_domain()
            & Domain("partner_id", "child_of", contacts.ids)
        )
        leads = leads.sudo(self.env.su)
        leads._lock_customers()
        for duplicates in leads._get_guarded_duplicates().values():
            raise ValidationError(
                self.env._(
                    "%(contacts)s cannot become part of %(customer)s, which already "
                    "has an open opportunity with %(users)s.",
                    contacts=", ".join(contacts.mapped("name")),
                    customer=duplicates[0].partner_id.commercial_partner_id.name,
                    users=", ".join(duplicates.user_id.mapped("name")),
                )
            )

    def _lock_customers(self):
        """Let nobody else open an opportunity with these customers meanwhile."""
        if customers := self._get_guarded()._get_customers():
            self.env.cr.execute(hold_rows(customers._table, customers.ids))

    def _get_guarded(self):
        # sudo: the salesperson may not see the contact or each field of the guard
        return self.sudo().filtered_domain(self._get_guarded_domain())

    def _get_customers(self):
        return self.partner_id.commercial_partner_id

    def _get_guarded_deals(self):
        """Return {id: what decides on duplicates} of the guarded opportunities."""
        return {
            lead.id: (lead._get_customers(), lead.user_id, lead.company_id)
            for lead in self._get_guarded()
        }

    def _get_guarded_duplicates(self):
        """Return {opportunity: open opportunities of its customer with others}.

        These are superuser records: tell their salespeople, nothing more.
        """
        guarded = self._get_guarded()
        others = guarded.search(
            self._get_visible_deals_domain()
            & Domain(
                "partner_id.commercial_partner_id", "in", guarded._get_customers().ids
            )
        )
        found = {
            lead.sudo(self.env.su): others.filtered(lead._is_duplicated_by)
            for lead in guarded
        }
        return {lead: duplicates for lead, duplicates in found.items() if duplicates}

    @api.model
    def _get_visible_deals_domain(self):
        """Guarded opportunities of the user's companies: others are not to be named."""
        domain = self._get_guarded_domain()
        if self.env.su:
            return domain
        companies = self.env.user.company_ids
        return domain & Domain("company_id", "in", [*companies.ids, False])

    @api.model
    def _get_guarded_domain(self):
        return (
            Domain("type", "=", "opportunity")
            & Domain("won_status", "=", "pending")
            & Domain("active", "=", True)
            & Domain("user_id", "!=", False)
            & Domain("partner_id", "!=", False)
        )

    def _is_duplicated_by(self, other):
        """Tell whether ``other`` is another salesperson's deal with our customer."""
        return (
            other.id != self._origin.id
            and other.user_id != self.user_id
            and self._shares_company_with(other)
            and other._get_customers() == self._get_customers()
        )

    def _shares_company_with(self, other):
        """Tell whether the companies may meet; without one it belongs to each."""
        return (
            not (self.company_id and other.company_id)
            or self.company_id == other.company_id
        )

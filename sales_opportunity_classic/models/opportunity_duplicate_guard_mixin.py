from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


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

    @api.depends("partner_id", "user_id", "type", "won_status", "company_id")
    def _compute_duplicate_user_ids(self):
        self.duplicate_user_ids = False
        if self._get_duplicate_guard() != "none":
            for lead, duplicates in self._get_guarded_duplicates().items():
                lead.duplicate_user_ids = duplicates.user_id

    # === CONSTRAINT METHODS === #

    @api.constrains("partner_id", "user_id", "type", "won_status", "company_id")
    def _check_no_duplicate(self):
        if self._get_duplicate_guard() != "block":
            return
        for lead, duplicates in self._get_guarded_duplicates().items():
            raise ValidationError(
                self.env._(
                    "“%(lead)s” is refused: %(customer)s already has an open "
                    "opportunity with %(users)s.",
                    lead=lead.name,
                    customer=lead.partner_id.commercial_partner_id.name,
                    users=", ".join(duplicates.user_id.mapped("name")),
                )
            )

    # === BUSINESS METHODS === #

    @api.model
    def _get_duplicate_guard(self):
        """Return the setting: ``none``, ``warn`` or ``block``."""
        return self._get_opportunity_setting("duplicate_guard", "none")

    def _get_guarded_duplicates(self):
        """Return {opportunity: open opportunities of its customer with others}.

        These are superuser records: tell their salespeople, nothing more.
        """
        guarded = self.filtered_domain(self._get_guarded_domain())
        customers = guarded.partner_id.commercial_partner_id
        # sudo: the guard is for opportunities that the salesperson may not see
        others = self.sudo().search(
            self._get_guarded_domain()
            & Domain("partner_id.commercial_partner_id", "in", customers.ids)
        )
        found = {lead: others.filtered(lead._is_duplicated_by) for lead in guarded}
        return {lead: duplicates for lead, duplicates in found.items() if duplicates}

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
            and other.company_id in (self.company_id, other.company_id.browse())
            and other.partner_id.commercial_partner_id
            == self.partner_id.commercial_partner_id
        )

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

DUPLICATE_GUARD_PARAMETER = "sales_opportunity_classic.duplicate_guard"


class OpportunityDuplicateGuardMixin(models.AbstractModel):
    """Two salespeople should not sell to the same company without knowing it.

    By setting nothing happens, the form warns, or the second open opportunity of a
    customer (its commercial entity) with another salesperson is refused.
    """

    _name = "opportunity.duplicate.guard.mixin"
    _description = "Duplicate Guard"

    rival_user_ids = fields.Many2many(
        "res.users",
        string="Salespeople on the Same Customer",
        compute="_compute_rival_user_ids",
        help="Other salespeople who have an open opportunity with this customer.",
    )

    # === COMPUTE METHODS === #

    @api.depends("partner_id", "user_id", "type", "won_status", "company_id")
    def _compute_rival_user_ids(self):
        self.rival_user_ids = False
        if self._get_duplicate_guard() != "none":
            for lead, rivals in self._get_rivals().items():
                lead.rival_user_ids = rivals.user_id

    # === CONSTRAINT METHODS === #

    @api.constrains("partner_id", "user_id", "type", "won_status", "company_id")
    def _check_no_rival(self):
        if self._get_duplicate_guard() != "block":
            return
        for lead, rivals in self._get_rivals().items():
            raise ValidationError(
                self.env._(
                    "“%(lead)s” cannot be opened: %(users)s already has an open "
                    "opportunity with %(customer)s.",
                    lead=lead.name,
                    users=", ".join(rivals.user_id.mapped("name")),
                    customer=lead.partner_id.commercial_partner_id.name,
                )
            )

    # === BUSINESS METHODS === #

    @api.model
    def _get_duplicate_guard(self):
        """Return the setting: ``none``, ``warn`` or ``block``."""
        # sudo: a setting that everybody obeys, readable by administrators
        parameters = self.env["ir.config_parameter"].sudo()
        return parameters.get_param(DUPLICATE_GUARD_PARAMETER, "none")

    def _get_rivals(self):
        """Return {opportunity: open opportunities of its customer with others}.

        The rivals are superuser records: tell their salespeople, nothing more.
        """
        guarded = self.filtered_domain(self._get_guarded_domain())
        # sudo: the guard is for opportunities that the salesperson may not see
        rivals = self.sudo().search(
            self._get_guarded_domain()
            & Domain(
                "partner_id.commercial_partner_id",
                "in",
                guarded.partner_id.commercial_partner_id.ids,
            )
        )
        found = {lead: rivals.filtered(lead._is_rival) for lead in guarded}
        return {lead: others for lead, others in found.items() if others}

    @api.model
    def _get_guarded_domain(self):
        return (
            Domain("type", "=", "opportunity")
            & Domain("won_status", "=", "pending")
            & Domain("active", "=", True)
            & Domain("user_id", "!=", False)
            & Domain("partner_id", "!=", False)
        )

    def _is_rival(self, other):
        """Tell whether ``other`` is another salesperson's deal with our customer."""
        return (
            other.id != self._origin.id
            and other.user_id != self.user_id
            and other.company_id in (self.company_id, other.company_id.browse())
            and other.partner_id.commercial_partner_id
            == self.partner_id.commercial_partner_id
        )

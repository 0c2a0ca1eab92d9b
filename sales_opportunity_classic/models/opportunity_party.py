from odoo import api, fields, models
from odoo.exceptions import ValidationError


class OpportunityParty(models.Model):
    """A company or person that takes part in an opportunity besides its contact.

    It follows the opportunity's access rights and is handed over when opportunities
    are merged. No constraint of the database names the partner: merging two contacts
    that both take part must not delete a row.
    """

    _name = "opportunity.party"
    _description = "Party of an Opportunity"
    _inherit = ["opportunity.access.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    lead_id = fields.Many2one(
        "crm.lead", "Opportunity", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(related="lead_id.company_id")
    partner_id = fields.Many2one(
        "res.partner",
        "Contact",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    role_id = fields.Many2one(
        "opportunity.party.role", index="btree_not_null", ondelete="restrict"
    )
    influence = fields.Selection(
        [("low", "Low"), ("medium", "Medium"), ("high", "High")],
        help="How much this person's word weighs in the decision.",
    )
    note = fields.Char()
    email = fields.Char(related="partner_id.email")
    phone = fields.Char(related="partner_id.phone")

    # === COMPUTE METHODS === #

    @api.depends("partner_id", "role_id")
    def _compute_display_name(self):
        for party in self:
            names = (party.partner_id.display_name, party.role_id.name)
            party.display_name = ", ".join(filter(None, names))

    # === CONSTRAINT METHODS === #

    @api.constrains("lead_id", "partner_id", "role_id")
    def _check_party_once(self):
        twice = self._read_group(
            [("lead_id", "in", self.lead_id.ids)],
            ["lead_id", "partner_id", "role_id"],
            ["id:recordset"],
            having=[("__count", ">", 1)],
        )
        for lead, partner, __, parties in twice:
            if not parties & self:
                continue
            raise ValidationError(
                self.env._(
                    "%(partner)s already takes part in “%(lead)s” with this role.",
                    partner=partner.display_name,
                    lead=lead.name,
                )
            )

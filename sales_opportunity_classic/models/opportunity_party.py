from odoo import api, fields, models


class OpportunityParty(models.Model):
    """A company or person that takes part in an opportunity besides its contact.

    It follows the opportunity's access rights and is handed over when opportunities
    are merged. Contacts that are merged become one party where they have the same
    role. A contact that takes part is not deleted.
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
        ondelete="restrict",
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

    _party_uniq = models.UniqueIndex(
        "(lead_id, partner_id, COALESCE(role_id, 0))",
        "A contact takes part in an opportunity once with the same role. Give it "
        "another role, or remove one of the two.",
    )

    # === COMPUTE METHODS === #

    @api.depends("partner_id", "role_id")
    def _compute_display_name(self):
        for party in self:
            names = (party.partner_id.display_name, party.role_id.name)
            party.display_name = ", ".join(filter(None, names))

    # === BUSINESS METHODS === #

    def _merge_same_role(self):
        """Make one of the parties that have the same role in an opportunity; it keeps
        what was noted on any of them."""
        by_role = self.grouped(lambda party: (party.lead_id, party.role_id))
        for kept, *others in by_role.values():
            if others:
                same = kept.union(*others)
                kept.write(
                    {
                        "influence": next(
                            filter(None, same.mapped("influence")), False
                        ),
                        "note": ", ".join(filter(None, same.mapped("note"))),
                    }
                )
                (same - kept).unlink()

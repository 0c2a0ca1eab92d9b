from odoo import fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    """A contact that knows every opportunity it takes part in."""

    _inherit = "res.partner"

    opportunity_party_ids = fields.One2many(
        "opportunity.party",
        "partner_id",
        string="Takes Part In",
        groups="sales_team.group_sale_salesman",
    )

    def _get_contact_opportunities_domain(self):
        """Odoo's opportunities of the contact, and those it takes part in."""
        partners = self._fetch_children_partners_for_hierarchy()
        parties = Domain("party_ids.partner_id", "in", partners.ids)
        return Domain(super()._get_contact_opportunities_domain()) | parties

    def _compute_opportunity_count(self):
        """Count each opportunity once, as its contact or as a party."""
        super()._compute_opportunity_count()
        if not self.env.user.has_group("sales_team.group_sale_salesman"):
            return
        for partner, leads in self._get_party_leads().items():
            partner.opportunity_count += len(leads)

    def _get_party_leads(self):
        """Return {contact: leads where it or its people are a party only}."""
        partners = self._fetch_children_partners_for_hierarchy()
        parties = self.env["opportunity.party"].search(
            [("partner_id", "in", partners.ids)]
        )
        found = dict.fromkeys(self, self.env["crm.lead"])
        for party in parties:
            for partner in party.partner_id._get_with_parents() & self:
                if partner not in party.lead_id.partner_id._get_with_parents():
                    found[partner] |= party.lead_id
        return found

    def _get_with_parents(self):
        """Return the contact and all contacts above it."""
        partners = self
        while parent := partners[-1:].parent_id - partners:
            partners += parent
        return partners

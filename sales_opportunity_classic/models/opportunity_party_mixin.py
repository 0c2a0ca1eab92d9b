from odoo import fields, models
from odoo.fields import Command


class OpportunityPartyMixin(models.AbstractModel):
    """All companies and people of an opportunity; Odoo's contact stays the first."""

    _name = "opportunity.party.mixin"
    _description = "Parties"

    party_ids = fields.One2many(
        "opportunity.party",
        "lead_id",
        string="Contacts",
        groups="base.group_user",
        copy=True,
    )

    # === ACTION METHODS === #

    def action_open_contact(self):
        """Return the form of the opportunity's contact."""
        self.ensure_one()
        return self.partner_id.get_formview_action()

    # === BUSINESS METHODS === #

    def _merge_get_fields_specific(self):
        return {
            **super()._merge_get_fields_specific(),
            "party_ids": lambda fname, leads: leads._prepare_merged_parties(),
        }

    def _prepare_merged_parties(self):
        """Return the commands that give the first one the parties of all, once for
        the same partner in the same role. Copies: merged ones may live on."""
        # sudo: whom the user may not see has a company as well
        partners = self.sudo().party_ids.partner_id
        # the first company that is given prevails, as for Odoo
        partners = partners.filtered_domain(
            partners._check_company_domain(self.company_id[:1])
        )
        parties = self.party_ids.filtered(lambda party: party.partner_id in partners)
        by_role = parties.grouped(lambda party: (party.partner_id, party.role_id))
        return [
            Command.create(same[0].copy_data()[0])
            for same in by_role.values()
            if self[0] not in same.lead_id
        ]

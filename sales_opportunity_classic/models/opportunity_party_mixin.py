from odoo import fields, models
from odoo.fields import Command


class OpportunityPartyMixin(models.AbstractModel):
    """All companies and people of an opportunity; Odoo's contact stays the first."""

    _name = "opportunity.party.mixin"
    _description = "Parties"

    party_ids = fields.One2many(
        "opportunity.party", "lead_id", string="Contacts", copy=True
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
        parties = self.party_ids.grouped(
            lambda party: (party.partner_id, party.role_id)
        )
        return [
            Command.create(same[0].copy_data()[0])
            for same in parties.values()
            if self[0] not in same.lead_id
        ]

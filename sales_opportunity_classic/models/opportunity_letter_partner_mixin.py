from odoo import models

from ..tools.letters.merging import Value


class OpportunityLetterPartnerMixin(models.AbstractModel):
    """Letters to a contact that are about no opportunity."""

    _name = "opportunity.letter.partner.mixin"
    _inherit = ["opportunity.letter.mixin"]
    _description = "Letters to Contacts"

    # === CRUD METHODS === #

    def unlink(self):
        # The database deletes a contact's letters; not those about an opportunity.
        # sudo: whoever deletes a contact need not see the opportunities
        letters = self.env["opportunity.letter"].sudo()
        about = [("partner_id", "in", self.ids), ("lead_id", "!=", False)]
        letters.search(about).partner_id = False
        return super().unlink()

    # === WHO === #

    def _get_letter_contact(self):
        return self

    def _get_letter_salesperson(self):
        return self.user_id or self.env.user

    def _get_letter_company(self):
        return self.company_id or self.env.company

    # === VALUES === #

    def _get_letter_value(self, letter_fields, key):
        if key not in letter_fields:
            tell = self._in_reader_lang().env
            others = tell["crm.lead"]._get_letter_fields()
            if key in others:
                return Value(
                    reason=tell._(
                        "Only opportunities have “%(group)s: %(field)s”",
                        group=others[key].group,
                        field=others[key].label,
                    )
                )
        return super()._get_letter_value(letter_fields, key)

    def _prepare_letter_owner(self):
        return {"partner_id": self.id}

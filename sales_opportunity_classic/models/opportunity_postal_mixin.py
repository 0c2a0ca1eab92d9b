from odoo import models

from ..tools.printing.address import Address
from ..tools.printing.fitting import clean


class OpportunityPostalMixin(models.AbstractModel):
    """Something that is written to: it knows the postal address of whom it is with.

    Lives on contacts and opportunities. The address is put together by Odoo, in the
    format of its country.
    """

    _name = "opportunity.postal.mixin"
    _description = "Postal Address Mixin"

    def _get_postal_addresses(self, kind="contact"):
        """Return an :class:`Address` per record: of the contact, their company, or
        where they have goods delivered (kind contact, company, delivery)."""
        partners = self._get_postal_partners(kind)
        return [
            self._make_postal_address(record.id, partner)
            for record, partner in zip(self, partners, strict=True)
        ]

    def _get_postal_partners(self, kind):
        """Return a contact per record, in their order."""
        raise NotImplementedError

    def _choose_postal_partner(self, partner, kind):
        """Return the contact of a kind that gets the post of a contact."""
        if kind == "company":
            return partner.commercial_partner_id
        if kind == "delivery" and isinstance(partner.id, int):
            return partner.browse(partner.address_get(["delivery"])["delivery"])
        return partner

    def _make_postal_address(self, record_id, partner):
        name = clean(partner.name or partner.parent_id.name or "")
        company = clean(partner.commercial_company_name or "")
        return Address(
            record_id,
            (name,) if name else (),
            company if company != name else "",
            self._get_address_lines(partner),
            partner.zip or "",
            partner.commercial_partner_id if partner.commercial_company_name else None,
            tuple(self._find_missing(partner, name)),
            partner._get_country_name(),
        )

    def _get_address_lines(self, partner):
        """Return the lines below the names, in the format of the country."""
        lines = partner._display_address(without_company=True).splitlines()
        return tuple(filter(None, map(clean, lines)))

    def _find_missing(self, partner, name):
        """Return the fields without which nothing can be delivered."""
        country = partner.country_id
        needed = {
            "name": name,
            "street": partner.street or partner.street2,
            "zip": partner.zip or (country and not country.zip_required),
            "city": partner.city,
            "state_id": partner.state_id or not country.state_required,
        }
        return [field for field, value in needed.items() if not value]

    def _get_sender_lines(self):
        """Return name, street and city of the company one works for."""
        partner = self.env.company.partner_id
        # sudo: everybody in the company may know its address
        partner = partner.sudo()
        lines = self._get_address_lines(partner)
        if partner.country_id and lines[-1:] == (clean(partner.country_id.name),):
            lines = lines[:-1]
        return (clean(partner.name), *lines)

from typing import NamedTuple

from odoo import api, models

from ..tools.printing.address import Address
from ..tools.printing.fitting import clean


class PostalOrigin(NamedTuple):
    """From where post is sent: the language in which countries are named there, and
    the country that is not named, if any. In the context as an object, so that no
    client sends it."""

    lang: str
    unnamed: object = None


class OpportunityPostalMixin(models.AbstractModel):
    """Something that is written to: it knows the postal address of whom it is with.

    Lives on contacts and opportunities. The address is put together by Odoo, in the
    format of its country. The country itself is for the post that takes the letter in,
    so it is named in the language of the sending company (Universal Postal Union,
    Convention Manual, article 17-107: "in the language of the country of origin"). On
    post within a country it may be left out, by setting; Odoo names it.
    """

    _name = "opportunity.postal.mixin"
    _inherit = ["opportunity.settings.mixin"]
    _description = "Postal Address Mixin"

    def _get_postal_addresses(self, kind="contact"):
        """Return an :class:`Address` per record: of the contact, their company, or
        where they have goods delivered (kind contact, company, delivery)."""
        partners = self._get_postal_partners(kind)
        companies = [record.company_id or self.env.company for record in self]
        origins = {company: self._get_postal_origin(company) for company in companies}
        return [
            self._make_postal_address(record.id, partner, origins[company])
            for record, partner, company in zip(self, partners, companies, strict=True)
        ]

    @api.model
    def _get_postal_origin(self, company):
        """Return from where a company sends its post."""
        # sudo: everybody may know the country and language of a company
        partner = company.sudo().partner_id
        hidden = self._get_opportunity_setting("no_domestic_country")
        country = partner.country_id.sudo(False) if hidden else None
        return PostalOrigin(partner.lang or self.env.lang, country)

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

    def _make_postal_address(self, record_id, partner, origin):
        partner = partner.with_context(opportunity_postal_origin=origin)
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
        origin = PostalOrigin(self.env.lang, partner.country_id)
        partner = partner.with_context(opportunity_postal_origin=origin)
        return (clean(partner.name), *self._get_address_lines(partner))

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .opportunity_postal_mixin import PostalOrigin


class ResPartner(models.Model):
    """A contact that knows every opportunity it takes part in, with custom tabs."""

    _name = "res.partner"
    _inherit = [
        "opportunity.custom.view.mixin",
        "opportunity.custom.value.mixin",
        "opportunity.file.box.mixin",
        "opportunity.letter.partner.mixin",
        "opportunity.sequence.partner.mixin",
        "opportunity.postal.mixin",
        "opportunity.timeline.partner.mixin",
        "opportunity.tracking.mixin",
        "opportunity.subscription.partner.mixin",
        "res.partner",
    ]

    _no_tracking_idx = models.Index("(id) WHERE opportunity_no_tracking")

    # === CRUD METHODS === #

    def write(self, vals):
        Lead = self.env["crm.lead"]
        moves = vals.keys() & {"parent_id", "is_company"}
        if not moves or not Lead._is_duplicate_blocked():
            return super().write(vals)
        customers = {contact: contact.commercial_partner_id for contact in self}
        result = super().write(vals)
        Lead._check_no_duplicate_of_contacts(
            self.filtered(lambda x: x.commercial_partner_id != customers[x])
        )
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_party(self):
        # sudo: also opportunities that the user may not see need the contact
        parties = self.env["opportunity.party"].sudo()
        if parties := parties.search([("partner_id", "in", self.ids)]):
            raise UserError(
                self.env._(
                    "%(contacts)s: takes part in opportunities. Archive instead of "
                    "deleting, so that the opportunities keep their people.",
                    contacts=", ".join(parties.partner_id.mapped("name")),
                )
            )

    # === BUSINESS METHODS === #

    @api.model
    def _get_custom_names_asked(self, vals_list):
        """Only forms that show a field ask for it: contacts are also made on the way,
        with a user, a company, or out of a mail."""
        given = set().union(*vals_list)
        return super()._get_custom_names_asked(vals_list).keys() & given

    def _get_contact_opportunities_domain(self):
        """Odoo's opportunities of the contact, and those it takes part in."""
        partners = self._fetch_children_partners_for_hierarchy()
        parties = Domain("party_ids.partner_id", "in", partners.ids)
        return Domain(super()._get_contact_opportunities_domain()) | parties

    def _compute_opportunity_count(self):
        """Add to Odoo's count, by contact, the opportunities where the contact or its
        people are a party only: each counts once, for all contacts above as well."""
        super()._compute_opportunity_count()
        if not self.env.user.has_group("sales_team.group_sale_salesman"):
            return
        partners = self._fetch_children_partners_for_hierarchy()
        parties = self.env["opportunity.party"].search(
            [("partner_id", "in", partners.ids)]
        )
        for lead, people in parties.grouped("lead_id").items():
            counted = lead.partner_id._get_with_parents()
            for partner in (people.partner_id._get_with_parents() - counted) & self:
                partner.opportunity_count += 1

    def _get_with_parents(self):
        """Return the contacts and all contacts above them."""
        partners = self
        while parents := partners.parent_id - partners:
            partners += parents
        return partners

    def _get_postal_partners(self, kind):
        return [self._choose_postal_partner(partner, kind) for partner in self]

    def _get_country_name(self):
        """Name the country as the post it is sent from reads it, or not at all."""
        origin = self.env.context.get("opportunity_postal_origin")
        if not isinstance(origin, PostalOrigin):
            return super()._get_country_name()
        if self.country_id == origin.unnamed:
            return ""
        partner = self.with_context(lang=origin.lang)
        return super(ResPartner, partner)._get_country_name()

    def _get_postal_number(self):
        """Return what a barcode says of the contact: its reference, where bars have
        room and signs for it."""
        reference = self.ref or ""
        fits = reference.isascii() and reference.isprintable() and len(reference) <= 30
        return reference if reference and fits else f"C{self.id:05}"

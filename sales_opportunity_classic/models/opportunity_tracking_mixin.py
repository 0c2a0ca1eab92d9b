from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import email_normalize_all


class OpportunityTrackingMixin(models.AbstractModel):
    """Contacts whose clicks are noted, unless they do not want it.

    Who does not is not tracked at any address, nor are the people of a company that
    does not. What was noted goes with the contact.
    """

    _name = "opportunity.tracking.mixin"
    _description = "Tracking of Contacts"

    opportunity_no_tracking = fields.Boolean(
        "Do Not Track",
        groups="base.group_user",
        help="Links in emails to this contact, and to the people of this company, are "
        "sent as they are: nobody notes what is clicked or opened.",
    )

    # Each email and each click asks for those few among all contacts.
    _no_tracking_idx = models.Index("(id) WHERE opportunity_no_tracking IS TRUE")

    # === CRUD METHODS === #

    def unlink(self):
        # sudo: written by the system alone
        Trace = self.env["opportunity.mail.trace"].sudo()
        addresses = [address for one in self for address in get_addresses(one)]
        traces = Trace.search(
            Domain("partner_id", "in", self.ids) | Domain("email", "in", addresses)
        )
        result = super().unlink()
        traces.unlink()
        return result

    # === BUSINESS METHODS === #

    @api.model
    def _find_trackable(self, copies, lead):
        """Return pairs of an email and whom it goes to: a contact, or an address.

        Emails to several people, to colleagues and to people who do not want it are
        left out.

        :param list copies: as ``_prepare_outgoing_list`` returns them
        """
        found = [(copy, self._find_recipient(copy, lead)) for copy in copies]
        refusing = self._find_refusing([person for __, person in found if person])
        return [
            (copy, person)
            for copy, person in found
            if person and person not in refusing
        ]

    @api.model
    def _find_recipient(self, copy, lead):
        """Return the one whom a copy goes to, if it is somebody from outside."""
        if copy["email_cc"] or not copy["body"]:
            return None
        person = copy["partner_id"]
        if not person:
            addresses = copy["email_to_normalized"]
            if len(addresses) != 1:
                return None
            contacts = self._search_by_address(addresses[0])
            person = lead.partner_id & contacts or contacts[:1] or addresses[0]
        is_outside = isinstance(person, str) or person.partner_share
        return person if is_outside else None

    @api.model
    def _search_by_address(self, address):
        # sudo: whoever sends may not know all contacts with the address
        contacts = self.env["res.partner"].sudo().with_context(active_test=False)
        return contacts.search([("email_normalized", "=", address)])

    @api.model
    def _find_refusing(self, people):
        """Return those of the contacts and addresses who do not want to be tracked."""
        families = {person: get_family(person) for person in people}
        asked = {address for person in people for address in get_addresses(person)}
        # sudo: whoever sends may not know all contacts with the address
        contacts = self.env["res.partner"].sudo().with_context(active_test=False)
        same = Domain.OR(Domain("email", "ilike", address) for address in asked)
        named = Domain(
            "id", "in", [one.id for all_ in families.values() for one in all_]
        )
        refusing = contacts.search(
            Domain("opportunity_no_tracking", "=", True) & (same | named)
        )
        # what is like an address may be another
        addresses = {address for one in refusing for address in get_addresses(one)}
        return {
            person
            for person, family in families.items()
            if addresses.intersection(get_addresses(person))
            or any(contact in refusing for contact in family)
        }


def get_addresses(person):
    """Return the addresses of a contact, or the one of somebody who is no contact."""
    return (
        [person] if isinstance(person, str) else email_normalize_all(person.email or "")
    )


def get_family(person):
    """Return a contact with all contacts above it, which speak for it."""
    # sudo: whoever sends may not know the company
    return [] if isinstance(person, str) else list(person.sudo()._get_with_parents())

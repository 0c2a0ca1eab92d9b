from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .opportunity_sequence_entry_mixin import RECORD_FIELDS
from .opportunity_sequence_stop_mixin import LIVE


class OpportunitySequencePersonMixin(models.AbstractModel):
    """Who is in a sequence: nobody twice at once, on whichever record.

    A person is a contact or, of an opportunity without one, an email address.
    """

    _name = "opportunity.sequence.person.mixin"
    _description = "People in a Sequence"

    @api.model
    def _get_free(self, sequence, records):
        """Return those of the records that may enter a sequence: they are not in it,
        nor is the person; of several with the same contact the first."""
        people = {record: _get_person(record) for record in records}
        enrolled, taken = self._get_taken(sequence, people)
        free = []
        for record, person in people.items():
            if record not in enrolled and person not in taken:
                free.append(record.id)
                taken.update(filter(None, [person]))
        return records.browse(free)

    @api.model
    def _get_taken(self, sequence, people):
        """Return which of {record: its person} are in a sequence: the records, and the
        people as a set."""
        own = RECORD_FIELDS[sequence.model]
        contacts = [one for one in people.values() if isinstance(one, int)]
        addresses = [one for one in people.values() if isinstance(one, str)]
        same = Domain(own, "in", [record.id for record in people])
        same |= Domain("partner_id", "in", contacts)
        same |= Domain("lead_id.email_normalized", "in", addresses)
        # sudo: a person is not in it twice, whoever enrolled them
        live = self.sudo().search(self._get_live_domain(sequence) & same)
        emails = live.lead_id.mapped("email_normalized")
        return live[own], {*live.partner_id.ids, *filter(None, emails)}

    @api.model
    def _get_live_domain(self, sequence):
        return Domain("sequence_id", "=", sequence.id) & Domain("state", "in", LIVE)

    def _check_not_enrolled(self):
        """Refuse a second time of the same record, or person, in a sequence."""
        for sequence, same in self.grouped("sequence_id").items():
            partners = same.partner_id
            others = Domain("lead_id", "in", same.lead_id.ids)
            others |= Domain("partner_id", "in", partners.ids)
            domain = self._get_live_domain(sequence) & others
            domain &= Domain("id", "not in", same.ids)
            twice = self.search(domain, limit=1)
            of_partners = same.filtered("partner_id")
            if twice or len(partners) < len(of_partners):
                record = twice or of_partners
                raise UserError(
                    self.env._(
                        "“%(record)s” is in the sequence “%(sequence)s” already.",
                        record=record[0].partner_id.name or record[0].lead_id.name,
                        sequence=sequence.name,
                    )
                )

    def _follow_contact(self):
        """Go on with the contacts that the opportunities have now."""
        for enrollment in self.filtered(lambda one: one.state in LIVE):
            contact = enrollment.lead_id.partner_id
            if contact == enrollment.partner_id:
                continue
            same = self._get_live_domain(enrollment.sequence_id)
            same &= Domain("partner_id", "=", contact.id)
            if contact and self.search_count(same, limit=1):
                enrollment._stop("merged")
            enrollment.partner_id = contact

    @api.model
    def _stop_same_person(self, partners):
        """Of enrolments of contacts that become one, stop all but the first that is
        live in each sequence."""
        live = self.search(
            [("partner_id", "in", partners.ids), ("state", "in", LIVE)], order="id"
        )
        for same in live.grouped("sequence_id").values():
            same[1:]._stop("merged")


def _get_person(record):
    contact = record._get_follow_up_contact()
    return contact.id or record.email_normalized

from odoo import api, fields, models
from odoo.fields import Domain

LIVE = ("active", "paused")


class OpportunitySequenceStopMixin(models.AbstractModel):
    """What ends enrolments by itself, and is asked again before each step.

    Whatever happens writes the enrolment, and so does the engine that holds it while it
    carries out a step. So one of the two is first, and the other one sees it.
    """

    _name = "opportunity.sequence.stop.mixin"
    _description = "Stopping of Enrolments"

    def _stop(self, reason, note=False):
        """End enrolments with their reason, as the system."""
        self.write(
            {
                "state": "stopped",
                "stop_reason": reason,
                "note": note,
                "date_end": fields.Datetime.now(),
                "is_waiting": False,
                "waiting_activity_id": False,
            }
        )

    @api.model
    def _stop_where(self, domain, reason, rule=None):
        """Stop the live enrolments of a domain.

        :param str rule: name of the field by which a sequence says whether it stops
        """
        domain = Domain(domain) & Domain("state", "in", LIVE)
        if rule:
            domain &= Domain(f"sequence_id.{rule}", "=", True)
        # sudo: it ends whoever may see it
        enrollments = self.sudo().search(domain)
        enrollments._stop(reason)
        return enrollments

    @api.model
    def _stop_same_person(self, partners):
        """Of enrolments of contacts that become one, stop all but the first that is
        live in each sequence."""
        live = self.search(
            [("partner_id", "in", partners.ids), ("state", "in", LIVE)], order="id"
        )
        for same in live.grouped("sequence_id").values():
            same[1:]._stop("merged")

    def _get_exits(self):
        """Return {enrolment: why it is over} of those that are."""
        exits = {}
        blocked = self._get_blocked_emails()
        met = self._get_met_leads()
        for enrollment in self:
            record, sequence = enrollment._get_record(), enrollment.sequence_id
            if reason := record._get_follow_up_exit(sequence):
                exits[enrollment] = reason
            elif enrollment._get_emails() & blocked:
                exits[enrollment] = "unsubscribed"
            elif enrollment.date_start < met.get(record, enrollment.date_start):
                exits[enrollment] = "meeting_booked"
        return exits

    def _get_emails(self):
        """Return the addresses that the sequence writes to, normalized."""
        record = self._get_record()
        emails = (
            record.email_normalized,
            record._get_follow_up_contact().email_normalized,
        )
        return set(filter(None, emails))

    def _get_blocked_emails(self):
        """Return which of the addresses are on the blacklist."""
        emails = set().union(*(enrollment._get_emails() for enrollment in self))
        blocked = self.env["mail.blacklist"].search([("email", "in", list(emails))])
        return set(blocked.mapped("email"))

    def _get_met_leads(self):
        """Return {opportunity: when the latest meeting about it was booked}."""
        leads = self.filtered("sequence_id.stop_on_meeting").lead_id
        groups = self.env["calendar.event"]._read_group(
            [("opportunity_id", "in", leads.ids)],
            ["opportunity_id"],
            ["create_date:max"],
        )
        return dict(groups)

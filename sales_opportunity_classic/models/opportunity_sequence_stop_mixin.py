from odoo import api, fields, models
from odoo.fields import Domain

LIVE = ("active", "paused")
ANSWERS = {"date_replied": "replied", "date_bounced": "bounced"}
LEAD_FIELDS = ("active", "won_status", "partner_id", "email_normalized", "company_id")
CONTACT_FIELDS = ("active", "email_normalized", "tz", "lang", "company_id")


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

    def _get_exits(self):
        """Return {enrolment: why it is over} of those that are."""
        self._read_records()
        emails = {one: one._get_emails() for one in self}
        blocked, met = self._get_blocked(emails), self._get_met_leads()
        exits = self._get_answered()
        for enrollment, theirs in emails.items():
            record, sequence = enrollment._get_record(), enrollment.sequence_id
            if not sequence.active:
                exits[enrollment] = "archived"
            elif reason := record._get_follow_up_exit(sequence):
                exits[enrollment] = reason
            elif not theirs.isdisjoint(blocked):
                exits[enrollment] = "unsubscribed"
            elif record in met and enrollment.date_start < met[record]:
                exits[enrollment] = "meeting_booked"
        return exits

    def _read_records(self):
        """Read what is asked of all records, and no more: they have many fields."""
        leads = self.lead_id
        leads.fetch(LEAD_FIELDS)
        (leads.partner_id | self.partner_id).fetch(CONTACT_FIELDS)

    def _get_emails(self):
        """Return the addresses that the sequence writes to, normalized."""
        record = self._get_record()
        people = (record, record._get_follow_up_contact())
        return {one.email_normalized for one in people if one.email_normalized}

    @api.model
    def _get_blocked(self, emails):
        """Return which addresses of {enrolment: its addresses} are on the blacklist."""
        addresses = list(set().union(*emails.values()))
        blacklist = self.env["mail.blacklist"].search([("email", "in", addresses)])
        return set(blacklist.mapped("email"))

    def _get_answered(self):
        """Return {enrolment: why it is over} of those whose mails were answered while
        others were at work on them."""
        runs = self.env["opportunity.sequence.run"].search(
            Domain("enrollment_id", "in", self.ids)
            & Domain.OR(Domain(name, "!=", False) for name in ANSWERS)
        )
        return {
            run.enrollment_id: reason
            for run in runs
            for name, reason in ANSWERS.items()
            # Those to what was sent before it was started again do not count.
            if run[name] and run[name] >= run.enrollment_id.date_start
            if reason != "replied" or run.sequence_id.stop_on_reply
        }

    def _get_met_leads(self):
        """Return {opportunity: when the latest meeting about it was booked}."""
        leads = self.filtered("sequence_id.stop_on_meeting").lead_id
        groups = self.env["calendar.event"]._read_group(
            [("opportunity_id", "in", leads.ids)],
            ["opportunity_id"],
            ["create_date:max"],
        )
        return dict(groups)

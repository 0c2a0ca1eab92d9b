from odoo import models
from odoo.exceptions import UserError


class OpportunitySequenceHindranceMixin(models.AbstractModel):
    """Why records cannot be enrolled in a sequence, for the dialog that starts it."""

    _name = "opportunity.sequence.hindrance.mixin"
    _description = "Hindrances to a Sequence"

    def _get_hindrances(self, records):
        """Return {record: why the user cannot enrol it now}, in the order asked."""
        self.ensure_one()
        reasons = self._get_own_hindrances(records)
        allowed = records.filtered(lambda record: not reasons[record])
        reasons.update(self._get_exit_hindrances(allowed))
        left = records.filtered(lambda record: not reasons[record])
        free = self.env["opportunity.sequence.enrollment"]._get_free(self, left)
        twice = self.env._("It, or its contact, is in the sequence already")
        reasons.update(dict.fromkeys(left - free, twice))
        return {record: reason for record, reason in reasons.items() if reason}

    def _get_own_hindrances(self, records):
        """Return {record: why the user may not enrol it, or nothing}."""
        allowed = records._filtered_access("write")
        refused = self.env._("You may not change it")
        return {
            record: self._get_own_hindrance(record) if record in allowed else refused
            for record in records
        }

    def _get_own_hindrance(self, record):
        try:
            if record._name == "crm.lead":
                record._check_closed_edit()
        except UserError as error:
            return str(error)
        company = self.company_id
        if company and record.company_id not in (company, company.browse()):
            return self.env._("It belongs to another company")
        return None

    def _get_exit_hindrances(self, records):
        """Return {record: why it would leave the sequence at once}."""
        enrollments = self.env["opportunity.sequence.enrollment"]
        drafts = enrollments._prepare_enrollments(self, records)
        # sudo: what ends a sequence does not depend on who asks
        exits = enrollments.sudo().concat(*drafts)._get_exits()
        labels = dict(
            enrollments._fields["stop_reason"]._description_selection(self.env)
        )
        return {
            record: labels[exits[draft]]
            for record, draft in zip(records, drafts, strict=True)
            if draft in exits
        }

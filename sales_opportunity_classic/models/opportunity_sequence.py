from datetime import time

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..tools.follow_up_timing.clock import set_time
from ..tools.row_lock import hold_rows
from .opportunity_sequence_entry_mixin import RECORD_FIELDS


class OpportunitySequence(models.Model):
    """Steps that follow each other at set times, on opportunities or contacts.

    Sales managers write sequences, salespeople start them on what they may change.
    Steps belong to a version: once somebody is enrolled in it, editing the steps makes
    a new one, and the enrolled stay on theirs. What holds for the sequence as a whole,
    as its hours and when it stops, is in force for all of them at once. Archiving a
    sequence ends it for each of them where the next step would come.
    """

    _name = "opportunity.sequence"
    _description = "Follow-Up Sequence"
    _inherit = [
        "opportunity.sequence.version.mixin",
        "opportunity.sequence.entry.mixin",
        "opportunity.sequence.exit.mixin",
        "opportunity.sequence.hindrance.mixin",
    ]
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    model = fields.Selection(
        [("crm.lead", "Opportunities"), ("res.partner", "Contacts")],
        "For",
        required=True,
        default="crm.lead",
    )
    company_id = fields.Many2one("res.company", index="btree_not_null")
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        ondelete="set null",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        help="In whose name those are followed up who are enrolled automatically and "
        "have no salesperson.",
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        "Working Days",
        ondelete="restrict",
        help="Steps wait for a working day of this calendar. Empty: any day will do.",
    )
    has_window = fields.Boolean("Sending Hours")
    window_start = fields.Float("From", default=9.0)
    window_end = fields.Float("To", default=17.0)
    daily_limit = fields.Integer(
        "Emails per Day",
        help="What is over it is sent on the next day that is allowed. 0: no limit.",
    )
    enrollment_ids = fields.One2many(
        "opportunity.sequence.enrollment", "sequence_id", "Enrolled"
    )
    active_count = fields.Integer("Running", compute="_compute_counts")
    paused_count = fields.Integer("Paused", compute="_compute_counts")
    completed_count = fields.Integer("Completed", compute="_compute_counts")
    stopped_count = fields.Integer("Stopped", compute="_compute_counts")

    _check_window = models.Constraint(
        "CHECK (NOT has_window OR (window_start >= 0 AND window_start < window_end "
        "AND window_end <= 24))",
        "Sending hours end later on the day they start.",
    )
    _check_limit = models.Constraint(
        "CHECK (daily_limit >= 0)", "A limit per day is 0 or more."
    )

    # === COMPUTE METHODS === #

    def _compute_counts(self):
        """Count what the user may see."""
        groups = self.env["opportunity.sequence.enrollment"]._read_group(
            [("sequence_id", "in", self.ids)], ["sequence_id", "state"], ["__count"]
        )
        counts = {(sequence.id, state): count for sequence, state, count in groups}
        for sequence in self:
            for state in ("active", "paused", "completed", "stopped"):
                sequence[f"{state}_count"] = counts.get((sequence.id, state), 0)

    # === CONSTRAINT METHODS === #

    @api.constrains("model")
    def _check_model_kept(self):
        for sequence in self:
            # sudo: enrolments that the user may not see count as well
            enrolled = sequence.sudo().enrollment_ids
            steps = sequence.all_step_ids
            if enrolled or steps.filtered(lambda step: step._is_for_other_model()):
                raise ValidationError(
                    self.env._(
                        "“%s” has steps or enrolments already: make another sequence "
                        "for other records.",
                        sequence.name,
                    )
                )

    # === CRUD METHODS === #

    def copy_data(self, default=None):
        return [
            {**vals, "name": self.env._("%s (copy)", sequence.name)}
            for sequence, vals in zip(self, super().copy_data(default), strict=True)
        ]

    # === ACTION METHODS === #

    def action_open_active(self):
        """Return the list of those who are followed up."""
        return self._open_enrollments("active")

    def action_open_paused(self):
        """Return the list of those who are held."""
        return self._open_enrollments("paused")

    def action_open_completed(self):
        """Return the list of those who came to the end."""
        return self._open_enrollments("completed")

    def action_open_stopped(self):
        """Return the list of those who left it, with their reasons."""
        return self._open_enrollments("stopped")

    def _open_enrollments(self, state):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "sales_opportunity_classic.opportunity_sequence_enrollment_action"
            ),
            "name": self.name,
            "domain": [("sequence_id", "=", self.id)],
            "context": {f"search_default_{state}": 1},
        }

    # === BUSINESS METHODS === #

    def _enroll(self, records):
        """Enrol records in the name of the user, who may change them, and start.

        Records that are in the sequence already are left as they are.

        :return: the new enrolments
        """
        self.ensure_one()
        if records._name != self.model:
            raise UserError(
                self.env._("“%s” is for other records than these.", self.name)
            )
        Enrollment = self.env["opportunity.sequence.enrollment"]
        free = Enrollment._get_free(self, records)
        enrollments = Enrollment.create(
            [self._prepare_enrollment(record) for record in free]
        )
        enrollments.action_start()
        return enrollments

    def _prepare_enrollment(self, record):
        return {"sequence_id": self.id, RECORD_FIELDS[self.model]: record.id}

    def _get_emails_left(self):
        """Return how many emails may be sent today; one worker at a time asks."""
        self.ensure_one()
        self.env.flush_all()
        self.env.cr.execute(hold_rows(self._table, self.ids), log_exceptions=False)
        zone = str(pytz.timezone(self.user_id.tz or "UTC"))
        midnight = set_time(fields.Datetime.now(), time(), zone)
        sent = self.env["opportunity.sequence.run"].search_count(
            [
                ("sequence_id", "=", self.id),
                ("step_type", "=", "email"),
                ("state", "=", "done"),
                ("date", ">=", midnight),
            ]
        )
        return max(0, self.daily_limit - sent)

    @api.model
    def _get_for(self, records):
        """Return the sequences that may be started on these records."""
        companies = getattr(records, "company_id", self.env["res.company"])
        return self.search(
            Domain("model", "=", records._name)
            & Domain("company_id", "in", [False, *companies.ids])
        )

from psycopg2.errors import UniqueViolation

from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import UserError

from .opportunity_sequence_stop_mixin import LIVE


class OpportunitySequenceButtonMixin(models.AbstractModel):
    """What people do with enrolments, with one or with many.

    Whoever may change the record may do so. Enrolments to which a button does not
    apply are left as they are.
    """

    _name = "opportunity.sequence.button.mixin"
    _description = "Buttons of Enrolments"

    # === ACTION METHODS === #

    def action_start(self):
        """Start drafts: their first step is due at its time from now."""
        drafts = self._take("draft")
        drafts._check_not_enrolled()
        drafts.sudo(False)._check_sequences_usable()
        for sequence, same in drafts.grouped("sequence_id").items():
            same.version = sequence.version
        drafts.date_start = fields.Datetime.now()
        drafts._go_on()
        return True

    def action_pause(self):
        """Hold what is active; how long it had to wait is kept."""
        self._take("active").write(
            {"state": "paused", "date_paused": fields.Datetime.now()}
        )
        return True

    def action_resume(self):
        """Go on with what is paused after the delay that was left, and at once with
        what could not be carried out."""
        held = self._take("paused", "stopped").filtered(
            lambda one: one.state == "paused" or one.stop_reason == "error"
        )
        planner = self._get_planner()
        (held - held.filtered(lambda one: one.state == "paused"))._check_not_enrolled()
        for enrollment in held:
            enrollment._resume(planner)
        self._wake_engine()
        return True

    def action_skip(self):
        """Leave the next step out; the one after it is due at its time from now."""
        live = self._take(*LIVE).filtered("next_step_id")
        planner = self._get_planner()
        for enrollment in live:
            enrollment._skip(planner)
        self._wake_engine()
        return True

    def action_stop(self):
        """End what is not over, for good."""
        self._take("draft", *LIVE)._stop("manual")
        return True

    def action_restart(self):
        """Begin again from the first step, of the present version, what is started."""
        started = self._take(*LIVE, "completed", "stopped")
        over = started.filtered(lambda one: one.state not in LIVE)
        over._check_not_enrolled()
        started.sudo(False)._check_sequences_usable()
        if self.env.uid != SUPERUSER_ID:
            started.user_id = self.env.user
        # What ended it before does not end it again.
        started.date_start = fields.Datetime.now()
        for enrollment in started:
            enrollment.round += 1
            enrollment.version = enrollment.sequence_id.version
        started._go_on()
        return True

    # === BUSINESS METHODS === #

    def _take(self, *states):
        """Return the enrolments in these states, locked and as superuser.

        :raises AccessError: where the user may not change a record
        """
        self._check_changeable()
        # sudo: whoever may change the records uses the buttons, and nothing else
        taken = self.sudo()
        taken.lock_for_update(allow_referencing=True)
        return taken.filtered(lambda enrollment: enrollment.state in states)

    def _check_changeable(self):
        self.check_access("read")
        # sudo: the enrolments may be read, of their records this is asked
        enrollments = self.sudo()
        enrollments.lead_id.sudo(self.env.su).check_access("write")
        enrollments.lead_id.sudo(self.env.su)._check_closed_edit()
        alone = enrollments.filtered(lambda one: not one.lead_id)
        alone.partner_id.sudo(self.env.su).check_access("write")

    def _check_sequences_usable(self):
        """Refuse sequences that the user may not use, or that have no steps."""
        sequences = self.sequence_id
        sequences.check_access("read")
        for sequence in sequences:
            if not sequence.active or not sequence.step_ids:
                raise UserError(
                    self.env._(
                        "“%s” is archived or has no steps: nothing could be started.",
                        sequence.name,
                    )
                )

    def _go_on(self):
        """Make active, with what comes first."""
        planner = self._get_planner()
        self._apply_plans({one: one._plan_or_refuse(planner) for one in self})
        self._wake_engine()

    def _start_automatically(self):
        """Start drafts of a sequence that were made by a rule: nobody waits for a
        message. Those who entered it in the meantime are left as they are."""
        planner = self._get_planner()
        self.write({"version": self.sequence_id.version, "date_start": planner.now})
        plans = self._plan_or_stop(planner)
        try:
            with self.env.cr.savepoint():
                self._apply_plans(plans)
        except UniqueViolation:
            if len(self) == 1:
                self.unlink()
                return
            for enrollment in self:
                enrollment._start_automatically()
        self._wake_engine()

    def _plan_or_stop(self, planner):
        plans = {}
        for enrollment in self:
            try:
                plans[enrollment] = enrollment._plan(planner)
            except ValueError as error:
                enrollment._stop("error", str(error))
        return plans

    def _plan_or_refuse(self, planner, after=None):
        try:
            return self._plan(planner, after)
        except ValueError as error:
            raise UserError(
                self.env._(
                    "“%(record)s” has no next step: %(error)s",
                    record=self.display_name,
                    error=error,
                )
            ) from error

    def _resume(self, planner):
        if self.state == "stopped":
            self.write(
                {
                    "state": "active",
                    "stop_reason": False,
                    "note": False,
                    "date_end": False,
                    "date_next": planner.now,
                }
            )
            return
        due = self._get_resumed_date(planner)
        if due or self.is_waiting:
            self.write({"state": "active", "date_paused": False, "date_next": due})
        else:
            plan = self._plan_or_refuse(planner, self.next_step_id)
            self._apply_plans({self: plan})

    def _skip(self, planner):
        step, is_paused = self.next_step_id, self.state == "paused"
        self._note_left_out({self: (step,)}, self.env._("Skipped by hand"))
        self._apply_plans({self: self._plan_or_refuse(planner, step)})
        if is_paused and self.state == "active":
            self.write({"state": "paused", "date_paused": planner.now})

    def _wake_engine(self):
        """Have the scheduled action run where something is due at once."""
        now = fields.Datetime.now()
        # sudo: an opportunity may be given away while it is started
        enrollments = self.sudo().filtered(lambda one: one.state == "active")
        if any(one.date_next and one.date_next <= now for one in enrollments):
            # sudo: scheduled actions are for administrators
            cron = self.env.ref("sales_opportunity_classic.ir_cron_sequences").sudo()
            cron._trigger()

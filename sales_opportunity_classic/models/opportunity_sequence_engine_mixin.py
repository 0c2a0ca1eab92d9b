import json
import logging

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import MissingError, UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import groupby, plaintext2html

from ..tools.follow_up_queue import (
    Trouble,
    insert_runs,
    select_awake,
    select_due,
    update_enrollments,
)
from ..tools.follow_up_timing import Delay, get_due

BATCH = 200
# With a savepoint each; a transaction with more of them slows down all others.
CAREFUL_BATCH = 30
# How often others may get in the way before the rest is left to the next run.
PATIENCE = 10

_logger = logging.getLogger(__name__)


class OpportunitySequenceEngineMixin(models.AbstractModel):
    """Carries out the steps that are due.

    Batch by batch it locks what is due and nobody else works on, asks once more whether
    it is over, does what the steps say, notes that, and commits all of it at once. So
    a step is carried out once, whatever dies when, and any number of workers share the
    work. A step that fails is found by going through its batch one by one.
    """

    _name = "opportunity.sequence.engine.mixin"
    _description = "Engine of Follow-Up Sequences"

    @api.model
    def _cron_run_due_steps(self, batch_size=BATCH):
        """Carry out all steps that are due, until there are none or time is up."""
        # sudo: it moves on what nobody may write; steps are done in people's names
        engine, cron = self.sudo(), self.env["ir.cron"]
        # What the engine sees begins with its first batch.
        cron._commit_progress()
        patience = PATIENCE
        while patience:
            try:
                done = engine._run_batch(batch_size)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                engine._forget()
                patience -= 1
                continue
            if not done:
                break
            patience = PATIENCE
            if not cron._commit_progress(done, remaining=1):
                return
        cron._commit_progress(remaining=0)

    def _forget(self):
        """Begin anew, after another transaction was first."""
        self.env.cr.rollback()
        self.env.invalidate_all(flush=False)

    @api.model
    def _run_batch(self, size):
        """Carry out one batch; return how many it was."""
        enrollments = self._pick(select_due(fields.Datetime.now(), size))
        if not enrollments:
            return self._wake_waiting(size)
        try:
            with self.env.cr.savepoint():
                enrollments._run_due()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:  # noqa: BLE001 whatever it was, the others go on
            _logger.info("A batch of follow-up steps failed", exc_info=True)
            enrollments = enrollments[:CAREFUL_BATCH]
            enrollments._run_one_by_one()
        return len(enrollments)

    @api.model
    def _pick(self, query):
        self.env.flush_all()
        self.env.cr.execute(query, log_exceptions=False)
        # What was read before they were locked may have changed.
        self.env.invalidate_all(flush=False)
        return self.browse([id_ for (id_,) in self.env.cr.fetchall()])

    def _run_one_by_one(self):
        for enrollment in self:
            try:
                with self.env.cr.savepoint():
                    enrollment._run_due()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                raise
            except Exception as error:  # noqa: BLE001 it is kept with its reason
                _logger.info("Enrolment %s parked", enrollment.id, exc_info=True)
                enrollment.invalidate_recordset()
                enrollment._park(str(error))

    @api.model
    def _wake_waiting(self, limit):
        """Go on with what waited for a task that is done by now; return how many."""
        planner = self._get_planner()
        awake = self._pick(select_awake(limit))
        for enrollment in awake:
            enrollment._wake(planner)
        return len(awake)

    def _wake(self, planner):
        """Set when the step is due that waited, from now on."""
        due = planner.now
        if step := self.next_step_id:
            try:
                due = planner.get_due(step, self._get_record(), self._get_time_zone())
            except Exception as error:  # noqa: BLE001 the others wake up
                self._park(str(error))
                return
        self.write(
            {"is_waiting": False, "waiting_activity_id": False, "date_next": due}
        )

    def _run_due(self):
        """Carry out the next step of each of these, which are due and locked."""
        exits = self._get_exits()
        for reason, over in groupby(exits, exits.get):
            self.browse().concat(*over)._stop(reason)
        live = self.filtered(lambda enrollment: enrollment.state == "active")
        ended = live.filtered(lambda enrollment: not enrollment.next_step_id)
        ended.write({"state": "completed", "date_end": fields.Datetime.now()})
        within = (live - ended)._filter_within_limits()
        results = {}
        for (step, user), same in within.grouped(_get_key).items():
            # What another step of the batch has just ended is left.
            same = same.filtered(lambda enrollment: enrollment.state == "active")
            results |= same._run_step(step, user)
        self.browse(results)._note(results)

    def _filter_within_limits(self):
        """Return those that may go on today; the others wait for the next day."""
        over = self.browse()
        emails = self.filtered(lambda one: one.next_step_id.step_type == "email")
        for sequence, same in emails.grouped("sequence_id").items():
            if sequence.daily_limit:
                over += same[sequence._get_emails_left() :]
        planner = self._get_planner()
        for enrollment in over:
            zone = enrollment._get_time_zone()
            slot = planner.get_slot(enrollment.next_step_id, zone)
            enrollment.date_next = get_due(Delay(1, "day"), planner.now, slot)
        return self - over

    def _run_step(self, step, user):
        """Carry out a step for all that have come to it, in one user's name.

        :return: {enrolment id: values of its run, or a ``Trouble``}
        """
        if not user.active and user.id != SUPERUSER_ID:
            reason = self.env._("%s, in whose name it runs, is archived.", user.name)
            return dict.fromkeys(self.ids, Trouble(reason))
        enrollments = {one._get_record().id: one for one in self}
        step = step._as_user(user).with_context(
            opportunity_follow_ups={
                record_id: (one.id, step.id, one.round)
                for record_id, one in enrollments.items()
            }
        )
        records = step.env[step.model].browse(enrollments)
        results = step._carry_out(records)
        return {enrollments[id_].id: result for id_, result in results.items()}

    def _note(self, results):
        """Note what became of these, and what comes next."""
        troubled = self.filtered(lambda one: isinstance(results[one.id], Trouble))
        for enrollment in troubled:
            enrollment._park(results[enrollment.id].reason)
        done = self - troubled
        done._insert_runs({one: [(one.next_step_id, results[one.id])] for one in done})
        # What a step did may have ended the sequence.
        live = done.filtered(lambda enrollment: enrollment.state == "active")
        live._move_on(self._get_planner())

    def _move_on(self, planner):
        self._apply_plans(
            {one: one._plan_or_refuse(planner, one.next_step_id) for one in self}
        )

    def _apply_plans(self, plans):
        """Make enrolments active with what comes next, or completed.

        :param dict plans: {enrolment: its ``Plan``}
        """
        self._note_left_out({one: plan.left_out for one, plan in plans.items()})
        self.env.flush_all()
        rows = [one._prepare_row(plan) for one, plan in plans.items()]
        self._execute(update_enrollments, rows)
        self.invalidate_recordset()

    def _prepare_row(self, plan):
        task = plan.is_waiting and self._get_open_task()
        return {
            "id": self.id,
            "state": "active" if plan.step else "completed",
            "next_step_id": plan.step.id or None,
            "date_next": plan.date and plan.date.isoformat(),
            "is_waiting": plan.is_waiting,
            "waiting_activity_id": task.id if task else None,
        }

    def _note_left_out(self, steps, note=""):
        """Note steps that were not carried out.

        :param dict steps: {enrolment: its steps}
        """
        note = note or self.env._("Its date is empty or past")
        values = {"state": "skipped", "note": note}
        left_out = {one: [(step, values) for step in its] for one, its in steps.items()}
        if any(left_out.values()):
            self._insert_runs(left_out)

    def _insert_runs(self, runs):
        """Note steps as carried out.

        :param dict runs: {enrolment: its pairs of a step and values}
        """
        rows = [
            {
                "enrollment_id": one.id,
                "step_id": step.id,
                "name": step.display_name,
                "step_type": step.step_type,
                "state": "done",
                "user_id": one.user_id.id,
                **values,
            }
            for one, pairs in runs.items()
            for step, values in pairs
        ]
        self.env.flush_all()
        self._execute(insert_runs, rows)
        self.invalidate_recordset(["run_ids"])

    def _execute(self, statement, rows):
        if rows:
            self.env.cr.execute(statement(json.dumps(rows), fields.Datetime.now()))

    def _park(self, reason):
        """Stop what cannot be carried out, and tell whoever it runs for."""
        self._stop("error", reason)
        self.env.flush_all()
        try:
            with self.env.cr.savepoint():
                self.env["mail.activity"].create(self._prepare_trouble_task(reason))
        except (UserError, MissingError):
            _logger.warning("Nobody was told of enrolment %s", self.id, exc_info=True)

    def _prepare_trouble_task(self, reason):
        record = self._get_record()
        user = self.user_id if self.user_id.active else self.sequence_id.user_id
        activities = self.env["mail.activity"]
        activity_type = activities._default_activity_type_for_model(record._name)
        return {
            "res_model_id": self.env["ir.model"]._get_id(record._name),
            "res_id": record.id,
            "user_id": (user or self.env.user).id,
            "summary": self.env._("Follow-up stopped: %s", self.sequence_id.name),
            "note": plaintext2html(reason),
            "activity_type_id": activity_type.id,
        }


def _get_key(enrollment):
    return enrollment.next_step_id, enrollment.user_id

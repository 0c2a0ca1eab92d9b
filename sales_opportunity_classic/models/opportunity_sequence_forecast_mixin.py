from datetime import datetime
from typing import NamedTuple

import pytz

from odoo import api, models
from odoo.tools import format_date, format_datetime, format_time

# Kinds of steps that leave somebody something to do.
MAKING_TASKS = ("task", "meeting", "letter")


class Foreseen(NamedTuple):
    """A step that is to come, and when. Without a date it is open, as that depends on
    when somebody does a task, or the step will be left out."""

    step: object
    date: datetime | None
    is_open: bool = False


class OpportunitySequenceForecastMixin(models.AbstractModel):
    """What is to come of an enrolment, worked out as the engine does."""

    _name = "opportunity.sequence.forecast.mixin"
    _description = "Forecast of an Enrolment"

    def _forecast(self):
        """Return a ``Foreseen`` for each step, were it started now.

        :raises ValueError: where the arithmetic finds no moment, with a sentence
        """
        self.ensure_one()
        planner, foreseen, has_task, is_open = self._get_planner(), [], False, False
        for step in self.sequence_id._get_steps(self.version):
            if step.timing == "task":
                is_open = is_open or has_task
            elif step.timing in ("field", "date"):
                is_open = False
            date = None if is_open else self._foresee(planner, step)
            foreseen.append(Foreseen(step, date, is_open))
            planner.now = date or planner.now
            is_carried_out = date or is_open
            has_task = has_task or (is_carried_out and step.step_type in MAKING_TASKS)
        return foreseen

    def _foresee(self, planner, step):
        return planner.get_due(step, self._get_record(), self._get_time_zone())

    def _foresee_resumed(self, planner):
        """Return the ``Foreseen`` of what is next, were what is held resumed now."""
        self.ensure_one()
        if self.state == "stopped":
            return Foreseen(self.next_step_id, planner.now)
        due = self._get_resumed_date(planner)
        if due or self.is_waiting:
            return Foreseen(self.next_step_id, due, not due)
        plan = self._plan(planner, self.next_step_id)
        return Foreseen(plan.step, plan.date, plan.is_waiting)

    @api.model
    def _format_moment(self, date, zone):
        """Return a moment in a time zone with its day of the week, for people."""
        if not date:
            return ""
        local = pytz.utc.localize(date).astimezone(pytz.timezone(zone))
        weekday = format_datetime(self.env, date, zone, "EEE")
        day = format_date(self.env, local.date())
        return f"{weekday} {day}, {format_time(self.env, local.time(), False, 'short')}"

    @api.model
    def _prepare_enrollments(self, sequence, records):
        """Return drafts of enrolments that are not saved."""
        # sudo: when a step is due does not depend on who asks
        drafts = self.env["opportunity.sequence.enrollment"].sudo()
        name = "lead_id" if records._name == "crm.lead" else "partner_id"
        return [
            drafts.new(
                {
                    "sequence_id": sequence.id,
                    name: record.id,
                    "version": sequence.version,
                    "user_id": self.env.uid,
                    "date_start": self._get_planner().now,
                }
            )
            for record in records
        ]

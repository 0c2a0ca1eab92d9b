from datetime import UTC, datetime, timedelta
from functools import cache
from typing import NamedTuple

import pytz

from odoo import api, fields, models

from ..tools.follow_up_timing import get_due, get_resumed, get_working_days


@cache
def get_zone_name(name):
    """Return the name of a time zone as its data has it; UTC for one of old data."""
    return str(pytz.timezone(name)) if name in pytz.all_timezones_set else "UTC"


class Plan(NamedTuple):
    """What comes next for an enrolment; no step where it is completed."""

    step: object
    date: datetime | None
    is_waiting: bool = False
    left_out: tuple = ()


class Calendar:
    """The working days of a calendar, asked for year by year."""

    def __init__(self, calendar):
        self.calendar = calendar
        self.years = {}

    def is_working_day(self, day):
        """Tell whether there is work on a day."""
        if day.year not in self.years:
            self.years[day.year] = self._get_days(day.year)
        return day in self.years[day.year]

    def _get_days(self, year):
        # A day more on both sides: the calendar has a time zone of its own.
        start = datetime(year, 1, 1, tzinfo=UTC) - timedelta(days=1)
        end = datetime(year + 1, 1, 1, tzinfo=UTC) + timedelta(days=1)
        intervals = self.calendar._work_intervals_batch(start, end)[False]
        return get_working_days(intervals, self.calendar.tz or "UTC")


class Planner:
    """Works out when steps are due; what many enrolments share, once."""

    def __init__(self, now):
        self.now = now
        self.steps = {}
        self.calendars = {}
        self.slots = {}
        self.dues = {}

    def get_steps(self, sequence, version, after):
        """Return the steps of a version that come after one, or all, as a list."""
        key = (sequence.id, version, after.id if after else 0)
        if key not in self.steps:
            steps = list(sequence._get_steps(version))
            if after:
                steps = steps[steps.index(after) + 1 :] if after in steps else []
            self.steps[key] = steps
        return self.steps[key]

    def get_slot(self, step, zone):
        """Return when a step may be carried out in a time zone."""
        key = (step.id, zone)
        if key not in self.slots:
            calendar = step._get_calendar()
            self.slots[key] = step._get_slot(zone, self._get_is_working_day(calendar))
        return self.slots[key]

    def _get_is_working_day(self, calendar):
        if not calendar:
            return None
        if calendar not in self.calendars:
            self.calendars[calendar] = Calendar(calendar).is_working_day
        return self.calendars[calendar]

    def get_due(self, step, record, zone):
        """Return when a step is due that is next from now on."""
        slot = self.get_slot(step, zone)
        if step.timing == "field":
            return get_due(step._get_timing(record), self.now, slot)
        key = (step.id, zone)
        if key not in self.dues:
            self.dues[key] = get_due(step._get_timing(record), self.now, slot)
        return self.dues[key]


class OpportunitySequencePlanMixin(models.AbstractModel):
    """What comes next for an enrolment, and when."""

    _name = "opportunity.sequence.plan.mixin"
    _description = "Plan of an Enrolment"

    def _get_time_zone(self):
        """Return the name of the time zone of the contact, else of whom the sequence
        runs for, else of the company."""
        record = self._get_record()
        name = record._get_follow_up_contact().tz or self.user_id.tz
        company = record.company_id or self.env.company
        name = name or company.resource_calendar_id.tz
        return get_zone_name(name or "UTC")

    def _plan(self, planner, after=None):
        """Return the ``Plan`` of what comes after a step, or first.

        :raises ValueError: where the arithmetic finds no moment, with a sentence
        """
        steps = planner.get_steps(self.sequence_id, self.version, after)
        return self._plan_steps(planner, steps)

    def _plan_steps(self, planner, steps):
        if not steps:
            return Plan(self.env["opportunity.sequence.step"], None)
        zone, record = self._get_time_zone(), self._get_record()
        left_out = []
        for step in steps:
            if step.timing == "task" and self._get_open_task():
                return Plan(step, None, True, tuple(left_out))
            if due := planner.get_due(step, record, zone):
                return Plan(step, due, False, tuple(left_out))
            left_out.append(step)
        return Plan(self.env["opportunity.sequence.step"], None, False, tuple(left_out))

    def _move_to_version(self):
        """Go on with the present steps of the sequence, from the one that is next or,
        where it is gone, from the first behind it that is left."""
        self._check_changeable()
        # sudo: whoever may change the records
        for enrollment in self.sudo():
            enrollment._take_over_steps(enrollment.sequence_id)

    def _take_over_steps(self, sequence):
        old = sequence._get_steps(self.version)
        present = {step._get_origin(): step for step in sequence.step_ids}
        left = old[list(old).index(self.next_step_id) :] if self.next_step_id else []
        step = next(
            (
                present[one._get_origin()]
                for one in left
                if one._get_origin() in present
            ),
            self.env["opportunity.sequence.step"],
        )
        self.write({"version": sequence.version, "next_step_id": step.id})

    def _get_open_task(self):
        """Return the latest task of this round, unless it is done or gone."""
        runs = self.env["opportunity.sequence.run"].search(
            [
                ("enrollment_id", "=", self.id),
                ("round", "=", self.round),
                ("activity_id", "!=", False),
            ],
            order="id desc",
            limit=1,
        )
        return runs.activity_id.filtered("active")

    def _get_resumed_date(self, planner):
        """Return when the next step is due of what was paused and goes on now: the
        delay that was left is kept, dates do not wait."""
        step, zone = self.next_step_id, self._get_time_zone()
        slot = planner.get_slot(step, zone)
        if self.is_waiting:
            return None
        if step.timing in ("field", "date") or not (
            self.date_next and self.date_paused
        ):
            return planner.get_due(step, self._get_record(), zone)
        return get_resumed(
            max(self.date_next, self.date_paused), self.date_paused, planner.now, slot
        )

    @api.model
    def _get_planner(self):
        # sudo: when a step is due does not depend on who asks
        return Planner(fields.Datetime.now())

from datetime import time

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.follow_up_timing import Delay, OnDate, Slot, Window

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def to_time(hours):
    """Return the time of day of a number of hours; midnight for 24."""
    minutes = round(hours * 60) % (24 * 60)
    return time(*divmod(minutes, 60))


class OpportunitySequenceStepTimingMixin(models.AbstractModel):
    """When a step is due, after the one before it: the fields of
    ``tools/follow_up_timing``."""

    _name = "opportunity.sequence.step.timing.mixin"
    _description = "Timing of a Step"

    timing = fields.Selection(
        [
            ("delay", "After"),
            ("field", "By a Date of the Record"),
            ("date", "On a Day"),
            ("task", "When the Task before Is Done"),
        ],
        required=True,
        default="delay",
        help="A step by a date is left out where the date is empty or past.",
    )
    delay_count = fields.Integer("Delay", default=1)
    delay_unit = fields.Selection(
        [
            ("minute", "Minute(s)"),
            ("hour", "Hour(s)"),
            ("day", "Day(s)"),
            ("week", "Week(s)"),
            ("month", "Month(s)"),
        ],
        "Unit",
        required=True,
        default="day",
        help="One day is the next day of the calendar, not 24 hours.",
    )
    date_field_id = fields.Many2one(
        "ir.model.fields",
        "Date of the Record",
        ondelete="set null",
        domain="[('model', '=', model), ('ttype', 'in', ('date', 'datetime'))]",
    )
    is_before = fields.Boolean("Before", help="Before the date, not after it.")
    is_yearly = fields.Boolean("Every Year", help="On its next anniversary.")
    date_fixed = fields.Date("Day")
    time_mode = fields.Selection(
        [
            ("any", "At any time"),
            ("at", "At"),
            ("window", "Between"),
        ],
        "Time of Day",
        required=True,
        default="any",
        help="In the time zone of the contact. At any time: within the sending hours "
        "of the sequence.",
    )
    time_start = fields.Float("Time", default=9.0)
    time_end = fields.Float("End", default=17.0)
    mon = fields.Boolean(default=True)
    tue = fields.Boolean(default=True)
    wed = fields.Boolean(default=True)
    thu = fields.Boolean(default=True)
    fri = fields.Boolean(default=True)
    sat = fields.Boolean(default=True)
    sun = fields.Boolean(default=True)
    is_working_days = fields.Boolean(
        "Working Days Only",
        help="Of the sequence's calendar, or of the company's where it has none.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains(
        "timing",
        "delay_count",
        "delay_unit",
        "date_field_id",
        "date_fixed",
        "time_mode",
        "time_start",
        "time_end",
        *WEEKDAYS,
    )
    def _check_timing(self):
        """Let the arithmetic itself say what cannot be."""
        for step in self:
            try:
                step._get_timing(None)
                step._get_slot("UTC")
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "Step “%(step)s”: %(error)s",
                        step=step.display_name,
                        error=error,
                    )
                ) from error

    @api.constrains("timing", "date_field_id", "date_fixed")
    def _check_date_given(self):
        for step in self:
            if step.timing == "date" and not step.date_fixed:
                raise ValidationError(
                    self.env._("Step “%s” needs its day.", step.display_name)
                )
            # sudo: what fields there are is no secret
            field = step.sudo().date_field_id
            is_date = field.ttype in ("date", "datetime") and field.model == step.model
            if field and not is_date:
                raise ValidationError(
                    self.env._(
                        "Step “%(step)s”: “%(field)s” is no date of the records.",
                        step=step.display_name,
                        field=field.field_description,
                    )
                )

    # === BUSINESS METHODS === #

    def _get_timing(self, record):
        """Return the ``Delay`` or ``OnDate`` of the step for a record."""
        delay = Delay(self.delay_count, self.delay_unit)
        if self.timing == "date":
            return OnDate(self.date_fixed or None)
        if self.timing == "field":
            # sudo: what fields there are is no secret
            name = self.sudo().date_field_id.name
            value = record[name] if record and name else None
            return OnDate(value or None, delay, self.is_before, self.is_yearly)
        return delay

    def _get_slot(self, time_zone, is_working_day=None):
        """Return when on which days the step may be carried out."""
        days = frozenset(day for day, name in enumerate(WEEKDAYS) if self[name])
        at = to_time(self.time_start) if self.time_mode == "at" else None
        window = self._get_window() if at is None else None
        return Slot(time_zone, days, is_working_day, at=at, window=window)

    def _get_window(self):
        sequence = self.sequence_id
        if self.time_mode == "window":
            return Window(to_time(self.time_start), to_time(self.time_end))
        if sequence.has_window:
            return Window(to_time(sequence.window_start), to_time(sequence.window_end))
        return None

    def _get_calendar(self):
        """Return the calendar whose working days the step waits for, if it does."""
        sequence = self.sequence_id
        if self.is_working_days and not sequence.calendar_id:
            company = sequence.company_id or self.env.company
            return company.resource_calendar_id
        return sequence.calendar_id

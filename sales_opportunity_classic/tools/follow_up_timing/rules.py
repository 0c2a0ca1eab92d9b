"""What a step waits for, and when it may be carried out then."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from .clock import add_days, add_months, check_moment, get_zone, to_local, to_utc

EXACT_UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1)}
DAYS = {"day": 1, "week": 7}
UNITS = (*EXACT_UNITS, *DAYS, "month")

YEAR = timedelta(days=365.2425)
LONGEST_DELAY = 100 * YEAR

EVERY_DAY = frozenset(range(7))
MIDNIGHT = time()


@dataclass(frozen=True)
class Delay:
    """So many minutes, hours, days, weeks or months.

    Minutes and hours pass on any clock. A day is the next one of the calendar at the
    same local time; months end with their last day: 31 January is followed by 28
    February.
    """

    count: int
    unit: str

    def __post_init__(self):
        if self.unit not in UNITS:
            raise ValueError(f"A delay is not counted in “{self.unit}”.")
        if type(self.count) is not int or self.count < 0:
            raise ValueError(f"A delay is a whole number from 0 on, not {self.count}.")
        if self.count > LONGEST_DELAY / self._get_unit_length():
            raise ValueError(f"A delay of {self.count} {self.unit}s is over 100 years.")

    @property
    def is_exact(self):
        """Whether it passes on any clock, not by the calendar."""
        return self.unit in EXACT_UNITS

    @property
    def years(self):
        """How many years it takes, about."""
        return self.count * self._get_unit_length() // YEAR

    def add_to(self, moment, time_zone, sign=1):
        """Return the moment so much later, or before it for a ``sign`` of -1."""
        count = sign * self.count
        if self.is_exact:
            return moment + count * EXACT_UNITS[self.unit]
        if self.unit == "month":
            return add_months(moment, count, time_zone)
        return add_days(moment, count * DAYS[self.unit], time_zone)

    def _get_unit_length(self):
        if self.unit == "month":
            return YEAR / 12
        return EXACT_UNITS.get(self.unit) or timedelta(DAYS[self.unit])


@dataclass(frozen=True)
class OnDate:
    """On, before or after a date or a moment of the record, once or every year.

    A date without time is a day of the recipient. Its anniversary on 29 February is 28
    February in other years, and there is none before the date itself.
    """

    value: date | datetime | None
    offset: Delay = Delay(0, "day")
    is_before: bool = False
    is_yearly: bool = False

    def __post_init__(self):
        if self.value:
            check_moment(self.value)

    @property
    def is_whole_day(self):
        """Whether a day is meant, and no time of it."""
        return not isinstance(self.value, datetime) and not self.offset.is_exact


@dataclass(frozen=True)
class Window:
    """The hours of a day in which something may be sent, the end not included.

    An end at midnight is the end of the day. There is no window over midnight: whether
    the hours after it are still of the day before, weekdays would not tell.
    """

    start: time
    end: time

    def __post_init__(self):
        if self.end != MIDNIGHT and self.end <= self.start:
            raise ValueError(
                f"A sending window ends later on the day it starts: {self} does not."
            )

    def __str__(self):
        return f"{self.start:%H:%M} to {self.end:%H:%M}"

    def __contains__(self, local_time):
        is_before_end = self.end == MIDNIGHT or local_time < self.end
        return self.start <= local_time and is_before_end


@dataclass(frozen=True)
class Slot:
    """On which days, and when on them, a step may be carried out.

    Weekdays are 0 (Monday) to 6, as ``date.weekday`` has them. ``is_working_day`` is
    asked with a date, at most a year before and after what is sought; ``holidays`` are
    dates off on top of that.
    """

    time_zone: str = "UTC"
    weekdays: frozenset[int] = EVERY_DAY
    is_working_day: Callable[[date], bool] | None = None
    holidays: frozenset[date] = frozenset()
    at: time | None = None
    window: Window | None = None

    def __post_init__(self):
        get_zone(self.time_zone)
        if not self.weekdays or not EVERY_DAY.issuperset(self.weekdays):
            raise ValueError("Choose at least one day from 0 (Monday) to 6 (Sunday).")
        if self.at is not None and self.window and self.at not in self.window:
            raise ValueError(
                f"{self.at:%H:%M} is outside the sending window {self.window}."
            )

    @property
    def opening(self):
        """The first time of an allowed day, ``None`` where any time will do."""
        return self.window.start if self.at is None and self.window else self.at

    def allows_day(self, day):
        """Tell whether something may be done on that day of the recipient."""
        return (
            day.weekday() in self.weekdays
            and day not in self.holidays
            and (self.is_working_day is None or bool(self.is_working_day(day)))
        )

    def allows(self, moment):
        """Tell whether day and window allow ``moment``; ``at`` is not asked."""
        local = to_local(moment, self.time_zone)
        return self.allows_day(local.date()) and self._is_in_window(moment, local)

    def _is_in_window(self, moment, local):
        if self.window is None:
            return True
        if local.time() not in self.window:
            return False
        # A window that closes in an hour that comes twice is not opened again.
        end = datetime.combine(local, self.window.end)
        return self.window.end == MIDNIGHT or moment < to_utc(end, self.time_zone)

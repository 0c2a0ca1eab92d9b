"""When what recurs is asked for, and what that comes to. Plain functions, no ORM.

A year counts as 12 months, 52 weeks or 365 days, so that 12 times the monthly figure
is what a year asks. Values start on a nominal day: they do not depend on today.
"""

from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache
from itertools import count as count_up
from itertools import takewhile
from typing import NamedTuple

DAYS = {"day": 1, "week": 7}
MONTHS = {"month": 1, "year": 12}
PER_YEAR = {"day": 365, "week": 52, "month": 12, "year": 1}

NOMINAL_START = date(2001, 1, 1)
NOMINAL_YEAR = {
    "day": timedelta(365),
    "week": timedelta(weeks=52),
    "month": timedelta(365),
    "year": timedelta(365),
}


class Terms(NamedTuple):
    """How a subscription was sold; ``cycles`` of 0 never end."""

    unit: str
    count: int
    cycles: int = 0
    trial_days: int = 0
    intro_cycles: int = 0
    anchor_day: int = 0
    prorate: bool = False


class Period(NamedTuple):
    """One period of a subscription: the ``number`` of its bill, 0 for a trial, first
    and last day, kind (trial, intro, regular) and by what the price is multiplied."""

    number: int
    start: date
    end: date
    kind: str
    factor: float


def get_schedule(terms, start):
    """Return an iterator over all periods of what starts on ``start``."""
    anchor = start + timedelta(days=terms.trial_days)
    if terms.trial_days:
        yield Period(0, start, anchor - timedelta(days=1), "trial", 0.0)
    for n in range(terms.cycles) if terms.cycles else count_up():
        yield get_period(terms, anchor, n, n + 1)


def get_due_periods(terms, anchor, index, number, until):
    """Return an iterator over the periods that begin before ``until``, from period
    ``index`` on, which is the bill of this number, as long as bills were sold."""
    for n in count_up(index):
        period = get_period(terms, anchor, n, number + n - index)
        if 0 < terms.cycles < period.number or period.start >= until:
            return
        yield period


def get_period(terms, anchor, n, number):
    """Return period ``n`` from ``anchor`` on, which is the bill of this number."""
    start, following = (
        get_period_start(anchor, terms.unit, terms.count, i, terms.anchor_day)
        for i in (n, n + 1)
    )
    kind = "intro" if number <= terms.intro_cycles else "regular"
    factor = get_first_part(terms, anchor) if terms.prorate and not n else 1.0
    return Period(number, start, following - timedelta(days=1), kind, factor)


def get_first_part(terms, anchor):
    """Return which part of a whole period the first one is."""
    if not terms.anchor_day or terms.unit in DAYS:
        return 1.0
    if _get_day_of_month(anchor, 0, terms.anchor_day) == anchor:
        return 1.0
    months = terms.count * MONTHS[terms.unit]
    end = get_period_start(anchor, terms.unit, terms.count, 1, terms.anchor_day)
    whole = end - _get_day_of_month(end, -months, terms.anchor_day)
    return (end - anchor) / whole


def get_period_start(anchor, unit, count, n, anchor_day=0):
    """Return the day on which period ``n`` starts; period 0 starts on ``anchor``.

    Always counted from the anchor: 31 January is followed by 28 February, then by 31
    March. Periods of months and years after the first one start on ``anchor_day``, or
    on the last day of a shorter month; the first one may be shorter for that.
    """
    if unit in DAYS:
        return anchor + timedelta(days=n * count * DAYS[unit])
    if not n:
        return anchor
    day = anchor_day or anchor.day
    aligned = _get_day_of_month(anchor, 0, day)
    is_short, is_passed = aligned != anchor, aligned < anchor
    return _get_day_of_month(
        anchor, is_passed + (n - is_short) * count * MONTHS[unit], day
    )


def _get_day_of_month(start, months, day):
    """Return ``day``, or the last one there is, ``months`` after the start's month."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(day, monthrange(year, month + 1)[1]))


def get_monthly_factor(unit, count):
    """Return by what the price of a period is multiplied to be that of a month."""
    return PER_YEAR[unit] / (12 * count)


@lru_cache(maxsize=4096)
def count_first_year_bills(unit, count, cycles=0, trial_days=0):
    """Return how often is billed within a year; ``cycles`` of 0 never end.

    A trial moves the first bill. What a billing day moves is a part of a period and
    not counted.
    """
    first = NOMINAL_START + timedelta(days=trial_days)
    end = NOMINAL_START + NOMINAL_YEAR[unit]
    starts = (get_period_start(first, unit, count, n) for n in count_up())
    bills = sum(1 for _start in takewhile(lambda start: start < end, starts))
    return min(bills, cycles) if cycles else bills


def count_contract_bills(unit, count, cycles=0, trial_days=0):
    """Return how often is billed in all; without an end, within the first year."""
    return cycles or count_first_year_bills(unit, count, cycles, trial_days)


def get_bills_value(bills, regular, intro, intro_cycles):
    """Return what so many bills come to, the first ``intro_cycles`` of them at
    ``intro``."""
    intro_bills = min(intro_cycles, bills)
    return intro * intro_bills + regular * (bills - intro_bills)

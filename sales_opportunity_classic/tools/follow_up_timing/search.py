"""Which moment is the next, or the one before, that a slot allows."""

from datetime import datetime, timedelta
from itertools import product

from .clock import to_local, to_utc
from .rules import MIDNIGHT

# What no day of a year allows, none of the next will.
DAYS_SEARCHED = 367


def find_next(moment, slot, local_time=None):
    """Return the first moment from ``moment`` on at which the slot allows a step.

    With neither a time nor a window the day moves and the time of day stays: what is
    due at noon on Saturday comes at noon on Monday, not at midnight.

    :param time local_time: that to keep, where it is not that of ``moment``, because
        clocks skip it on that day
    :raises ValueError: where there is none within a year
    """
    if slot.at is None and slot.allows(moment):
        return moment
    local = to_local(moment, slot.time_zone)
    opening = local_time or local.time() if slot.opening is None else slot.opening
    # A window that opens in the hour that comes twice does so twice; a time does not.
    folds = (0, 1) if slot.at is None else (0,)
    for days, fold in product(range(DAYS_SEARCHED), folds):
        day = local + timedelta(days=days)
        found = to_utc(datetime.combine(day, opening), slot.time_zone, fold)
        if found >= moment and slot.allows(found):
            return found
    raise ValueError(_get_nothing_found_message(local, "after"))


def find_previous(moment, slot, local_time=None):
    """Return when, not after ``moment``, the slot allows a step on the last day.

    On an earlier day it comes at the same time or, where that is not in the window,
    when the window opens: at its end it would easily be missed.

    :param time local_time: that to keep, as in ``find_next``
    :raises ValueError: where there is none within a year
    """
    if slot.at is None and slot.allows(moment):
        return moment
    local = to_local(moment, slot.time_zone)
    times = (local_time or local.time(), slot.opening or MIDNIGHT)
    if slot.at is not None:
        times = (slot.at,)
    for days, local_time in product(range(DAYS_SEARCHED), times):
        day = local - timedelta(days=days)
        found = to_utc(datetime.combine(day, local_time), slot.time_zone)
        if found <= moment and slot.allows(found):
            return found
    raise ValueError(_get_nothing_found_message(local, "before"))


def _get_nothing_found_message(local, word):
    return (
        f"Nothing can be done in the year {word} {local:%Y-%m-%d}: the weekdays,"
        " the working days and the sending window leave no moment."
    )

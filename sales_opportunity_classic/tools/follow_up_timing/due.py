"""When steps are due, one after the other, and after a pause."""

from datetime import datetime, timedelta

from .clock import (
    add_days,
    check_moment,
    count_days,
    get_anniversary,
    set_time,
    to_local,
    to_utc,
)
from .rules import MIDNIGHT, Delay
from .search import DAYS_SEARCHED, find_next, find_previous


def get_due(timing, start, slot):
    """Return when a step is due that follows on ``start``, never before it.

    :param timing: a ``Delay`` or an ``OnDate``
    :return: ``None`` for a step to skip: its date is empty or past
    """
    check_moment(start)
    get_moment = _get_delayed if isinstance(timing, Delay) else _get_dated
    due = get_moment(timing, start, slot)
    if due:
        check_moment(due)
    return due


def get_remaining(due, paused, time_zone):
    """Return what is left at a pause: whole days by the calendar, the rest of one."""
    if due <= paused:
        return 0, timedelta()
    days = count_days(paused, due, time_zone)
    if add_days(paused, days, time_zone) > due:
        days -= 1
    return days, due - add_days(paused, days, time_zone)


def get_resumed(due, paused, now, slot):
    """Return when a step is due that was paused at ``paused`` and goes on at ``now``.

    What was left is kept: days by the calendar, the rest by the clock; before a time of
    day, days alone. Dates do not wait: for an ``OnDate`` ask ``get_due`` again.
    """
    for moment in (due, paused, now):
        check_moment(moment)
    zone = slot.time_zone
    if slot.at is None:
        days, rest = get_remaining(due, paused, zone)
        resumed = add_days(now, days, zone) + rest
    else:
        days = max(0, count_days(paused, due, zone))
        resumed = max(now, set_time(add_days(now, days, zone), slot.at, zone))
    found = find_next(resumed, slot)
    check_moment(found)
    return found


def _get_delayed(delay, start, slot):
    due = delay.add_to(start, slot.time_zone)
    if slot.at is not None and not delay.is_exact:
        due = max(start, set_time(due, slot.at, slot.time_zone))
    return find_next(due, slot, _get_kept_time(start, delay, slot))


def _get_dated(timing, start, slot):
    find = find_previous if timing.is_before else find_next
    for anchor in _get_anchors(timing, start, slot.time_zone):
        wanted = _get_wanted(timing, anchor, slot)
        if wanted < start - timedelta(days=DAYS_SEARCHED):
            continue
        due = find(wanted, slot, _get_kept_time(anchor, timing.offset, slot))
        if due >= start:
            return due
        if _is_still_today(timing, due, start, slot):
            return start
    return None


def _get_anchors(timing, start, time_zone):
    """Return the moments that are counted from: the value's own, or those of some years
    around ``start``."""
    if not timing.value:
        return []
    if not isinstance(timing.value, datetime):
        local = datetime.combine(timing.value, MIDNIGHT)
    elif timing.is_yearly:
        local = to_local(timing.value, time_zone)
    else:
        return [timing.value]
    anchors = _get_anniversaries(timing, local, start) if timing.is_yearly else [local]
    return [to_utc(anchor, time_zone) for anchor in anchors]


def _get_anniversaries(timing, local, start):
    years = timing.offset.years if timing.is_before else -timing.offset.years
    # The years are rounded, and what is due moves where its day is not allowed.
    first = max(local.year, start.year + years - 2)
    return [get_anniversary(local, year) for year in range(first, first + 6)]


def _get_wanted(timing, anchor, slot):
    """Return the moment that is asked for, whatever the slot says of its day."""
    sign = -1 if timing.is_before else 1
    wanted = timing.offset.add_to(anchor, slot.time_zone, sign)
    opening = slot.at
    if timing.is_whole_day:
        opening = slot.opening or MIDNIGHT
    if opening is None or timing.offset.is_exact:
        return wanted
    return set_time(wanted, opening, slot.time_zone)


def _get_kept_time(moment, delay, slot):
    """Return the time of day that a delay by the calendar keeps."""
    return None if delay.is_exact else to_local(moment, slot.time_zone).time()


def _is_still_today(timing, due, now, slot):
    """Tell whether the day, for which no time is set, is not over yet."""
    return (
        timing.is_whole_day
        and slot.at is None
        and not count_days(due, now, slot.time_zone)
        and slot.allows(now)
    )

"""The days of a company calendar on which there is work."""

from datetime import datetime, timedelta

from .clock import check_moment, to_local


def get_working_days(intervals, time_zone):
    """Return the days on which there is work, of the working intervals of a calendar.

    ``Slot.is_working_day`` may be the ``__contains__`` of the result: days outside the
    time that was asked for are days off.

    :param intervals: tuples that begin with start and end, aware or in UTC
    :param str time_zone: that of the calendar, to which its days belong
    """
    days = set()
    for start, end, *_records in intervals:
        if not start < end:
            raise ValueError(f"Work from {start} to {end} ends before it starts.")
        days.update(_get_days(start, end - datetime.resolution, time_zone))
    return frozenset(days)


def _get_days(start, end, time_zone):
    first, last = (to_local(moment, time_zone).date() for moment in (start, end))
    check_moment(first)
    check_moment(last)
    return (first + timedelta(n) for n in range((last - first).days + 1))

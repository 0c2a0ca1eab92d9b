"""Moments and the days and times of day that they are somewhere.

Where clocks go forward, a time that does not exist comes as much later; where they go
back, a time that comes twice is the first.
"""

from calendar import monthrange
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

EARLIEST_YEAR, LATEST_YEAR = 1900, 2200


def get_zone(name):
    """Return the zone of an IANA name.

    :raises ValueError: where there is none of that name
    """
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, TypeError, ValueError) as error:
        raise ValueError(f"There is no time zone “{name}”.") from error


def check_moment(value):
    """Refuse a moment or date that Odoo would not store or a calendar not show.

    :raises ValueError: where it has a zone of its own, or is of no believable year
    """
    if getattr(value, "tzinfo", None):
        raise ValueError(f"{value} is not in UTC without a zone, as Odoo stores it.")
    if not EARLIEST_YEAR <= value.year <= LATEST_YEAR:
        raise ValueError(
            f"{value} is not in the years {EARLIEST_YEAR} to {LATEST_YEAR}."
        )


def to_local(moment, time_zone):
    """Return the local time of a moment, which is in UTC if it has no zone."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(get_zone(time_zone)).replace(tzinfo=None, fold=0)


def to_utc(local, time_zone, fold=0):
    """Return the moment of a local time; a ``fold`` of 1 is the second of two."""
    aware = local.replace(tzinfo=get_zone(time_zone), fold=fold)
    return aware.astimezone(UTC).replace(tzinfo=None)


def set_time(moment, local_time, time_zone):
    """Return the moment of that time on the local day of ``moment``."""
    local = to_local(moment, time_zone)
    return to_utc(datetime.combine(local, local_time), time_zone)


def add_days(moment, count, time_zone):
    """Return the same local time so many days later, or before."""
    if not count:
        # The second of two equal local times must not become the first.
        return moment
    return to_utc(to_local(moment, time_zone) + timedelta(days=count), time_zone)


def add_months(moment, count, time_zone):
    """Return the same local time so many months later, or before; the last day there is
    in a shorter month."""
    if not count:
        return moment
    local = to_local(moment, time_zone)
    year, month = divmod(local.year * 12 + local.month - 1 + count, 12)
    day = min(local.day, monthrange(year, month + 1)[1])
    return to_utc(local.replace(year=year, month=month + 1, day=day), time_zone)


def count_days(start, end, time_zone):
    """Return how many local midnights lie between two moments."""
    first, last = to_local(start, time_zone), to_local(end, time_zone)
    return (last.date() - first.date()).days


def get_anniversary(local, year):
    """Return that day of another year; that of 29 February may be 28 February."""
    day = min(local.day, monthrange(year, local.month)[1])
    return local.replace(year=year, day=day)

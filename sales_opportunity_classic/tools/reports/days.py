"""Time between two moments."""

from odoo.tools import SQL

# Days of Monday to Friday since a Monday long ago: five for each whole week, and of
# the week that has begun no more than five.
WEEKDAYS_SINCE = """
    (5 * FLOOR(%(days)s / 7) + LEAST(%(days)s - 7 * FLOOR(%(days)s / 7), 5))
"""
DAYS_SINCE_A_MONDAY = """
    (DATE_PART('epoch',
        (%(moment)s) AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s - TIMESTAMP '1900-01-01'
    ) / 86400)
"""


def days_between(start, end):
    """Return the days between two moments, to the second."""
    return SQL("(DATE_PART('epoch', %s - (%s)) / 86400)", end, start)


def working_days_between(start, end, tz):
    """Return what of it was Monday to Friday in a time zone."""
    return SQL("(%s - %s)", weekdays_since(end, tz), weekdays_since(start, tz))


def weekdays_since(moment, tz):
    """Return the days of Monday to Friday up to a moment."""
    days = SQL(DAYS_SINCE_A_MONDAY, moment=moment, tz=tz)
    return SQL(WEEKDAYS_SINCE, days=days)


def local_date(moment, tz):
    """Return the day of a moment in a time zone."""
    return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", SQL(moment), tz)

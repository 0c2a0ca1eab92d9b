import re
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise, product

import pytz

from odoo.tests import BaseCase, tagged

from ..tools.follow_up_timing import (
    Delay,
    OnDate,
    Slot,
    Window,
    find_next,
    find_previous,
    get_due,
    get_remaining,
    get_resumed,
    get_working_days,
)
from . import follow_up_timing_cases as cases

BERLIN = "Europe/Berlin"
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
HOLIDAYS = frozenset(date.fromisoformat(day) for day in cases.HOLIDAYS)
WEEK = frozenset(range(5))
NINE = time(9)
OFFICE = Window(NINE, time(17))
# the evening of a February, and before the clocks change in spring and in autumn
STARTS = [
    (zone, datetime(2026, month, day))
    for zone, days in {
        BERLIN: ((2, 27), (3, 28), (10, 24)),
        "America/New_York": ((2, 27), (3, 7), (10, 31)),
        "Australia/Sydney": ((2, 27), (4, 4), (10, 3)),
        "Australia/Lord_Howe": ((4, 4), (10, 3)),
        "Asia/Kathmandu": ((2, 27),),
    }.items()
    for month, day in days
]
SLOTS = (
    {},
    {"weekdays": WEEK},
    {"weekdays": frozenset({6}), "window": Window(time(2), time(4))},
    {"window": OFFICE},
    {"window": OFFICE, "weekdays": WEEK, "holidays": HOLIDAYS},
    {"window": Window(time(1, 45), time(2, 20))},
    {"at": time(2, 30)},
    {"at": NINE, "is_working_day": lambda day: day.day % 3 == 0},
)
DELAYS = [
    Delay(count, unit)
    for count, unit in (
        *((0, "day"), (1, "day"), (3, "day"), (1, "week"), (1, "month")),
        *((40, "minute"), (1, "hour"), (26, "hour")),
    )
]


def split(table):
    """Yield the cells of each row."""
    for row in table.strip().splitlines():
        yield [cell.strip() for cell in row.split("|")]


def read_moment(text):
    """Return "Sat 2026-02-28 10:00+01" in UTC, as Odoo stores it."""
    weekday = text[:3] if text[0].isalpha() else ""
    found = datetime.fromisoformat(text.removeprefix(weekday).strip())
    if weekday and WEEKDAYS[found.weekday()] != weekday:
        raise ValueError(text)
    return found.astimezone(UTC).replace(tzinfo=None)


def read_value(text):
    return read_moment(text) if ":" in text else date.fromisoformat(text)


def read_delay(text):
    count, unit = text.split()
    return Delay(int(count), unit.removesuffix("s"))


def read_offset(text):
    """Return "3 days before" as an offset and its direction."""
    if text == "on":
        return {}
    delay, _space, direction = text.rpartition(" ")
    return {"offset": read_delay(delay), "is_before": direction == "before"}


def read_days(text):
    if text == "work":
        return {"weekdays": WEEK, "holidays": HOLIDAYS}
    if text == "Mon-Fri":
        return {"weekdays": WEEK}
    return {"weekdays": frozenset(map(WEEKDAYS.index, text.split(",")))} if text else {}


def read_times(text):
    times = [time.fromisoformat(part) for part in text.split("-") if part]
    if len(times) == 2:
        return {"window": Window(*times)}
    return {"at": times[0]} if times else {}


def make_slot(time_zone, days="", times=""):
    return Slot(time_zone, **read_days(days), **read_times(times))


def to_local(moment, time_zone):
    """Return the local time by another library than the code's."""
    return pytz.utc.localize(moment).astimezone(pytz.timezone(time_zone))


def get_midnight(moment, time_zone):
    return datetime.combine(to_local(moment, time_zone), time())


def each_half_hour(start, days=2):
    """Return moments from the evening before on."""
    first = start - timedelta(hours=8)
    return [first + timedelta(minutes=30 * n) for n in range(48 * days)]


@tagged("post_install", "-at_install")
class TestFollowUpTiming(BaseCase):
    def _check(self, found, expected, case):
        wanted = None if expected == "skip" else read_moment(expected)
        self.assertEqual(found, wanted, case)

    def _check_dates(self, table, **details):
        for now, rows in table.items():
            for case in split(rows):
                value, offset, days, times, expected = case
                timing = OnDate(read_value(value), **read_offset(offset), **details)
                slot = make_slot(BERLIN, days, times)
                self._check(get_due(timing, read_moment(now), slot), expected, case)

    # === THE TABLE === #

    def test_months_end_with_their_last_day(self):
        for case in split(cases.CALENDAR):
            start, delay, expected = case
            found = get_due(read_delay(delay), read_moment(f"{start} 10:00+00"), Slot())
            self._check(found, f"{expected} 10:00+00", case)

    def test_a_day_is_the_next_one_on_the_clock_of_the_recipient(self):
        for time_zone, table in cases.CLOCKS.items():
            for case in split(table):
                start, delay, expected = case
                slot = make_slot(time_zone)
                found = get_due(read_delay(delay), read_moment(start), slot)
                self._check(found, expected, case)

    def test_days_off_move_the_day_and_keep_the_time(self):
        for time_zone, table in cases.DAYS.items():
            for case in split(table):
                start, delay, days, expected = case
                slot = make_slot(time_zone, days)
                found = get_due(read_delay(delay), read_moment(start), slot)
                self._check(found, expected, case)

    def test_steps_wait_for_their_time_or_window(self):
        for time_zone, table in cases.TIMES.items():
            for case in split(table):
                start, delay, days, times, expected = case
                slot = make_slot(time_zone, days, times)
                found = get_due(read_delay(delay), read_moment(start), slot)
                self._check(found, expected, case)

    def test_steps_by_a_date_of_the_record(self):
        self._check_dates(cases.DATES)

    def test_steps_by_a_date_of_each_year(self):
        self._check_dates(cases.YEARLY, is_yearly=True)

    def test_a_pause_keeps_what_was_left(self):
        for case in split(cases.PAUSES):
            moments, times, expected = case[:3], case[3], case[4]
            due, paused, now = (read_moment(f"2026-{text}") for text in moments)
            weekday, rest = expected.split(" ", 1)
            found = get_resumed(due, paused, now, make_slot(BERLIN, "", times))
            self._check(found, f"{weekday} 2026-{rest}", case)

    # === WHAT HOLDS FOR ALL === #

    def test_nothing_is_due_before_it_starts_nor_outside_its_slot(self):
        for (zone, start), details, delay in product(STARTS, SLOTS, DELAYS):
            slot = Slot(zone, **details)
            for moment in each_half_hour(start):
                due = get_due(delay, moment, slot)
                local = to_local(due, zone)
                case = (zone, moment, details, delay, due)
                self.assertGreaterEqual(due, moment, case)
                self.assertTrue(slot.allows(due), case)
                self.assertIn(local.weekday(), slot.weekdays, case)
                self.assertNotIn(local.date(), slot.holidays, case)
                if slot.window:
                    self.assertLessEqual(slot.window.start, local.time(), case)
                    self.assertLess(local.time(), slot.window.end, case)

    def _get_starts_in_order(self, zone, start, delay):
        """Return starts that are in order on the clock that the delay goes by."""
        moments = each_half_hour(start)
        if delay.is_exact:
            return moments
        by_local = {}
        for moment in moments:
            local = to_local(moment, zone).replace(tzinfo=None)
            # the ends of longer months all meet on the last day of a shorter one
            if delay.unit != "month" or local.day <= 28:
                by_local.setdefault(local, moment)
        return [by_local[local] for local in sorted(by_local)]

    def test_who_starts_later_is_not_served_earlier(self):
        # A time that a clock skips comes an hour later, when others are due already.
        gap = timedelta(hours=1)
        for (zone, start), details, delay in product(STARTS, SLOTS, DELAYS):
            slot = Slot(zone, **details)
            moments = self._get_starts_in_order(zone, start, delay)
            dues = [get_due(delay, moment, slot) for moment in moments]
            if details and slot.opening is None:
                # Days that move keep their time, so only the days are in order.
                dues = [get_midnight(due, zone) for due in dues]
            for first, second in pairwise(dues):
                self.assertLessEqual(first - gap, second, (zone, details, delay))

    def test_the_next_moment_in_a_window_is_the_first_one(self):
        minute = timedelta(minutes=1)
        for zone, start in STARTS:
            slot = Slot(zone, window=Window(time(1, 45), time(3, 15)))
            for moment in each_half_hour(start):
                found = moment
                while not time(1, 45) <= to_local(found, zone).time() < time(3, 15):
                    found += minute
                self.assertEqual(find_next(moment, slot), found, (zone, moment))

    def test_what_comes_before_a_date_is_not_late(self):
        for (zone, start), details in product(STARTS, SLOTS):
            slot = Slot(zone, **details)
            for moment in each_half_hour(start):
                found = find_previous(moment, slot)
                self.assertLessEqual(found, moment)
                self.assertTrue(slot.allows(found))

    def test_a_pause_of_no_time_changes_nothing(self):
        for (zone, start), details, delay in product(STARTS, SLOTS, DELAYS):
            slot = Slot(zone, **details)
            due = get_due(delay, start, slot)
            for paused in (start, start + (due - start) / 3, due):
                self.assertEqual(get_resumed(due, paused, paused, slot), due)

    def test_a_step_by_a_date_comes_once_a_year(self):
        slot = Slot(BERLIN, at=NINE)
        for day in (date(2000, 2, 29), date(1999, 12, 31), date(2001, 1, 1)):
            moment, dues = datetime(2023, 6, 1), []
            for _year in range(10):
                dues.append(get_due(OnDate(day, is_yearly=True), moment, slot))
                moment = dues[-1] + timedelta(seconds=1)
            self.assertEqual(
                [due.year for due in dues],
                list(range(dues[0].year, dues[0].year + 10)),
            )

    # === CHAINS, PAUSES, CALENDARS === #

    def test_each_step_of_a_chain_follows_on_the_one_before(self):
        office = make_slot(BERLIN, "work", "09:00-17:00")
        morning = make_slot(BERLIN, "", "08:00")
        steps = [
            (Delay(0, "day"), office),
            (Delay(30, "minute"), office),
            (Delay(1, "day"), office),
            (OnDate(date(2026, 4, 1)), morning),
            (OnDate(None), morning),
            (Delay(1, "week"), morning),
            (OnDate(date(2000, 5, 1), Delay(3, "day"), True, True), office),
            (Delay(1, "month"), make_slot(BERLIN)),
        ]
        expected = (
            *("Wed 2026-04-01 16:45+02", "Thu 2026-04-02 09:00+02"),
            *("Tue 2026-04-07 09:00+02", "skip", "skip", "Tue 2026-04-14 08:00+02"),
            *("Tue 2026-04-28 09:00+02", "Thu 2026-05-28 09:00+02"),
        )
        moment = read_moment("Wed 2026-04-01 16:45+02")
        for (timing, slot), wanted in zip(steps, expected, strict=True):
            due = get_due(timing, moment, slot)
            self._check(due, wanted, wanted)
            moment = due or moment

    def test_what_is_left_is_told_in_days_and_the_rest_of_one(self):
        for due, paused, days, hours in (
            ("2026-06-11 12:00+02", "2026-06-08 09:00+02", 3, 3),
            ("2026-06-11 08:00+02", "2026-06-08 09:00+02", 2, 23),
            ("2026-06-08 12:00+02", "2026-06-08 09:00+02", 0, 3),
            ("2026-06-08 09:00+02", "2026-06-08 12:00+02", 0, 0),
            ("2026-03-30 09:00+02", "2026-03-28 09:00+01", 2, 0),
            ("2026-03-29 08:00+02", "2026-03-28 09:00+01", 0, 22),
        ):
            found = get_remaining(read_moment(due), read_moment(paused), BERLIN)
            self.assertEqual(found, (days, timedelta(hours=hours)), (due, paused))

    def test_working_days_are_those_of_the_company_where_it_is(self):
        intervals = [
            ("2026-06-08 08:00+02", "2026-06-08 12:00+02"),
            ("2026-06-08 13:00+02", "2026-06-08 17:00+02"),
            ("2026-06-10 22:00+02", "2026-06-11 00:00+02"),
            ("2026-06-12 22:00+02", "2026-06-13 06:00+02"),
        ]
        expected = {date(2026, 6, day) for day in (8, 10, 12, 13)}
        aware = [
            (datetime.fromisoformat(start), datetime.fromisoformat(end), None)
            for start, end in intervals
        ]
        stored = [tuple(map(read_moment, interval)) for interval in intervals]
        for given in (aware, stored):
            self.assertEqual(get_working_days(given, BERLIN), expected)
        self.assertFalse(get_working_days([], BERLIN))

    def test_working_days_may_be_a_set_or_a_question(self):
        days = frozenset({date(2026, 6, 10), date(2026, 6, 12)})
        moment = read_moment("2026-06-10 10:00+02")
        for is_working_day in (days.__contains__, lambda day: day in days):
            slot = Slot(BERLIN, is_working_day=is_working_day, at=NINE)
            found = get_due(Delay(1, "day"), moment, slot)
            self._check(found, "Fri 2026-06-12 09:00+02", "a working day")

    def test_a_holiday_is_one_on_the_day_of_the_recipient(self):
        holiday = frozenset({date(2026, 6, 9)})
        moment = datetime(2026, 6, 8, 20)
        for zone, is_allowed in ((BERLIN, True), ("Australia/Sydney", False)):
            self.assertEqual(Slot(zone, holidays=holiday).allows(moment), is_allowed)

    def test_a_calendar_is_not_asked_of_years_long_past(self):
        asked = []
        slot = Slot(is_working_day=lambda day: asked.append(day) or True)
        value = date(1950, 3, 1)
        for is_yearly in (False, True):
            get_due(OnDate(value, is_yearly=is_yearly), datetime(2026, 6, 8), slot)
        self.assertGreaterEqual(min(asked), date(2025, 3, 1))

    # === WHAT CANNOT BE === #

    def _check_refused(self, *cases):
        for refused, sentence in cases:
            with self.assertRaisesRegex(ValueError, re.escape(sentence)):
                refused()

    def test_impossible_rules_are_refused_with_a_sentence(self):
        self._check_refused(
            (lambda: Delay(1, "year"), "not counted in “year”"),
            (lambda: Delay(1, None), "not counted in “None”"),
            (lambda: Delay(-1, "day"), "a whole number from 0 on"),
            (lambda: Delay(1.5, "day"), "a whole number from 0 on"),
            (lambda: Delay("1", "day"), "a whole number from 0 on"),
            (lambda: Delay(10**6 * 12, "month"), "over 100 years"),
            (lambda: Delay(10**100, "minute"), "over 100 years"),
            (lambda: Delay(36525, "day"), "over 100 years"),
            (lambda: Window(time(17), NINE), "17:00 to 09:00 does not"),
            (lambda: Window(time(22), time(6)), "22:00 to 06:00 does not"),
            (lambda: Window(NINE, NINE), "09:00 to 09:00 does not"),
            (lambda: Slot(""), "no time zone"),
            (lambda: Slot(False), "no time zone"),
            (lambda: Slot("Europe/Atlantis"), "no time zone “Europe/Atlantis”"),
            (lambda: Slot("../../etc/passwd"), "no time zone"),
            (lambda: Slot("Europe"), "no time zone"),
            (lambda: Slot("x" * 5000), "no time zone"),
            (lambda: Slot("a\0b"), "no time zone"),
            (lambda: Slot(weekdays=frozenset()), "at least one day"),
            (lambda: Slot(weekdays=frozenset({7})), "0 (Monday) to 6"),
            (lambda: Slot(at=time(8), window=OFFICE), "08:00 is outside the sending"),
            (lambda: OnDate(date(9999, 12, 31)), "not in the years 1900 to 2200"),
            (lambda: OnDate(datetime(1, 1, 1)), "not in the years 1900 to 2200"),
            (lambda: OnDate(datetime(2026, 1, 1, tzinfo=UTC)), "in UTC without a zone"),
        )

    def test_impossible_moments_are_refused_with_a_sentence(self):
        start, far = datetime(2026, 6, 8), datetime(2199, 6, 8)
        days_off = Slot(is_working_day=lambda day: False)
        closed = Slot(holidays={start.date() + timedelta(days=n) for n in range(800)})
        self._check_refused(
            (lambda: get_due(Delay(99 * 12, "month"), far, Slot()), "1900 to 2200"),
            (lambda: get_due(Delay(1, "day"), datetime.max, Slot()), "1900 to 2200"),
            (lambda: get_due(Delay(1, "day"), datetime.min, Slot()), "1900 to 2200"),
            (lambda: get_resumed(start, start, datetime.max, Slot()), "1900 to 2200"),
            (lambda: get_due(Delay(1, "day"), start, days_off), "in the year after"),
            (lambda: get_due(Delay(1, "day"), start, closed), "in the year after"),
            (lambda: get_due(OnDate(date(2026, 7, 1)), start, days_off), "Nothing can"),
            (lambda: find_previous(start, days_off), "in the year before 2026-06-08"),
            (lambda: get_working_days([(start, start)], "UTC"), "ends before it"),
            (lambda: get_working_days([(start, datetime.max)], "UTC"), "1900 to 2200"),
        )

    def test_an_empty_date_is_skipped(self):
        for value in (None, False):
            for is_yearly in (False, True):
                timing = OnDate(value, is_yearly=is_yearly)
                self.assertIsNone(get_due(timing, datetime(2026, 6, 8), Slot()))

    def test_the_longest_delays_have_an_end(self):
        for count, unit in ((100 * 12, "month"), (36524, "day"), (52594920, "minute")):
            due = get_due(Delay(count, unit), datetime(2026, 6, 8), Slot(BERLIN))
            self.assertIn(due.date(), (date(2126, 6, 7), date(2126, 6, 8)))
        timing = OnDate(date(1990, 6, 1), Delay(100 * 12, "month"), is_yearly=True)
        self.assertEqual(
            get_due(timing, datetime(2026, 6, 8), Slot()), datetime(2090, 6, 1)
        )

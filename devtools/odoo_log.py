"""Judging a test run of Odoo by its exit status and its log.

Odoo can print `0 failed` and still have failed, so nothing here trusts that line alone.
"""

import dataclasses
import re

RECORD = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ (?P<level>[A-Z]+) \S+ "
    r"(?P<logger>[^:\s]+): (?P<message>.*)$"
)
SUMMARY = re.compile(r"^\d+ failed, \d+ error\(s\) of (?P<run>\d+) tests when")
RECAP = re.compile(r"^(Module \S+: \d+ failures, |At least one test failed when)")
# A test is named Class.method; what failed to set up a class is named otherwise.
FAILURE = re.compile(r"^(FAIL|ERROR): (Subtest )?(?P<test>[\w.]+)")
SKIP = re.compile(r"^skipped (Subtest )?(?P<test>[\w.]+).* : ")
BAD_LEVELS = ("WARNING", "ERROR", "CRITICAL")


@dataclasses.dataclass(frozen=True)
class Record:
    """One entry of the log, with the lines of its traceback."""

    level: str
    logger: str
    message: str
    rest: tuple = ()

    @property
    def text(self):
        """What a reader needs to see of it."""
        return "\n".join([f"{self.level} {self.logger}: {self.message}", *self.rest])


@dataclasses.dataclass(frozen=True)
class Allowed:
    """A line of Odoo's own that is known to be harmless, with the reason."""

    logger: str
    message: str
    reason: str

    def matches(self, record):
        """Whether a record is that line."""
        return record.logger == self.logger and re.search(self.message, record.message)


@dataclasses.dataclass
class Outcome:
    """How one part of the tests went; `details` tells every failure."""

    title: str
    passed: int = 0
    failed: int = 0
    details: list = dataclasses.field(default_factory=list)


ALLOWED = ()


def judge(title, text, status, allowed=ALLOWED):
    """The outcome of a test run, from its whole log and its exit status."""
    records = parse(text)
    run = sum(int(found["run"]) for found in searches(SUMMARY, records))
    failures = [record for record in records if is_failure(record)]
    skips = searches(SKIP, records)
    details = [record.text for record in failures]
    details += [record.text for record in records if is_trouble(record, allowed)]
    if not run:
        details.append("No test was run.")
    if status and not details:
        details.append(f"Odoo ended with status {status} but logged no error.")
    failed = {FAILURE.match(record.message)["test"] for record in failures}
    not_passed = failed | {found["test"] for found in skips}
    passed = run - sum(1 for test in not_passed if "." in test)
    troubles = len(details) - len(failures)
    return Outcome(title, max(passed, 0), len(failed) + troubles, details)


def parse(text):
    """The records of a log."""
    records = []
    for line in text.splitlines():
        if found := RECORD.match(line):
            records.append(Record(found["level"], found["logger"], found["message"]))
        elif records:
            last = records[-1]
            records[-1] = dataclasses.replace(last, rest=(*last.rest, line))
    return records


def searches(pattern, records):
    """The matches of a pattern among the records' messages."""
    return [found for record in records if (found := pattern.match(record.message))]


def is_failure(record):
    """Whether the record tells of a failed test."""
    return record.level == "ERROR" and bool(FAILURE.match(record.message))


def is_trouble(record, allowed):
    """Whether the record, no failed test itself, must not be there."""
    if SKIP.match(record.message):
        return True
    if record.level not in BAD_LEVELS or is_failure(record):
        return False
    if SUMMARY.match(record.message) or RECAP.match(record.message):
        return False
    return not any(line.matches(record) for line in allowed)

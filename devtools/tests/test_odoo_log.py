"""The judge of Odoo's log must never be fooled into green."""

import unittest

from devtools.odoo_log import Allowed, judge

STAMP = "2026-01-02 03:04:05,678 42"
SUMMARY = "INFO db odoo.tests.result: 0 failed, 0 error(s) of 5 tests when loading"


def log(*lines):
    """A log with a time stamp before each line."""
    return "\n".join(f"{STAMP} {line}" for line in lines)


class TestJudge(unittest.TestCase):
    """What counts as passed and as failed."""

    def judge(self, *lines, status=0, allowed=()):
        """The numbers of passed and failed tests of a log."""
        outcome = judge("title", log(*lines), status, allowed)
        return outcome.passed, outcome.failed

    def test_clean_run_counts_its_tests(self):
        self.assertEqual(self.judge(SUMMARY), (5, 0))

    def test_run_without_tests_fails(self):
        self.assertEqual(self.judge(SUMMARY.replace("5 tests", "0 tests")), (0, 1))

    def test_run_that_never_came_to_its_tests_fails(self):
        self.assertEqual(self.judge("INFO db odoo.registry: loaded"), (0, 1))

    def test_failed_and_broken_tests_are_counted_once_each(self):
        outcome = self.judge(
            "ERROR db odoo.addons.a.tests.test_a: FAIL: TestA.test_one",
            "ERROR db odoo.addons.a.tests.test_a: ERROR: TestA.test_two",
            "ERROR db odoo.modules.loading: Module a: 1 failures, 1 errors of 5 tests",
            "ERROR db odoo.tests.result: 1 failed, 1 error(s) of 5 tests when loading",
            "ERROR db odoo.registry: At least one test failed when loading modules.",
            status=1,
        )
        self.assertEqual(outcome, (3, 2))

    def test_failed_subtests_of_one_test_count_as_one(self):
        outcome = self.judge(
            "ERROR db odoo.addons.a.tests.test_a: FAIL: Subtest TestA.test_one (n=1)",
            "ERROR db odoo.addons.a.tests.test_a: FAIL: Subtest TestA.test_one (n=2)",
            "ERROR db odoo.tests.result: 2 failed, 0 error(s) of 5 tests when loading",
            status=1,
        )
        self.assertEqual(outcome, (4, 1))

    def test_class_that_could_not_be_set_up_fails_and_takes_no_test_away(self):
        outcome = self.judge(
            "ERROR db odoo.tests: ERROR: setUpClass (odoo.addons.a.tests.test_a.TestA)",
            "ERROR db odoo.tests.result: 0 failed, 1 error(s) of 5 tests when loading",
            status=1,
        )
        self.assertEqual(outcome, (5, 1))

    def test_critical_line_after_zero_failures_fails(self):
        critical = (
            "CRITICAL db odoo.service.server: Failed to initialize database `db`."
        )
        self.assertEqual(self.judge(SUMMARY, critical, status=255), (5, 1))

    def test_warning_and_error_of_the_log_fail(self):
        lines = ("WARNING db odoo.fields: unknown parameter", "ERROR ? odoo.http: bad")
        self.assertEqual(self.judge(SUMMARY, *lines), (5, 2))

    def test_allowed_line_passes_and_its_neighbour_does_not(self):
        allowed = (Allowed("odoo.http", "^known", "harmless"),)
        known, unknown = (f"WARNING db odoo.http: {word}" for word in ("known", "new"))
        self.assertEqual(self.judge(SUMMARY, known, allowed=allowed), (5, 0))
        self.assertEqual(self.judge(SUMMARY, unknown, allowed=allowed), (5, 1))

    def test_skipped_test_is_not_a_passed_one(self):
        skip = "INFO db odoo.addons.a.tests.test_a: skipped TestA.test_one : no Chrome"
        self.assertEqual(self.judge(SUMMARY, skip), (4, 1))

    def test_skipped_class_fails_and_takes_no_test_away(self):
        skip = "INFO db odoo.tests: skipped setUpClass (a.tests.test_a.TestA) : why"
        self.assertEqual(self.judge(SUMMARY, skip), (5, 1))

    def test_bad_status_alone_fails(self):
        self.assertEqual(self.judge(SUMMARY, status=255), (5, 1))

    def test_traceback_belongs_to_its_line(self):
        text = log(SUMMARY, "ERROR db odoo.http: bad") + "\nTraceback:\n  ValueError"
        [detail] = judge("title", text, 1).details
        self.assertTrue(detail.endswith("bad\nTraceback:\n  ValueError"))

    def test_failing_test_is_told_with_its_traceback(self):
        failure = "ERROR db odoo.addons.a.tests.test_a: FAIL: TestA.test_one"
        text = log(SUMMARY, failure) + "\nTraceback:\n  AssertionError"
        self.assertIn("AssertionError", judge("title", text, 1).details[0])


if __name__ == "__main__":
    unittest.main()

"""Core test results, compared test by test."""

import unittest

from devtools.core_tests import compare, read_junit

REPORT = """<testsuites><testsuite>
<testcase classname="x.odoo.addons.crm.tests.test_a.TestA" name="test_one"/>
<testcase classname="x.odoo.addons.crm.tests.test_a.TestA" name="test_two">
  <skipped message="why"/></testcase>
<testcase classname="x.odoo.addons.crm.tests.test_a.TestA" name="test_three">
  <failure message="why"/></testcase>
</testsuite></testsuites>"""
CLASS = "crm.tests.test_a.TestA"


class TestComparison(unittest.TestCase):
    """Reading and comparing two reports."""

    def test_report_tells_how_each_test_ended(self):
        expected = {
            "test_one": "passed",
            "test_two": "skipped",
            "test_three": "failure",
        }
        named = {f"{CLASS}.{name}": way for name, way in expected.items()}
        self.assertEqual(read_junit(REPORT), named)

    def test_same_results_pass_even_where_core_itself_fails(self):
        results = {"a": "passed", "b": "failure", "c": "skipped"}
        outcome = compare(results, dict(results))
        self.assertEqual((outcome.passed, outcome.failed), (1, 0))

    def test_each_difference_is_named(self):
        without = {"a": "passed", "b": "passed", "c": "passed"}
        outcome = compare(without, {"a": "passed", "b": "failure"})
        self.assertEqual((outcome.passed, outcome.failed), (1, 2))
        self.assertIn("b: passed without the addon, failure with it", outcome.details)
        self.assertIn("c: passed without the addon, absent with it", outcome.details)

    def test_nothing_passed_is_a_failure(self):
        self.assertEqual(compare({}, {}).failed, 1)


if __name__ == "__main__":
    unittest.main()

"""Sides are measured in turn, and what they come to is judged by its goal."""

import unittest

from benchmarks.figures import Line, Sample, interleave, line, show, table


def taken(*milliseconds, queries=1):
    """Samples that took as long."""
    return [Sample(time / 1000, queries) for time in milliseconds]


class TestInterleave(unittest.TestCase):
    """Rounds alternate between the sides."""

    def setUp(self):
        self.calls = []

    def side(self, name):
        """A side that notes when it runs."""

        def run(number):
            self.calls.append(name)
            return Sample(number, 1)

        return run

    def test_sides_take_turns_in_alternating_order(self):
        interleave(2, warm_up=0, ours=self.side("ours"), peer=self.side("peer"))
        self.assertEqual(self.calls, ["peer", "ours", "ours", "peer"])

    def test_warm_up_does_not_count(self):
        samples = interleave(3, warm_up=2, ours=self.side("ours"))
        self.assertEqual(len(self.calls), 5)
        self.assertEqual([sample.seconds for sample in samples["ours"]], [0, 1, 2])


class TestLine(unittest.TestCase):
    """A line holds medians, the ratio and the queries."""

    def test_ratio_to_the_peer(self):
        samples = {
            "ours": taken(11, 10, 99, queries=13),
            "peer": taken(10, 10, 10, queries=12),
            "floor": taken(1, 2, 3),
        }
        result = line("write", samples, 1.05)
        self.assertAlmostEqual(result.ratio, 1.1)
        self.assertAlmostEqual(result.floor, 2)
        self.assertEqual(result.queries, "13/12")
        self.assertFalse(result.is_met)

    def test_ratio_to_the_floor_where_there_is_no_peer(self):
        result = line("fill", {"ours": taken(12), "floor": taken(10)}, 1.3)
        self.assertAlmostEqual(result.ratio, 1.2)
        self.assertIsNone(result.peer)
        self.assertTrue(result.is_met)

    def test_goal_of_being_faster(self):
        samples = {"ours": taken(1), "peer": taken(30)}
        self.assertTrue(line("read", samples, 25, faster=True).is_met)
        self.assertFalse(line("read", samples, 31, faster=True).is_met)

    def test_samples_add_up(self):
        self.assertEqual(Sample(1, 2) + Sample(3, 4), Sample(4, 6))


class TestReport(unittest.TestCase):
    """One line each, and a table for the README."""

    result = Line("write", 1.0349, 123.4, None, 0.5678, "13", 1.05)

    def test_line(self):
        self.assertEqual(
            str(self.result),
            "write ratio=1.03 ours=123 peer=- floor=0.568 queries=13",
        )

    def test_table(self):
        head, rule, row = table([self.result]).splitlines()
        self.assertEqual(head.count("|"), row.count("|"))
        self.assertEqual(head.count("|"), rule.count("|"))
        self.assertIn("| write | 123 | - | 0.568 | 13 | 1.03 | 1.05 |", row)

    def test_figures_keep_what_matters(self):
        self.assertEqual(show(1234.5), "1234")
        self.assertEqual(show(1.2345), "1.23")
        self.assertEqual(show(None), "-")

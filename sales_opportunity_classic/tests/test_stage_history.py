from datetime import datetime, timedelta

from odoo.tests import BaseCase, tagged

from ..tools.stage_history import add_up_stays


@tagged("post_install", "-at_install")
class TestStageHistory(BaseCase):
    def _entries(self, lead_id, *stays):
        start = datetime(2026, 1, 1)
        return [
            (lead_id, stage_id, start + timedelta(seconds=since))
            for stage_id, since in stays
        ]

    def test_stays_are_added_up_per_lead_and_stage(self):
        entries = [
            *self._entries(1, (10, 0), (20, 60), (10, 90)),
            *self._entries(2, (20, 30)),
        ]
        now = datetime(2026, 1, 1, 0, 2)
        expected = {1: {10: 60 + 30, 20: 30}, 2: {20: 90}}
        self.assertEqual(add_up_stays(entries, now), expected)

    def test_whole_seconds_per_stay_as_odoo_counts(self):
        entries = self._entries(1, (10, 0), (20, 1.9), (10, 3.7), (None, 4.4))
        now = datetime(2026, 1, 1, 0, 0, 9, 900000)
        self.assertEqual(add_up_stays(entries, now), {1: {10: 1, 20: 1, None: 5}})

    def test_nothing_of_nothing(self):
        self.assertEqual(add_up_stays([], datetime(2026, 1, 1)), {})

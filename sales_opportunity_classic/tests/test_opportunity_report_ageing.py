from datetime import date, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .report_common import NOW, ReportCommon

MODEL = "opportunity.report.ageing"
DAY = timedelta(days=1)


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestOpportunityReportAgeing(ReportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.slow.write({"next_action_date": "2026-02-28"})
        cls.env.flush_all()

    def _get_last_move(self, lead):
        [row] = self._read_rows(
            "SELECT MAX(date) AS date FROM opportunity_stage_move WHERE lead_id = %s",
            lead["id"],
        )
        return row["date"]

    def _assert_figures(self, user):
        waiting = self.env[MODEL].with_user(user).search([])
        expected = {
            lead_id: lead
            for lead_id, lead in self._read_leads(user).items()
            if lead["won_status"] == "pending"
            and lead["active"]
            and lead["type"] == "opportunity"
        }
        self.assertEqual(set(waiting.lead_id.ids), set(expected))
        for row in waiting:
            lead = expected[row.lead_id.id]
            days = (NOW - self._get_last_move(lead)) / DAY
            self.assertAlmostEqual(row.days_unmoved, days, 6)
            self.assertAlmostEqual(row.days_open, (NOW - lead["create_date"]) / DAY, 6)
            revenue = self._exchange(lead["expected_revenue"], lead)
            self.assertAlmostEqual(row.expected_revenue, revenue, 6)

    def test_figures(self):
        for user in (self.user_sales_manager, self.seller, self.other):
            self._assert_figures(user)

    def test_a_restored_deal_is_at_the_rate_of_today(self):
        with freeze_time("2026-01-20"):
            self.abroad.action_set_lost(lost_reason_id=False)
            self.env.flush_all()
        self.abroad.action_unarchive()
        for model, name in (
            (MODEL, "expected_revenue"),
            ("opportunity.report.salesperson", "open_revenue"),
            ("opportunity.report.forecast", "expected_revenue"),
        ):
            [[revenue]] = self.env[model]._read_group(
                [("lead_id", "=", self.abroad.id)], aggregates=[f"{name}:sum"]
            )
            self.assertAlmostEqual(revenue, 133.32)

    def test_ages(self):
        ages = {
            "07": "2026-02-24 08:00:00",
            "30": "2026-02-22 08:00:00",
            "60": "2026-01-30 08:00:00",
            "90": "2025-12-15 08:00:00",
            "more": "2025-11-01 08:00:00",
        }
        for age, moved in ages.items():
            self._write_history(self.slow, [(moved, "created", self.stage_first)])
            row = self.env[MODEL].search([("lead_id", "=", self.slow.id)])
            row.invalidate_recordset()
            self.assertEqual(row.age, age)

    def test_the_next_action(self):
        row = self.env[MODEL].with_user(self.seller).search([])
        self.assertEqual((row.next_action, row.days_overdue), ("overdue", 2))
        for due, kind in (
            (date(2026, 3, 2), "today"),
            (date(2026, 3, 3), "planned"),
            (False, "none"),
        ):
            self.slow.next_action_date = due
            self.env.flush_all()
            row.invalidate_recordset()
            self.assertEqual((row.next_action, row.days_overdue), (kind, 0))

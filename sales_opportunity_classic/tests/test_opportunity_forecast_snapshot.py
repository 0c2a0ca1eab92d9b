from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .report_common import NOW, ReportCommon


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestOpportunityForecastSnapshot(ReportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Snapshot = cls.env["opportunity.forecast.snapshot"]
        cls.slow.write({"probability": 30, "revenue_low": 150, "date_deadline": NOW})
        cls.Snapshot._cron_take_snapshot()

    def test_it_notes_what_is_open(self):
        snapshots = self.Snapshot.search([])
        self.assertEqual(snapshots.lead_id, self.slow + self.abroad)
        self.assertRecordValues(
            snapshots.filtered(lambda row: row.lead_id == self.slow),
            [
                {
                    "date": NOW.date(),
                    "date_deadline": NOW.date(),
                    "user_id": self.seller.id,
                    "stage_id": self.stage_second.id,
                    "probability": 30,
                    "revenue_low": 150,
                    "expected_revenue": 200,
                    "include_in_forecast": True,
                    "company_currency": self.dollar.id,
                }
            ],
        )

    def test_it_stays_as_it_was(self):
        self.slow.write({"expected_revenue": 900, "include_in_forecast": False})
        snapshot = self.Snapshot.search([("lead_id", "=", self.slow.id)])
        self.assertEqual(snapshot.expected_revenue, 200)
        self.assertTrue(snapshot.include_in_forecast)

    def test_once_a_month(self):
        self.Snapshot._cron_take_snapshot()
        with freeze_time("2026-03-31 23:00:00"):
            self.Snapshot._cron_take_snapshot()
        self.assertEqual(self.Snapshot.search_count([]), 2)
        with freeze_time("2026-04-01 01:00:00"):
            self.Snapshot._cron_take_snapshot()
        self.assertEqual(self.Snapshot.search_count([]), 4)

    def test_the_scheduled_action_takes_it(self):
        cron = self.env.ref("sales_opportunity_classic.ir_cron_forecast_snapshot")
        self.assertEqual((cron.interval_number, cron.interval_type), (1, "months"))
        with freeze_time("2026-04-01 01:00:00"), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(self.Snapshot.search_count([]), 4)

    def test_each_sees_the_snapshots_of_their_own(self):
        salesman = self.Snapshot.with_user(self.seller)
        self.assertEqual(salesman.search([]).lead_id, self.slow)
        foreign = self.Snapshot.search([("lead_id", "=", self.abroad.id)])
        with self.assertRefused(AccessError):
            foreign.with_user(self.seller).read(["expected_revenue"])

    def test_nobody_writes(self):
        snapshot = self.Snapshot.with_user(self.user_sales_manager).search([], limit=1)
        for operation in (
            lambda: snapshot.write({"expected_revenue": 1}),
            lambda: snapshot.unlink(),
            lambda: snapshot.create({"lead_id": self.slow.id, "date": NOW}),
        ):
            with self.assertRefused(AccessError):
                operation()

    def test_a_merge_keeps_what_was_expected(self):
        double = self._create_opportunity(self.seller, expected_revenue=70)
        with freeze_time("2026-04-01 01:00:00"):
            self.Snapshot._cron_take_snapshot()
        merged = (self.slow + double).with_user(self.user_sales_manager)
        survivor = merged.merge_opportunity()
        snapshots = self.Snapshot.search([("lead_id", "=", survivor.id)])
        self.assertEqual(sum(snapshots.mapped("expected_revenue")), 200 + 200 + 70)

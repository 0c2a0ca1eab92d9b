from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .report_common import NOW, ReportCommon


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestOpportunityReportDashboard(ReportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.slow.write({"date_deadline": "2026-04-20", "probability": 30})
        cls.abroad.write({"date_deadline": "2026-03-31", "probability": 25})
        cls.env.flush_all()

    def _get_dashboard(self, user, **choices):
        dashboard = self.env["opportunity.report.dashboard"].with_user(user)
        return dashboard.get_dashboard(**choices)

    def _get_tiles(self, user, **choices):
        tiles = self._get_dashboard(user, **choices)["tiles"]
        return {
            tile["name"]: (round(tile["value"], 2), tile.get("previous"))
            for tile in tiles
        }

    def test_tiles_of_a_manager(self):
        tiles = self._get_tiles(self.user_sales_manager, period="year")
        self.assertEqual(tiles["won_revenue"], (1233.2, 0))
        self.assertEqual(tiles["lost_revenue"], (400, 0))
        self.assertEqual(tiles["win_rate"], (0.67, 0))
        self.assertEqual(tiles["average_revenue"], (616.6, 0))
        self.assertEqual(tiles["expected_revenue"], (333.32, None))
        self.assertEqual(tiles["weighted_revenue"], (93.33, None))

    def test_tiles_compare_the_same_days_of_the_period_before(self):
        with freeze_time("2026-02-10 09:00:00"):
            tiles = self._get_tiles(self.seller, period="month")
            self.assertEqual(tiles["won_revenue"], (0, 0))
        with freeze_time("2026-02-20 09:00:00"):
            tiles = self._get_tiles(self.seller, period="month")
            self.assertEqual(tiles["won_revenue"], (0, 1100))

    def test_everybody_sees_their_own(self):
        tiles = self._get_tiles(self.seller, period="year")
        self.assertEqual(tiles["won_revenue"], (1100, 0))
        dashboard = self._get_dashboard(self.seller)
        self.assertEqual([row["name"] for row in dashboard["top"]], ["Slow"])
        self.assertEqual([row["id"] for row in dashboard["users"]], [self.seller.id])

    def test_one_salesperson(self):
        manager = self.user_sales_manager
        own = self._get_tiles(manager, period="year", user_id=self.seller.id)
        self.assertEqual(own, self._get_tiles(self.seller, period="year"))

    def test_funnel_forecast_and_lists(self):
        dashboard = self._get_dashboard(self.user_sales_manager)
        [stage] = dashboard["funnel"]
        self.assertEqual((stage["name"], stage["count"]), ("Engaging", 2))
        self.assertAlmostEqual(stage["revenue"], 333.32)
        months = {row["month"]: row for row in dashboard["forecast"]}
        self.assertAlmostEqual(months[date(2026, 1, 1)]["won"], 1233.2)
        self.assertAlmostEqual(months[date(2026, 4, 1)]["weighted"], 60)
        self.assertEqual([row["name"] for row in dashboard["top"]], ["Slow", "Abroad"])
        self.assertEqual([row["name"] for row in dashboard["stuck"]], ["Abroad"])
        self.assertEqual(dashboard["stuck"][0]["days"], 52)

    def test_nonsense_is_no_choice(self):
        for choices in ({"period": "decade"}, {"user_id": "me"}, {"team_id": [1]}):
            self.assertTrue(self._get_dashboard(self.seller, **choices)["tiles"])

    def test_without_sales_rights_nothing_opens(self):
        employee = new_test_user(self.env, "no_sales", groups="base.group_user")
        with self.assertRefused(AccessError):
            self._get_dashboard(employee)

    def test_reading_writes_nothing(self):
        self.env.flush_all()
        with self.cr.savepoint():
            self.cr.execute("SET TRANSACTION READ ONLY")
            self._get_dashboard(self.seller)

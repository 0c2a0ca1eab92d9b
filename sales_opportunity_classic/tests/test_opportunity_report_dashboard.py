import json
from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
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
        expected = self._get_dashboard(self.seller)
        for choices in (
            {"period": "decade"},
            {"period": ["month"]},
            {"period": {}},
            {"user_id": "me"},
            {"user_id": True},
            {"user_id": -1},
            {"user_id": 10**30},
            {"team_id": [1]},
            {"team_id": "1 OR TRUE"},
            {"team_id": {"id": 1}},
        ):
            self.assertEqual(self._get_dashboard(self.seller, **choices), expected)

    def test_a_tile_opens_its_records(self):
        for user in (self.user_sales_manager, self.seller):
            for tile in self._get_dashboard(user, period="year")["tiles"]:
                domain = json.loads(json.dumps(tile["domain"], default=str))
                report = self.env[tile["model"]].with_user(user)
                figure = f"{tile['name']}:{report._fields[tile['name']].aggregator}"
                [[value]] = report._read_group(domain, aggregates=[figure])
                self.assertEqual(value or 0, tile["value"], tile["name"])

    def test_recurring_revenue_beside_that_of_the_period_before(self):
        for day, price in (("2026-02-10", 30), ("2026-03-01", 12)):
            self._subscribe(self.seller, day, price)
        self._subscribe(self.other, "2026-03-01", 5)
        self.assertEqual(self._get_tiles(self.seller)["amount"], (42, 30))
        self.assertEqual(self._get_tiles(self.user_sales_manager)["amount"], (47, 30))
        # a tile opens what it counts
        self.test_a_tile_opens_its_records()

    def _subscribe(self, user, day, price):
        plan = self.env["opportunity.subscription.plan"].create({"name": "Club"})
        product = self.env["product.product"].create(
            {"name": "Support", "type": "service", "taxes_id": [Command.clear()]}
        )
        line = {"product_id": product.id, "price_unit": price}
        order = self.env["sale.order"].create(
            {
                "partner_id": user.partner_id.id,
                "user_id": user.id,
                "subscription_date_start": day,
                "order_line": [
                    Command.create({**line, "opportunity_plan_id": plan.id})
                ],
            }
        )
        order.action_confirm()

    def test_a_choice_of_others_shows_nothing(self):
        tiles = self._get_tiles(self.seller, period="year", user_id=self.other.id)
        self.assertFalse(any(value for value, __ in tiles.values()))

    def test_a_salesperson_of_another_company(self):
        foreigner = new_test_user(
            self.env,
            "foreigner",
            groups="sales_team.group_sale_salesman",
            company_id=self.elsewhere.id,
            company_ids=[Command.set(self.elsewhere.ids)],
        )
        self.slow.write({"company_id": False, "user_id": foreigner.id})
        self.env.flush_all()
        self.env.invalidate_all()
        dashboard = self.env["opportunity.report.dashboard"]
        dashboard = dashboard.with_user(self.user_sales_manager)
        dashboard = dashboard.with_context(allowed_company_ids=self.company.ids)
        figures = dashboard.get_dashboard()
        self.assertEqual([row["user"] for row in figures["top"]], [foreigner.name])
        self.assertEqual([row["id"] for row in figures["users"]], [foreigner.id])

    def test_without_sales_rights_nothing_opens(self):
        employee = new_test_user(self.env, "no_sales", groups="base.group_user")
        with self.assertRefused(AccessError):
            self._get_dashboard(employee)

    def test_reading_writes_nothing(self):
        self.env.flush_all()
        with self.cr.savepoint():
            self.cr.execute("SET TRANSACTION READ ONLY")
            self._get_dashboard(self.seller)

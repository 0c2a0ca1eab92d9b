from collections import defaultdict
from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .report_common import NOW, ReportCommon

MODEL = "opportunity.report.forecast"
SUMS = (
    "revenue_low",
    "expected_revenue",
    "revenue_high",
    "weighted_revenue",
    "committed_revenue",
    "omitted_revenue",
    "recurring_revenue_monthly",
    "weighted_recurring_revenue",
    "actual_revenue",
)
JANUARY, MARCH, APRIL = date(2026, 1, 1), date(2026, 3, 1), date(2026, 4, 1)


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestOpportunityReportForecast(ReportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        plan = cls.env["crm.recurring.plan"].create(
            {"name": "Quarterly", "number_of_months": 3}
        )
        cls.slow.write(
            {
                "date_deadline": "2026-04-20",
                "probability": 30,
                "revenue_low": 150,
                "revenue_high": 260,
                "recurring_revenue": 30,
                "recurring_plan": plan.id,
            }
        )
        cls.abroad.write(
            {
                "date_deadline": "2026-03-31",
                "probability": 25,
                "include_in_forecast": False,
            }
        )
        cls.env.flush_all()

    # === THE SAME FIGURES APART === #

    def _work_out(self, user):
        """Return {month: {figure: its values}} of today, from the raw rows."""
        months = defaultdict(lambda: defaultdict(list))
        for lead in self._read_leads(user).values():
            if lead["type"] != "opportunity":
                continue
            if lead["won_status"] == "won":
                month = months[lead["actual_close_date"].replace(day=1)]
                won = self._exchange(lead["actual_revenue"], lead)
                month["actual_revenue"].append(won)
            elif lead["won_status"] == "pending" and lead["active"]:
                self._work_out_open(months[lead["date_deadline"].replace(day=1)], lead)
        return months

    def _work_out_open(self, month, lead):
        chance = lead["probability"] / 100
        expected = float(lead["expected_revenue"])
        recurring = float(lead["recurring_revenue_monthly"] or 0)
        kind = "committed" if lead["include_in_forecast"] else "omitted"
        for name, amount in (
            ("revenue_low", lead["revenue_low"] or expected),
            ("expected_revenue", expected),
            ("revenue_high", lead["revenue_high"] or expected),
            ("weighted_revenue", expected * chance),
            (f"{kind}_revenue", expected),
            ("recurring_revenue_monthly", recurring),
            ("weighted_recurring_revenue", recurring * chance),
        ):
            month[name].append(self._exchange(amount, lead))

    def _assert_figures(self, user):
        figures = self._get_figures(
            user,
            MODEL,
            "date:month",
            *[f"{name}:sum" for name in SUMS],
            domain=[("is_current", "=", True)],
        )
        expected = self._work_out(user)
        self.assertEqual(set(figures), set(expected))
        for month, values in figures.items():
            for name, value in zip(SUMS, values, strict=True):
                self.assertAlmostEqual(value, sum(expected[month][name]), 6, name)

    # === TESTS === #

    def test_figures_of_today(self):
        for user in (self.user_sales_manager, self.seller, self.other):
            self._assert_figures(user)

    def test_a_salesperson_sees_their_own(self):
        self.env["opportunity.forecast.snapshot"]._cron_take_snapshot()
        rows = self.env[MODEL].with_user(self.seller).search([])
        self.assertEqual(rows.lead_id, self.quick + self.slow)

    def test_what_was_believed_and_what_came_true(self):
        with freeze_time("2026-03-01 01:00:00"):
            self.env["opportunity.forecast.snapshot"]._cron_take_snapshot()
        self.slow.write({"expected_revenue": 500, "date_deadline": "2026-05-31"})
        with freeze_time("2026-04-01 01:00:00"):
            self.env["opportunity.forecast.snapshot"]._cron_take_snapshot()
            self.slow.write({"stage_id": self.stage_won.id, "actual_revenue": 45})
            self.env.flush_all()
        rows = self.env[MODEL].with_user(self.seller)
        figures = rows._read_group(
            [("is_current", "=", False)],
            ["date_believed:month", "date:month"],
            ["expected_revenue:sum", "actual_revenue:sum", "accuracy:ratio"],
        )
        self.assertEqual(
            figures,
            [
                (MARCH, APRIL, 200, 45, 45 / 60),
                (APRIL, APRIL, 0, 45, False),
                (APRIL, date(2026, 5, 1), 500, 0, 0),
            ],
        )

    def test_the_day_of_a_snapshot_has_two_forecasts(self):
        self.env["opportunity.forecast.snapshot"]._cron_take_snapshot()
        self.quick.actual_close_date = NOW
        report = self.env[MODEL].with_user(self.seller)
        rows = report.search([])
        self.assertEqual(len(rows), len(set(rows.ids)))
        for is_current in (True, False):
            domain = [("is_current", "=", is_current)]
            self.env.invalidate_all()
            rows = report.search(domain)
            self.assertEqual(rows.lead_id, self.quick + self.slow)
            self.assertEqual(set(rows.mapped("is_current")), {is_current})
            [[revenue]] = report._read_group(domain, aggregates=["actual_revenue:sum"])
            self.assertEqual(sum(rows.mapped("actual_revenue")), revenue)

    def test_the_drift_counts_each_month_once(self):
        for day in ("2026-03-01", "2026-03-15"):
            with freeze_time(day):
                self.env["opportunity.forecast.snapshot"]._cron_take_snapshot()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "sales_opportunity_classic.opportunity_report_forecast_action_drift"
        )
        self.assertIn("'search_default_snapshots': 1", action["context"])
        figures = self._get_figures(
            self.seller,
            MODEL,
            "date_believed:month",
            "expected_revenue:sum",
            domain=[("is_current", "=", False)],
        )
        self.assertEqual(figures, {MARCH: (200,)})

    def test_a_snapshot_is_at_the_rate_of_its_day(self):
        with freeze_time("2026-01-31 01:00:00"):
            self.env["opportunity.forecast.snapshot"]._cron_take_snapshot()
        figures = self._get_figures(
            self.other,
            MODEL,
            "is_current",
            "omitted_revenue:sum",
            domain=[("lead_id", "=", self.abroad.id)],
        )
        self.assertEqual(figures, {False: (66.66,), True: (133.32,)})

    def test_reading_writes_nothing(self):
        self.env.flush_all()
        with self.cr.savepoint():
            self.cr.execute("SET TRANSACTION READ ONLY")
            self._assert_figures(self.seller)

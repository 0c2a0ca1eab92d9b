from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .subscription_common import SubscriptionCommon

TODAY = "2026-04-10"


@tagged("post_install", "-at_install")
class TestOpportunityReportMrr(SubscriptionCommon):
    """Three subscriptions: 30 and 20 from January on, 10 from February on.

    The second ends in March, the first is 45 since then.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.cr.execute("DELETE FROM opportunity_subscription")
        cls.env.invalidate_all()

    def setUp(self):
        super().setUp()
        self.first = self._subscribe(day=date(2026, 1, 15))
        self.second = self._subscribe(
            day=date(2026, 1, 20), lines=[{"price_unit": 20.0}]
        )
        self.third = self._subscribe(day=date(2026, 2, 5), lines=[{"price_unit": 10.0}])
        with freeze_time("2026-03-10"):
            self.second.action_cancel("Enough")
        with freeze_time("2026-03-11"):
            self.first._change_lines({self.first.line_ids: {"price_unit": 45.0}})
        self.env.flush_all()

    @freeze_time(TODAY)
    def _read(self, aggregates, domain=(), user=None):
        Report = self.env["opportunity.report.mrr"]
        Report = Report.with_user(user or self.user_sales_manager)
        return {
            day and f"{day:%m}": tuple(values)
            for day, *values in Report._read_group(
                list(domain), ["date:month"], aggregates, order="date:month"
            )
        }

    def test_the_movements_of_each_month(self):
        self.assertEqual(
            self._read(
                [
                    f"{name}_amount:sum"
                    for name in ("opening", "new", "expansion", "churn")
                ]
                + ["active_count:sum", "opening_count:sum"]
            ),
            {
                "01": (0, 50, 0, 0, 2, 0),
                "02": (50, 10, 0, 0, 1, 2),
                "03": (60, 0, 15, -20, -1, 3),
                "04": (55, 0, 0, 0, 0, 2),
            },
        )

    def test_movements_add_up_to_what_is_active(self):
        months = self._read(["amount:sum"], [("kind", "!=", "opening")])
        running = self.first + self.second + self.third
        running = running.filtered(lambda row: row.state == "active")
        self.assertEqual(sum(row[0] for row in months.values()), 55)
        self.assertEqual(sum(running.mapped("mrr")), 55)
        # each beginning is what was before it
        opening = self._read(["opening_amount:sum"])
        total = 0
        for month, (change,) in months.items():
            self.assertEqual(opening[month][0], total)
            total += change

    def test_churn_rates(self):
        rates = self._read(["churn_rate:ratio", "churn_rate_count:ratio"])
        self.assertAlmostEqual(rates["03"][0], 20 / 60)
        self.assertAlmostEqual(rates["03"][1], 1 / 3)
        self.assertEqual(rates["02"], (0, 0))
        self.assertFalse(any(rates["01"]))

    def test_readers_see_their_own(self):
        foreign = self._sell(user_id=self.user_sales_leads.id).subscription_ids
        foreign.order_id.opportunity_id = False
        self.env.flush_all()
        Report = self.env["opportunity.report.mrr"]
        rows = Report.with_user(self.user_sales_salesman).search([])
        self.assertEqual(rows.subscription_id, self.first + self.second + self.third)
        rows.read(["amount", "subscription_id", "churn_rate"])
        rows = Report.with_user(self.accountant).search([])
        self.assertIn(foreign, rows.subscription_id)
        with self.assertRefused(AccessError):
            Report.with_user(self.env.ref("base.public_user")).search([])

    def test_it_opens_the_subscription_and_is_printed(self):
        Report = self.env["opportunity.report.mrr"].with_user(self.user_sales_manager)
        row = Report.search([("subscription_id", "=", self.first.id)], limit=1)
        self.assertEqual(row.action_open_subscription()["res_id"], self.first.id)
        printed = Report._prepare_print({})
        self.assertEqual(len(printed["tables"]), 2)
        self.assertIn("rate of the day", printed["note"])
        self.assertIn("%", printed["tables"][0]["total"][-1])

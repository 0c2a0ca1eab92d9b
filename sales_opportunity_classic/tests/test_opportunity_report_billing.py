from datetime import date

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo.tests import tagged

from .common import OfferCommon
from .subscription_common import SubscriptionCommon

START = date(2026, 1, 31)
# What is sold, and how many bills a year brings after the order's.
SHAPES = [
    ({}, 11),
    ({"interval_unit": "week", "interval_count": 4}, 13),
    ({"interval_unit": "day", "interval_count": 30}, 12),
    ({"interval_unit": "year"}, 0),
    ({"interval_unit": "year", "trial_days": 5}, 1),
    ({"interval_count": 3, "cycles": 3}, 2),
    ({"trial_days": 40}, 11),
    ({"intro_cycles": 3, "intro_price": 7.5}, 11),
    ({"anchor_day": 10}, 12),
    ({"anchor_day": 10, "trial_days": 20, "intro_cycles": 1, "intro_price": 9}, 12),
    # the order asked for more than the one short period that was sold
    ({"anchor_day": 10, "cycles": 1}, 1),
    ({"anchor_day": 31, "prorate": False}, 11),
]


@tagged("post_install", "-at_install")
class TestOpportunityReportBilling(SubscriptionCommon, OfferCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.cr.execute("DELETE FROM opportunity_subscription")
        cls.env.invalidate_all()

    def _forecast(self, day, user=None):
        """Return what the report says: subscription, day and amount of each bill."""
        Report = self.env["opportunity.report.billing"]
        self.env.flush_all()
        with freeze_time(day):
            rows = Report.with_user(user or self.user_sales_manager).search([])
            return sorted(
                (row.subscription_id.id, row.date, row.amount_currency) for row in rows
            )

    def _get_billed(self, subscriptions, start, end):
        return sorted(
            (
                move.opportunity_subscription_id.id,
                move.invoice_date,
                move.amount_untaxed_in_currency_signed,
            )
            for move in subscriptions.invoice_ids
            if start <= move.invoice_date < end
        )

    def _bill_a_year(self, start):
        """Bill on the days on which something is due, as a run each day does."""
        end = start + relativedelta(years=1)
        while days := [
            row.date_due
            for row in self.Subscription.search([("date_due", "<", end)])
            if not row.is_parked
        ]:
            self._run(max(min(days), start))

    def _assert_forecast_is_billed(self, subscriptions, start):
        forecast = self._forecast(start)
        self._bill_a_year(start)
        end = start + relativedelta(years=1)
        self.assertEqual(forecast, self._get_billed(subscriptions, date.min, end))
        return forecast

    def test_the_forecast_is_what_is_then_billed(self):
        subscriptions = self.Subscription
        for terms, _count in SHAPES:
            subscriptions += self._subscribe(self._create_plan(**terms), START)
        self.assertFalse(subscriptions.invoice_ids)
        forecast = self._assert_forecast_is_billed(subscriptions, START)
        for subscription, (terms, count) in zip(subscriptions, SHAPES, strict=True):
            bills = [row for row in forecast if row[0] == subscription.id]
            self.assertEqual(len(bills), count, terms)

    def test_rounding_and_taxes_are_those_of_the_bills(self):
        low, high = self.env["account.tax"].create(
            [
                {"name": name, "amount": amount, "price_include_override": included}
                for name, amount, included in (
                    ("Low", 7, "tax_included"),
                    ("High", 21, "tax_included"),
                )
            ]
        )
        # rounded one by one the lines of each tax come to a cent more or less
        lines = [
            {"product_uom_qty": quantity, "price_unit": price, "tax_ids": tax.ids}
            for quantity, price, tax in (
                (3, 48.07, low),
                (1, 18.07, low),
                (1, 29.83, high),
                (7, 13.62, high),
                (2, 8.28, high),
            )
        ]
        for method in ("round_globally", "round_per_line"):
            self.env.company.tax_calculation_rounding_method = method
            plan = self._create_plan(anchor_day=10)
            subscription = self._subscribe(plan, START, lines=lines)
            self._assert_forecast_is_billed(subscription, START)
            subscription.action_cancel("Enough")

    def test_month_ends_by_hand(self):
        subscription = self._subscribe(self._create_plan(cycles=4), START)
        self.assertEqual(
            self._forecast("2026-02-10"),
            [
                (subscription.id, date(2026, 2, 28), 30),
                (subscription.id, date(2026, 3, 31), 30),
                (subscription.id, date(2026, 4, 30), 30),
            ],
        )

    def test_what_was_changed_is_billed_as_forecast(self):
        kept, changed, cancelled = (self._subscribe(day=START) for _n in range(3))
        yearly = self._create_plan(interval_unit="year")
        with freeze_time("2026-02-10"):
            line = changed.sudo().line_ids
            changed.sudo()._change_plan(yearly, {line: {"price_unit": 300.0}}, now=True)
            kept._change_lines({kept.line_ids: {"quantity": 2.5, "discount": 10}})
            cancelled.action_cancel("Later", True)
        forecast = self._assert_forecast_is_billed(kept + changed, date(2026, 2, 10))
        self.assertEqual(len(forecast), 13)
        self.assertFalse(cancelled.invoice_ids)

    def test_what_is_paused_or_parked_is_not_forecast(self):
        paused, parked = self._subscribe(day=START), self._subscribe(day=START)
        with freeze_time("2026-02-01"):
            paused.action_pause()
        parked.sudo().is_parked = True
        self.assertFalse(self._forecast("2026-02-02"))

    def test_what_is_overdue_is_forecast_as_it_is_dated(self):
        self._subscribe(day=START)
        days = [day for _id, day, _amount in self._forecast("2026-05-02")]
        self.assertEqual(days[:2], [date(2026, 2, 28), date(2026, 3, 31)])
        self.assertEqual(days[-1], date(2027, 4, 30))

    def test_amounts_in_the_currency_of_the_reader(self):
        euros = self._create_currency("EUR", 2.0)
        subscription = self._subscribe(
            self._create_plan(cycles=2),
            START,
            pricelist_id=self._create_pricelist(euros).id,
        )
        self.env.flush_all()
        with freeze_time("2026-02-01"):
            Report = self.env["opportunity.report.billing"]
            row = Report.with_user(self.accountant).search([])
            self.assertEqual(row.subscription_id, subscription)
            self.assertEqual((row.amount_currency, row.amount), (60, 30))
            self.assertEqual(row.sold_currency_id, euros)
            self.assertEqual(row.currency_id, self.env.company.currency_id)

    def test_readers_see_their_own(self):
        foreign = self._sell(day=START, user_id=self.user_sales_leads.id)
        foreign.opportunity_id = False
        self.assertTrue(self._forecast("2026-02-01", self.user_sales_leads))
        self.assertFalse(self._forecast("2026-02-01", self.user_sales_salesman))

    def test_groups_by_month_and_print(self):
        self._subscribe(day=START)
        self.env.flush_all()
        Report = self.env["opportunity.report.billing"]
        with freeze_time("2026-02-01"):
            Report = Report.with_user(self.user_sales_manager)
            groups = Report._read_group([], ["date:month"], ["amount:sum"])
            self.assertEqual([total for _month, total in groups], [30] * 12)
            self.assertEqual(len(Report._prepare_print({})["tables"]), 2)

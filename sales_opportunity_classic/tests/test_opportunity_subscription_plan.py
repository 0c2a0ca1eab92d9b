from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged, users

from .common import OpportunityCommon


@tagged("post_install", "-at_install")
class TestOpportunitySubscriptionPlan(OpportunityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Plan = cls.env["opportunity.subscription.plan"]
        cls.usd = cls.env.ref("base.USD")
        cls.monthly = cls._create_plan()

    @classmethod
    def _create_plan(cls, **values):
        return cls.Plan.with_user(cls.user_sales_manager).create(
            {"name": "Club", "currency_id": cls.usd.id, **values}
        )

    # Rights

    @users("user_sales_salesman")
    def test_managers_define_and_salespeople_read(self):
        plan = self.monthly.with_env(self.env)
        self.assertEqual(plan.name, "Club")
        for operation in (
            lambda: plan.create({"name": "Mine"}),
            lambda: plan.write({"name": "Mine"}),
            plan.unlink,
        ):
            with self.assertRefused(AccessError):
                operation()

    def test_a_plan_of_another_company_is_not_seen(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = self.Plan.create({"name": "Foreign", "company_id": company.id})
        for user in (self.user_sales_salesman, self.user_sales_manager):
            found = self.Plan.with_user(user).search([])
            self.assertIn(self.monthly, found)
            self.assertNotIn(foreign, found)

    def test_the_usual_plans_are_there(self):
        plans = self.Plan.browse()
        for name in ("monthly", "quarterly", "yearly", "weekly"):
            plans += self.env.ref(
                f"sales_opportunity_classic.opportunity_subscription_plan_{name}"
            )
        self.assertEqual(
            plans.mapped(lambda plan: (plan.interval_count, plan.interval_unit)),
            [(1, "month"), (3, "month"), (1, "year"), (1, "week")],
        )

    # The recurring plan of the pipeline

    def test_the_pipeline_gets_the_recurring_plan_of_as_many_months(self):
        for count, unit, months in (
            (1, "month", 1),
            (3, "month", 3),
            (7, "month", 7),
            (1, "year", 12),
            (12, "month", 12),
            (3, "year", 36),
            (1, "week", 1),
            (30, "day", 1),
        ):
            plan = self._create_plan(interval_count=count, interval_unit=unit)
            self.assertEqual(plan.recurring_plan_id.number_of_months, months)
        plan.write({"interval_count": 2, "interval_unit": "year"})
        self.assertEqual(plan.recurring_plan_id.number_of_months, 24)

    def test_recurring_plans_are_found_before_they_are_made(self):
        first = self._create_plan(interval_count=11).recurring_plan_id
        self.assertEqual(first.name, "Every 11 months")
        self.assertEqual(self._create_plan(interval_count=11).recurring_plan_id, first)
        first.action_archive()
        self.assertEqual(self._create_plan(interval_count=11).recurring_plan_id, first)
        again = first.create({"name": "Eleven", "number_of_months": 11})
        self.assertEqual(self._create_plan(interval_count=11).recurring_plan_id, again)

    # What is refused

    def test_bad_numbers_are_refused_by_name(self):
        for name, values in (
            ("interval_count", (0, -1, 1001, 10**12, "two", 1.5, False, None)),
            ("cycles", (-1, 1001, 10**12, "x")),
            ("trial_days", (-1, 3651, 10**20)),
            ("intro_cycles", (-1, 1001)),
            ("anchor_day", (-1, 32)),
            ("intro_price", (-0.01, 10**15, 1e308, float("nan"), float("inf"), "x")),
        ):
            for value in values:
                message = f"“{self.Plan._fields[name].string}” of the plan “Club”"
                with self.assertRefused(ValidationError, message):
                    self.monthly.write({name: value})
                with self.assertRefused(ValidationError, message):
                    self._create_plan(**{name: value})

    def test_the_introduction_makes_sense(self):
        for values, message in (
            ({"intro_price": 10}, "say for how many of the first"),
            ({"cycles": 2, "intro_cycles": 3}, "ends after 2 bills"),
        ):
            with self.assertRefused(ValidationError, message):
                self.monthly.write(values)
        self.monthly.write({"cycles": 3, "intro_cycles": 3, "intro_price": 0})
        with self.assertRefused(ValidationError, "cannot have 3 introductory"):
            self.monthly.cycles = 1
        self.monthly.write({"cycles": 0, "intro_price": 5})

    def test_only_months_and_years_have_a_billing_day(self):
        for unit in ("month", "year"):
            self.monthly.write({"interval_unit": unit, "anchor_day": 31})
        for unit in ("day", "week"):
            with self.assertRefused(ValidationError, "set the billing day to 0"):
                self.monthly.interval_unit = unit
            with self.assertRefused(ValidationError, "“Club” has a billing day"):
                self._create_plan(interval_unit=unit, anchor_day=1)
        self.monthly.write({"interval_unit": "week", "anchor_day": 0})

    # What it is worth

    @users("user_sales_salesman")
    def test_the_monthly_factor(self):
        for plan, factor in (
            (self.monthly, 1),
            (self._create_plan(interval_count=3), 1 / 3),
            (self._create_plan(interval_unit="year"), 1 / 12),
            (self._create_plan(interval_unit="week"), 52 / 12),
        ):
            readable = plan.with_env(self.env)
            self.assertAlmostEqual(readable._get_monthly_factor(), factor)

    def test_the_values_of_a_line(self):
        for values, expected in (
            ({}, (20, 240, 240)),
            ({"cycles": 36}, (20, 240, 720)),
            ({"cycles": 6}, (20, 120, 120)),
            ({"intro_cycles": 3, "intro_price": 10}, (20, 210, 210)),
            ({"cycles": 24, "intro_cycles": 18}, (20, 120, 300)),
            ({"trial_days": 31}, (20, 220, 220)),
            ({"interval_count": 3}, (20 / 3, 80, 80)),
            ({"interval_unit": "year", "cycles": 3}, (20 / 12, 20, 60)),
            ({"interval_unit": "week"}, (20 * 52 / 12, 1040, 1040)),
        ):
            mrr, first_year, contract = self._create_plan(**values)._get_values(20, 10)
            self.assertAlmostEqual(mrr, expected[0])
            self.assertEqual((first_year, contract), expected[1:], values)

    def test_what_the_first_bill_asks(self):
        introduction = {"intro_cycles": 3, "intro_price": 10}
        for values, price in (
            ({}, 20),
            (introduction, 10),
            ({"intro_cycles": 3}, 0),
            ({"trial_days": 14}, 0),
            ({**introduction, "trial_days": 14}, 0),
        ):
            plan = self._create_plan(**values)
            self.assertEqual(plan._get_first_price(20, self.usd), price)

    @freeze_time("2026-03-01")
    def test_the_introductory_price_in_another_currency(self):
        yen = self.env["res.currency"].create(
            {"name": "YYY", "symbol": "Y", "rounding": 1}
        )
        for day, rate in (("2026-02-01", 150.12), ("2026-04-01", 1)):
            self.env["res.currency.rate"].create(
                {"name": day, "currency_id": yen.id, "rate": rate}
            )
        usd_rate = self.usd._get_conversion_rate(
            self.env.company.currency_id, self.usd, self.env.company
        )
        plan = self._create_plan(intro_cycles=1, intro_price=10)
        self.assertEqual(plan._get_intro_price(yen), yen.round(10 * 150.12 / usd_rate))
        self.assertEqual(plan._get_intro_price(self.usd), 10)

    # How it reads

    @users("user_sales_salesman")
    def test_the_description(self):
        for values, expected in (
            ({}, "$ 20.00 / month"),
            ({"interval_count": 3}, "$ 20.00 every 3 months"),
            ({"interval_unit": "day"}, "$ 20.00 / day"),
            ({"interval_unit": "week", "interval_count": 2}, "$ 20.00 every 2 weeks"),
            ({"interval_unit": "year", "cycles": 1}, "$ 20.00 / year, once"),
            ({"trial_days": 1}, "$ 20.00 / month, first day free"),
            ({"intro_cycles": 1}, "$ 20.00 / month, first one at $ 0.00"),
            (
                {"cycles": 12, "trial_days": 14, "intro_cycles": 3, "intro_price": 10},
                "$ 20.00 / month, 12 times, first 14 days free, first 3 at $ 10.00",
            ),
        ):
            plan = self._create_plan(**values).with_env(self.env)
            text = plan._get_description(20, self.usd)
            self.assertEqual(text.replace("\N{NO-BREAK SPACE}", " "), expected)

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import OpportunityCommon

HOSTILE_NAMES = (
    "<script>alert(1)</script>" * 12,
    "\u202eright to left \u05e9\u05dc\u05d5\u05dd",
    "🚀🚀🚀",
    "'; DROP TABLE crm_lead; --",
)


@tagged("post_install", "-at_install")
class TestOpportunityExpectation(OpportunityCommon):
    def test_the_range_is_kept(self):
        self.opportunity.write({"revenue_low": 500, "revenue_high": 2000})
        self.assertRecordValues(
            self.opportunity,
            [
                {
                    "revenue_low": 500.0,
                    "revenue_high": 2000.0,
                    "include_in_forecast": True,
                }
            ],
        )

    def test_one_end_may_be_open(self):
        self.opportunity.revenue_low = 500
        self.opportunity.write({"revenue_low": 0, "revenue_high": 10})
        self.assertEqual(self.opportunity.revenue_high, 10.0)

    def test_bad_amounts_are_refused_by_name(self):
        for values, message in (
            ({"revenue_low": 10, "revenue_high": 5}, "above its highest"),
            ({"revenue_low": -1}, "Lowest Revenue.*Ten desks"),
            ({"actual_revenue": -1}, "Actual Revenue"),
            ({"revenue_high": "much"}, "Highest Revenue must be a number.*much"),
            ({"expected_revenue": "12"}, "Expected Revenue must be a number"),
            ({"awarded_revenue": float("nan")}, "Awarded At must be a number"),
            ({"revenue_low": float("inf")}, "must be a number"),
            ({"revenue_high": 10**400}, "must be a number of at most 15 digits"),
            ({"actual_revenue": 1e308}, "must be a number of at most 15 digits"),
        ):
            with self.assertRefused(ValidationError, message):
                self.opportunity.write(values)
            with self.assertRefused(ValidationError):
                self._create_opportunity(**values)

    def test_impossible_dates_are_refused(self):
        for name in ("date_deadline", "next_action_date", "actual_close_date"):
            for day in ("0001-01-01", "9999-12-31", "tomorrow", 5, True):
                with self.assertRefused(
                    ValidationError, "no date with a possible year"
                ):
                    self.opportunity.write({name: day})

    def test_any_text_is_only_text(self):
        for name in HOSTILE_NAMES:
            lead = self._create_opportunity(name=name[:300])
            lead.write({"closing_note": name, "next_action_note": f"Call\n{name}"})
            self.assertEqual(lead.name, name[:300])
            self.assertEqual(lead.next_action_note, f"Call\n{name}")
            self.assertTrue(lead.activity_ids.note)
            self.assertNotIn("<script", lead.activity_ids.note)

    def test_high_value_follows_the_setting(self):
        self._set_parameter("high_value", "1500")
        small, big = self.opportunity, self._create_opportunity(expected_revenue=1500)
        both = (small + big).ids
        Lead = self.Lead.with_user(self.user_sales_salesman)
        self.assertEqual((small + big).mapped("is_high_value"), [False, True])
        for value, expected in ((True, big), (False, small)):
            domain = [("is_high_value", "=", value), ("id", "in", both)]
            self.assertEqual(Lead.search(domain), expected)

    def test_objections_can_be_grouped(self):
        objection = self.env["opportunity.objection"].create({"name": "Too early"})
        self.opportunity.objection_ids = objection
        groups = self.Lead.with_user(self.user_sales_salesman)._read_group(
            [("objection_ids", "in", objection.ids)], ["objection_ids"], ["__count"]
        )
        self.assertEqual(groups, [(objection, 1)])

from datetime import date

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .subscription_common import SubscriptionCommon


@tagged("post_install", "-at_install")
class TestOpportunitySubscriptionLine(SubscriptionCommon):
    def test_the_amounts_are_without_taxes(self):
        tax = self.env["account.tax"].create(
            {"name": "20 %", "amount": 20, "price_include_override": "tax_included"}
        )
        plan = self._create_plan(intro_cycles=1, intro_price=12)
        line = {
            "tax_ids": [Command.set(tax.ids)],
            "price_unit": 12,
            "recurring_price_unit": 36,
            "discount": 50,
        }
        line = self._subscribe(plan, lines=[line]).line_ids
        self.assertEqual((line.price_subtotal, line.intro_subtotal), (15, 5))

    def test_managers_and_accountants_change_it_from_the_next_period_on(self):
        subscription = self._subscribe()
        line = subscription.line_ids.with_user(self.user_sales_manager)
        line.write({"quantity": 2, "price_unit": 40, "discount": 50})
        self._run(date(2026, 2, 15))
        self.assertEqual(self._get_bills(subscription), [("02-15", 40)])
        with self.assertRefused(AccessError):
            line.copy()
        with self.assertRefused(AccessError):
            line.unlink()

    def test_impossible_figures_are_refused(self):
        line = self._subscribe().line_ids.with_user(self.accountant)
        for values, message in (
            ({"quantity": 0}, "must be above zero"),
            ({"price_unit": -1}, "cannot be negative"),
            ({"intro_price_unit": -1}, "cannot be negative"),
            ({"discount": 101}, "between 0 and 100 %"),
            ({"price_unit": 1e300}, "must be a number of at most"),
            ({"quantity": "many"}, "must be a number of at most"),
        ):
            with self.assertRefused(ValidationError, message):
                line.write(values)

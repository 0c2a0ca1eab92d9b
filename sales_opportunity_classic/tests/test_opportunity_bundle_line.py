from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import BundleCommon


@tagged("post_install", "-at_install")
class TestOpportunityBundleLine(BundleCommon):
    def test_the_list_price_and_free_of_charge_are_told_apart(self):
        for values, is_special in (
            ({}, False),
            ({"price_unit": False}, False),
            ({"price_unit": 0}, True),
            ({"price_unit": 5}, True),
            ({"price_unit": 0, "is_special_price": False}, False),
        ):
            line = self.desk_line.create(
                {"bundle_id": self.bundle.id, "product_id": self.lamp.id, **values}
            )
            self.assertEqual(line.is_special_price, is_special, values)
        self.lamp_line.price_unit = 0
        self.assertTrue(self.lamp_line.is_special_price)

    def test_the_unit_is_the_products_or_one_like_it(self):
        self.assertEqual(self.desk_line.product_uom_id, self.desk.uom_id)
        dozen = self.env.ref("uom.product_uom_dozen")
        self.desk_line.product_uom_id = dozen
        self.assertEqual(self.desk_line.product_uom_id, dozen)
        with self.assertRefused(ValidationError, "“Desk” of the .*“Office”: .*“L”"):
            self.desk_line.product_uom_id = self.env.ref("uom.product_uom_litre")

    def test_impossible_numbers_are_refused_by_name(self):
        for values, message in (
            ({"quantity": 0}, "the quantity must be above zero"),
            ({"quantity": -1}, "the quantity must be above zero"),
            ({"quantity": 1e12, "price_unit": 1e6}, "more than 15 digits"),
            ({"quantity": float("nan")}, "Quantity must be a number"),
            ({"quantity": "two"}, "Quantity must be a number"),
            ({"price_unit": -1}, "the price cannot be negative"),
            ({"price_unit": 1e15}, "Price must be a number"),
            ({"price_unit": float("inf")}, "Price must be a number"),
            ({"discount": 100.01}, "the discount lies between 0 and 100 %"),
            ({"discount": -1}, "the discount lies between 0 and 100 %"),
            ({"discount": 1e308}, "Discount .* must be a number"),
        ):
            with self.assertRefused(ValidationError, message):
                self.desk_line.write(values)
            with self.assertRefused(ValidationError, message):
                self._create_bundle({"product_id": self.desk.id, **values})

    def test_products_and_plans_of_another_company_are_refused(self):
        self.lamp.company_id = self.elsewhere
        self.plan.company_id = self.elsewhere
        self.user_sales_manager.company_ids += self.elsewhere
        Bundle = self.Bundle.with_context(
            allowed_company_ids=[self.company.id, self.elsewhere.id]
        )
        for company in (self.company, self.company.browse()):
            for values in (
                {"product_id": self.lamp.id},
                {"product_id": self.desk.id, "plan_id": self.plan.id},
            ):
                lines = [Command.create(values)]
                with self.assertRefused(UserError, "company inconsistencies"):
                    Bundle.create(
                        {"name": "K", "company_id": company.id, "line_ids": lines}
                    )

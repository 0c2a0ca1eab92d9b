from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged, users

from .common import BundleCommon


@tagged("post_install", "-at_install")
class TestOpportunityBundle(BundleCommon):
    @users("user_sales_salesman")
    def test_managers_make_bundles_and_salespeople_read(self):
        bundle = self.bundle.with_env(self.env)
        self.assertEqual(bundle.line_ids.product_id.mapped("name")[0], "Desk")
        for operation in (
            lambda: bundle.create({"name": "Mine"}),
            lambda: bundle.write({"name": "Mine"}),
            lambda: bundle.line_ids.write({"discount": 50}),
            lambda: bundle.line_ids[0].copy(),
            bundle.line_ids.unlink,
            bundle.unlink,
        ):
            with self.assertRefused(AccessError):
                operation()

    def test_a_bundle_of_another_company_is_not_seen(self):
        self.bundle.sudo().company_id = self.elsewhere
        for user in (self.user_sales_salesman, self.user_sales_manager):
            for records in (self.bundle, self.desk_line):
                found = records.with_user(user).search([])
                self.assertFalse(found & records)

    def test_each_change_of_what_is_offered_is_a_revision(self):
        for values in (
            {"quantity": 3},
            {"price_unit": 70},
            {"is_special_price": False},
            {"discount": 5},
            {"name": "A desk"},
            {"product_id": self.lamp.id},
            {"plan_id": self.plan.id},
            {"is_optional": True},
        ):
            revision = self.bundle.revision
            self.bundle.write({"line_ids": [Command.update(self.desk_line.id, values)]})
            self.assertEqual(self.bundle.revision, revision + 1, values)
            self.assertEqual(self.bundle.revised_by_id, self.user_sales_manager)

    def test_products_that_come_and_go_are_revisions(self):
        revision = self.bundle.revision
        self.lamp_line.unlink()
        self.assertEqual(self.bundle.revision, revision + 1)
        self.support_line.copy()
        self.assertEqual(self.bundle.revision, revision + 2)
        other = self._create_bundle()
        self.desk_line.bundle_id = other
        self.assertEqual(self.bundle.revision, revision + 3)
        self.assertEqual(other.revision, 2)

    def test_another_currency_is_another_price(self):
        revision = self.bundle.revision
        currency = self.env["res.currency"].create({"name": "YYY", "symbol": "Y"})
        self.bundle.currency_id = currency
        self.assertEqual(self.bundle.revision, revision + 1)

    def test_what_customers_do_not_see_is_no_revision(self):
        revision = self.bundle.revision
        self.bundle.write(
            {
                "name": "Office Kit",
                "description": "For offices",
                "currency_id": self.bundle.currency_id.id,
            }
        )
        self.desk_line.write({"sequence": 99, "quantity": self.desk_line.quantity})
        self.assertEqual(self.bundle.revision, revision)

    def test_a_copy_begins_anew(self):
        copied = self.bundle.copy()
        self.assertEqual(len(copied.line_ids), 3)
        self.assertEqual(copied.line_ids[0].price_unit, 80)
        self.assertLess(copied.revision, self.bundle.revision + 1)

    @users("user_sales_manager")
    def test_the_form(self):
        form = Form(self.env["opportunity.bundle"])
        form.name = "Light"
        with form.line_ids.new() as line:
            line.product_id = self.lamp
        with form.line_ids.new() as line:
            line.product_id = self.desk
            line.is_special_price = True
            self.assertEqual(line.price_unit, 100)
            line.price_unit = 90
        bundle = form.save()
        self.assertRecordValues(
            bundle.line_ids,
            [
                {"is_special_price": False, "price_unit": 0.0},
                {"is_special_price": True, "price_unit": 90.0},
            ],
        )

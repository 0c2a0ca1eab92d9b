from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged, users

from .common import BundleCommon


@tagged("post_install", "-at_install")
class TestOpportunityBundleMixin(BundleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls.opportunity.with_user(cls.user_sales_salesman)

    def _change_bundle(self):
        self.desk_line.quantity = 3
        self.env.invalidate_all()

    # Adding

    def test_a_bundle_adds_its_lines(self):
        self.lead.action_add_bundle(self.bundle.id)
        self.assertRecordValues(
            self.lead.line_ids,
            [
                {
                    "product_id": self.desk.id,
                    "quantity": 2.0,
                    "price_unit": 80.0,
                    "discount": 0.0,
                    "plan_id": False,
                    "is_optional": False,
                },
                {
                    "product_id": self.support.id,
                    "quantity": 1.0,
                    "price_unit": 40.0,
                    "discount": 10.0,
                    "plan_id": self.plan.id,
                    "is_optional": False,
                },
                {
                    "product_id": self.lamp.id,
                    "quantity": 1.0,
                    "price_unit": 30.0,
                    "discount": 0.0,
                    "plan_id": False,
                    "is_optional": True,
                },
            ],
        )
        self.assertEqual(self.lead.bundle_ids, self.bundle)
        self.assertFalse(self.lead.outdated_bundle_ids)
        found = self.lead.search([("bundle_ids", "in", self.bundle.ids)])
        self.assertEqual(found, self.lead)

    def test_a_bundle_is_added_as_often_as_asked(self):
        for bundle in (self.bundle.id, self.bundle, self.bundle.sudo()):
            self.lead.action_add_bundle(bundle)
        self.assertEqual(len(self.lead.line_ids), 9)
        self.assertEqual(len(set(self.lead.line_ids.mapped("bundle_key"))), 3)
        self.assertEqual(self.lead.bundle_ids, self.bundle)

    def test_descriptions_are_the_bundles_or_the_products(self):
        self.desk_line.name = "A desk of oak"
        self.lead.action_add_bundle(self.bundle)
        names = self.lead.line_ids.mapped("name")
        self.assertEqual(names[:2], ["A desk of oak", "Support"])

    def test_the_prices_are_approved_by_who_made_the_bundle(self):
        group = self.env.ref("sales_team.group_sale_salesman")
        self.env["opportunity.discount.limit"].create(
            {"group_id": group.id, "max_discount": 1}
        )
        self.lead.action_add_bundle(self.bundle)
        desk, support, lamp = self.lead.line_ids
        for line in (desk, support):
            self.assertEqual(line.special_by_id, self.user_sales_manager)
            self.assertEqual(line.approved_by_id, self.user_sales_manager)
            self.assertFalse(line.needs_approval)
        self.assertFalse(lamp.special_by_id)
        # what the salesperson makes of it is the salesperson's
        desk.price_unit = 79
        self.assertEqual(desk.special_by_id, self.user_sales_salesman)
        self.assertTrue(desk.needs_approval)

    def test_defaults_of_a_client_are_not_approved_with_the_bundle(self):
        for values in (
            {"default_price_unit": 1.0},
            {"default_is_special_price": True},
        ):
            lead = self._create_opportunity().with_context(**values)
            lead.action_add_bundle(self.bundle.id)
            prices = lead.line_ids.mapped("price_unit")
            self.assertEqual(prices, [80.0, 40.0, 30.0], values)

    def test_special_prices_are_converted(self):
        currency = self.env["res.currency"].create(
            {"name": "YYY", "symbol": "Y", "rounding": 1}
        )
        self.env["res.currency.rate"].create(
            {"name": "2020-01-01", "currency_id": currency.id, "rate": 10}
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Y", "currency_id": currency.id}
        )
        self.lead.pricelist_id = pricelist
        self.lead.action_add_bundle(self.bundle)
        rate = self.bundle.currency_id._get_conversion_rate(
            self.bundle.currency_id, currency, self.company
        )
        self.assertAlmostEqual(self.lead.line_ids[0].price_unit, 80 * rate)

    def test_the_first_bundle_is_converted_to_the_customers_pricelist(self):
        currency = self.env["res.currency"].create({"name": "YYY", "symbol": "Y"})
        self.env["res.currency.rate"].create(
            {"name": "2020-01-01", "currency_id": currency.id, "rate": 10}
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Y", "currency_id": currency.id}
        )
        self.contact_1.property_product_pricelist = pricelist
        self.lead.partner_id = self.contact_1
        self.lead.action_add_bundle(self.bundle)
        self.assertEqual(self.lead.line_ids.currency_id, currency)
        self.assertGreater(self.lead.line_ids[0].price_unit, 80)

    def test_the_dialog_offers_what_can_be_added(self):
        other = self._create_bundle(name="Foreign")
        other.sudo().company_id = self.elsewhere
        lines = self.lead.line_ids.with_context(order_id=self.lead.id)
        action = lines.action_choose_bundle()
        Bundle = self.lead.env[action["res_model"]].with_context(**action["context"])
        found = Bundle.search(action["domain"])
        self.assertIn(self.bundle, found)
        self.assertNotIn(other, found)
        close = found.browse(self.bundle.id).action_add_to_opportunity()
        self.assertEqual(close["type"], "ir.actions.act_window_close")
        self.assertEqual(len(self.lead.line_ids), 3)

    def test_the_dialog_is_of_an_opportunity(self):
        bundle = self.bundle.with_user(self.user_sales_salesman)
        deleted = self._create_opportunity()
        deleted.sudo().unlink()
        for lead_id in (False, "x", [1], deleted.id):
            with self.assertRefused(UserError, "does not exist any more"):
                bundle.with_context(order_id=lead_id).action_add_to_opportunity()

    def test_five_hundred_lines(self):
        bundle = self._create_bundle(*[{"product_id": self.desk.id}] * 500)
        self.lead.action_add_bundle(bundle)
        self.assertEqual(len(self.lead.line_ids), 500)

    # What is refused

    @users("user_sales_leads")
    def test_nobody_changes_the_products_of_a_stranger(self):
        foreign = self._create_opportunity(self.user_sales_manager)
        stranger = foreign.with_user(self.user_sales_salesman)
        for action in (
            lambda: stranger.action_add_bundle(self.bundle.id),
            stranger.action_choose_bundle,
            stranger.action_update_bundles,
        ):
            with self.assertRefused(AccessError):
                action()

    def test_what_is_no_bundle_is_refused(self):
        deleted = self._create_bundle()
        deleted.unlink()
        for bundle in (
            deleted.id,
            10**12,
            -1,
            0,
            "x",
            "1",
            [1],
            None,
            False,
            True,
            1.5,
        ):
            with self.assertRefused(UserError, "does not exist, or you may not use it"):
                self.lead.action_add_bundle(bundle)

    def test_a_bundle_that_cannot_be_offered_is_refused_with_the_reason(self):
        def empty():
            self.bundle.line_ids.unlink()

        for prepare, reason in (
            (self.bundle.action_archive, "“Office” cannot be added: it is archived"),
            (self.desk.action_archive, "“Desk” is archived"),
            (self.plan.action_archive, "“Club” is archived"),
            (lambda: self.desk.write({"company_id": self.elsewhere.id}), "“Desk” bel"),
            (lambda: self.plan.write({"company_id": self.elsewhere.id}), "“Club” bel"),
            (empty, "it has no products"),
        ):
            with self.assertRefused(UserError, reason):
                prepare()
                self.lead.action_add_bundle(self.bundle.id)
            self.env.invalidate_all()

    def test_a_bundle_of_another_company_is_refused(self):
        self.bundle.sudo().company_id = self.elsewhere
        with self.assertRefused(UserError, "you may not use it"):
            self.lead.action_add_bundle(self.bundle.id)
        self.user_sales_salesman.company_ids += self.elsewhere
        both = self.lead.with_context(
            allowed_company_ids=[self.company.id, self.elsewhere.id]
        )
        with self.assertRefused(UserError, "it belongs to another company"):
            both.action_add_bundle(self.bundle.id)

    # Changes of the bundle

    def test_a_changed_bundle_is_told_and_updated(self):
        own = self.env["opportunity.line"].with_user(self.user_sales_salesman)
        own = own.create({"lead_id": self.lead.id, "product_id": self.lamp.id})
        self.lead.action_add_bundle(self.bundle)
        self._change_bundle()
        self.assertEqual(self.lead.outdated_bundle_ids, self.bundle)
        self.lead.action_update_bundles()
        self.assertFalse(self.lead.outdated_bundle_ids)
        self.assertEqual(len(self.lead.line_ids), 4)
        self.assertIn(own, self.lead.line_ids)
        desk = self.lead.line_ids.filtered(lambda line: line.product_id == self.desk)
        self.assertEqual((desk.quantity, desk.price_unit), (3, 80))
        self.assertEqual(desk.approved_by_id, self.user_sales_manager)

    def test_a_bundle_added_twice_is_updated_twice(self):
        self.lead.action_add_bundle(self.bundle)
        self.lead.action_add_bundle(self.bundle)
        self._change_bundle()
        self.lead.action_update_bundles()
        self.assertEqual(len(self.lead.line_ids), 6)

    def test_only_changed_bundles_are_updated(self):
        other = self._create_bundle({"product_id": self.lamp.id})
        self.lead.action_add_bundle(other)
        kept = self.lead.line_ids
        self.lead.action_add_bundle(self.bundle)
        self._change_bundle()
        self.lead.action_update_bundles()
        self.assertIn(kept, self.lead.line_ids)
        lines = self.lead.line_ids
        self.lead.action_update_bundles()
        self.assertEqual(self.lead.line_ids, lines)

    def test_an_update_that_fails_leaves_everything(self):
        self.lead.action_add_bundle(self.bundle)
        lines = self.lead.line_ids
        self._change_bundle()
        self.lamp.action_archive()
        with self.assertRefused(UserError, "“Lamp” is archived"):
            self.lead.action_update_bundles()
        self.env.invalidate_all()
        self.assertEqual(self.lead.line_ids, lines)

    def test_an_archived_bundle_is_remembered_and_not_updated(self):
        self.lead.action_add_bundle(self.bundle)
        self._change_bundle()
        self.bundle.action_archive()
        self.assertEqual(self.lead.bundle_ids, self.bundle)
        self.assertFalse(self.lead.outdated_bundle_ids)
        self.bundle.unlink()
        self.assertEqual(len(self.lead.line_ids), 3)
        self.assertFalse(self.lead.bundle_ids)

    def test_a_bundle_of_another_company_does_not_close_the_form(self):
        self.lead.action_add_bundle(self.bundle)
        self._change_bundle()
        self.bundle.sudo().company_id = self.elsewhere
        self.env.invalidate_all()
        self.assertFalse(self.lead.bundle_ids)
        self.assertFalse(self.lead.outdated_bundle_ids)
        self.assertEqual(len(Form(self.lead).line_ids), 3)

    # Copies and merges

    def test_a_copy_remembers_the_bundle(self):
        self.lead.action_add_bundle(self.bundle)
        self._change_bundle()
        copied = self.lead.copy()
        self.assertEqual(copied.bundle_ids, self.bundle)
        self.assertEqual(copied.outdated_bundle_ids, self.bundle)

    def test_merged_opportunities_remember_the_bundles_of_all(self):
        other = self._create_opportunity(expected_revenue=5)
        other.action_add_bundle(self.bundle.id)
        second = self._create_bundle({"product_id": self.lamp.id})
        self.lead.action_add_bundle(second)
        leads = (self.lead + other).with_user(self.user_sales_manager)
        merged = leads.merge_opportunity()
        self.assertEqual(merged.bundle_ids, self.bundle + second)
        self._change_bundle()
        merged.action_update_bundles()
        self.assertEqual(len(merged.line_ids), 4)
        self.assertFalse(merged.outdated_bundle_ids)

    def test_the_rights_of_the_bundle_are_not_those_of_the_lines(self):
        self.lead.action_add_bundle(self.bundle)
        self.lead.line_ids[0].quantity = 7
        self.assertEqual(self.desk_line.quantity, 2)
        self.lead.write({"line_ids": [Command.delete(self.lead.line_ids[0].id)]})
        self.assertEqual(len(self.bundle.line_ids), 3)

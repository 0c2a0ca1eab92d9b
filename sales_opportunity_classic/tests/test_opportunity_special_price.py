from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common import OfferCommon


@tagged("post_install", "-at_install")
class TestOpportunitySpecialPrice(OfferCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.limit = cls._limit_discounts(10.0)
        cls.line = cls._add_line()
        cls.managers_line = cls.line.with_user(cls.user_sales_manager)

    @freeze_time("2025-03-03 12:00:00")
    def test_who_gave_it_and_when(self):
        self.assertFalse(self.line.special_by_id)
        self.line.write({"price_unit": 95.0, "discount": 10.0})
        self.assertAlmostEqual(self.line.special_discount, 14.5)
        self.assertEqual(self.line.special_by_id, self.user_sales_salesman)
        self.assertEqual(str(self.line.special_date), "2025-03-03 12:00:00")
        self.line.write({"price_unit": 100.0, "discount": 0.0})
        self.assertFalse(self.line.special_by_id or self.line.special_date)

    def test_nobody_says_it_of_others(self):
        for name, value in (
            ("special_by_id", self.user_sales_manager.id),
            ("special_date", "2025-01-01"),
            ("approved_by_id", self.user_sales_manager.id),
            ("approved_date", "2025-01-01"),
            ("list_price", 50.0),
            ("special_discount", 0.0),
            ("currency_id", self.env.company.currency_id.id),
            ("company_id", self.env.company.id),
            ("price_subtotal", 1.0),
        ):
            with self.assertRefused(AccessError, name):
                self.line.write({name: value})
            with self.assertRefused(AccessError, name):
                self._add_line(**{name: value})
            told = self.opportunity.with_context(**{f"default_{name}": value})
            with self.assertRefused(AccessError, name):
                self._add_line(lead=told)

    def test_up_to_the_limit(self):
        self.line.discount = 10.0
        self.assertFalse(self.line.needs_approval)
        self.line.discount = 10.01
        self.assertTrue(self.line.needs_approval)
        self.limit.max_discount = 20.0
        self.line.invalidate_recordset()
        self.assertFalse(self.line.needs_approval)

    def test_the_highest_limit_of_several_groups(self):
        group = self.env["res.groups"].create({"name": "Senior"})
        self.limit.copy({"group_id": group.id, "max_discount": 30.0})
        self.line.discount = 30.0
        self.assertTrue(self.line.needs_approval)
        self.user_sales_salesman.group_ids += group
        self.line.invalidate_recordset()
        self.assertFalse(self.line.needs_approval)

    def test_sales_managers_have_no_limit(self):
        self.managers_line.discount = 60.0
        self.assertFalse(self.line.needs_approval)

    def test_new_terms_are_those_of_who_changes_them(self):
        self.managers_line.discount = 60.0
        for values in (
            {"quantity": 100.0},
            {"product_uom_id": self.env.ref("uom.product_uom_dozen").id},
            {"plan_id": self.monthly.id},
            {"price_unit": 99.0},
        ):
            with self.subTest(values=values), self.env.cr.savepoint() as savepoint:
                self.line.write(values)
                self.assertEqual(self.line.special_by_id, self.user_sales_salesman)
                self.assertTrue(self.line.needs_approval)
                savepoint.rollback()
        self.line.write({"quantity": 1.0, "name": "A desk", "sequence": 3})
        self.assertEqual(self.line.special_by_id, self.user_sales_manager)

    def test_another_list_price_makes_another_special_price(self):
        dear = self._create_pricelist()
        cheap = self._create_pricelist(discount=50.0)
        other = self._create_opportunity(partner_id=self.customer.id)
        (self.opportunity + other).pricelist_id = cheap

        def raise_list_price():
            self.desk.list_price = 200.0
            self.opportunity.action_update_prices()

        for price, change in (
            (50.01, lambda: self.opportunity.write({"pricelist_id": dear.id})),
            (40.0, lambda: self.opportunity.write({"pricelist_id": dear.id})),
            (50.01, raise_list_price),
            (40.0, lambda: self.line.write({"lead_id": other.id})),
        ):
            with self.subTest(price=price), self.env.cr.savepoint() as savepoint:
                self.line.price_unit = price
                self.manager_lead.action_approve_prices()
                self.assertFalse(self.line.needs_approval)
                change()
                self.assertEqual(self.line.special_by_id, self.user_sales_salesman)
                self.assertTrue(self.line.needs_approval)
                savepoint.rollback()

    def test_an_approval_is_for_one_price(self):
        self.managers_line.discount = 60.0
        self.assertFalse(self.line.needs_approval)
        self.opportunity.pricelist_id = self._create_pricelist(discount=50.0)
        self.assertEqual(self.line.price_unit, 50.0)
        self.assertTrue(self.line.needs_approval)

    def test_over_the_limit_nothing_is_ordered_until_a_manager_approves(self):
        self.line.price_unit = 80.0
        refusal = r"approve the price of Desk \(-20.00 %\)"
        with self.assertRefused(UserError, refusal):
            self.opportunity.action_create_order()
        with self.assertRefused(AccessError, "Only sales managers"):
            self.opportunity.action_approve_prices()
        self.manager_lead.action_approve_prices()
        self.assertEqual(self.line.approved_by_id, self.user_sales_manager)
        self.assertIn("Desk (-20.00 %)", self.opportunity.message_ids[0].body)
        self.assertTrue(self.opportunity.action_create_order())
        self.line.quantity = 2
        self.assertFalse(self.line.approved_by_id)
        with self.assertRefused(UserError, refusal):
            self.opportunity.action_update_order()

    def test_opportunities_that_wait_for_approval_are_found(self):
        Lead = self.manager_lead
        others = self._create_opportunity()
        domain = [("needs_approval", "=", True)]
        self.assertNotIn(self.opportunity, Lead.search(domain))
        self.line.discount = 50.0
        self.assertTrue(self.opportunity.needs_approval)
        self.assertIn(self.opportunity, Lead.search(domain))
        self.assertIn(others, Lead.search([("needs_approval", "=", False)]))
        self.manager_lead.action_approve_prices()
        self.assertNotIn(self.opportunity, Lead.search(domain))

    def test_a_lower_pricelist_is_no_special_price(self):
        self.opportunity.pricelist_id = self._create_pricelist(discount=50.0)
        self.assertEqual(self.line.price_unit, 50.0)
        self.assertFalse(self.line.special_discount)

    def test_copies_are_given_by_who_copies(self):
        self.managers_line.discount = 60.0
        copied = self.opportunity.copy()
        self.assertEqual(copied.line_ids.discount, 60.0)
        self.assertEqual(copied.line_ids.special_by_id, self.user_sales_salesman)
        self.assertTrue(copied.needs_approval)

    def test_merged_ones_are_given_by_who_merges(self):
        other = self._create_opportunity(partner_id=self.customer.id)
        self._add_line(self.chair, lead=other).with_user(
            self.user_sales_manager
        ).price_unit = 10.0
        merged = (self.opportunity + other).merge_opportunity()
        chair = merged.line_ids.filtered(lambda line: line.product_id == self.chair)
        self.assertEqual(chair.price_unit, 10.0)
        self.assertEqual(chair.special_by_id, self.user_sales_salesman)

    def test_a_price_of_a_lower_pricelist_does_not_escape_the_limit(self):
        self.opportunity.pricelist_id = self._create_pricelist(discount=90.0)
        self.line.price_unit = 11.0
        self.assertFalse(self.line.needs_approval)
        self.opportunity.pricelist_id = self._create_pricelist()
        self.assertEqual(self.line.special_discount, 89.0)
        self.assertTrue(self.line.needs_approval)

    def test_the_limit_holds_when_the_list_goes_up(self):
        self.line.price_unit = 101.0
        self.assertEqual(self.line.special_by_id, self.user_sales_salesman)
        self.desk.list_price = 1000.0
        self.opportunity.action_update_prices()
        self.assertTrue(self.line.needs_approval)

    def test_small_differences_are_special_prices(self):
        self.line.price_unit = 99.999
        self.assertTrue(self.line.is_special_price)
        self.line.sequence = 5
        self.opportunity.action_update_prices()
        self.assertEqual(self.line.price_unit, 99.999)

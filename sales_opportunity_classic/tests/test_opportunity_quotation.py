from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import OfferCommon


@tagged("post_install", "-at_install")
class TestOpportunityQuotation(OfferCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.line = cls._add_line(quantity=2, price_unit=90.0, discount=10.0)

    def _create_order(self):
        action = self.opportunity.action_create_order()
        return self.opportunity.env["sale.order"].browse(action["res_id"])

    # === CREATING === #

    @freeze_time("2025-03-03")
    def test_everything_is_carried_to_the_quotation(self):
        terms = self.env.ref("account.account_payment_term_30days")
        self.customer.property_payment_term_id = terms
        campaign = self.env["utm.campaign"].create({"name": "Spring"})
        pricelist = self._create_pricelist()
        self.opportunity.write(
            {
                "offer_valid_until": "2025-03-31",
                "campaign_id": campaign.id,
                "pricelist_id": pricelist.id,
            }
        )
        order = self._create_order()
        self.assertRecordValues(
            order,
            [
                {
                    "opportunity_id": self.opportunity.id,
                    "partner_id": self.customer.id,
                    "user_id": self.user_sales_salesman.id,
                    "team_id": self.opportunity.team_id.id,
                    "campaign_id": campaign.id,
                    "payment_term_id": terms.id,
                    "pricelist_id": pricelist.id,
                    "validity_date": self.opportunity.offer_valid_until,
                    "origin": "Ten desks",
                    "state": "draft",
                    "amount_untaxed": 162.0,
                }
            ],
        )
        self.assertRecordValues(
            order.order_line,
            [
                {
                    "product_id": self.desk.id,
                    "product_uom_qty": 2.0,
                    "price_unit": 90.0,
                    "discount": 10.0,
                    "opportunity_line_id": self.line.id,
                }
            ],
        )

    def test_optional_products_are_for_the_customer_to_choose(self):
        self._add_line(self.chair, is_optional=True)
        order = self._create_order()
        section, chair = order.order_line[1:]
        self.assertTrue(section.is_optional)
        self.assertTrue(chair._can_be_edited_on_portal())
        self.assertFalse(order.order_line[0]._can_be_edited_on_portal())
        self.assertEqual(order.amount_untaxed, 162.0)
        chair.product_uom_qty = 3
        self.assertEqual(order.amount_untaxed, 282.0)
        self.assertFalse(self.opportunity.is_order_different)

    def test_a_plan_as_it_is_sold(self):
        self.monthly.write({"trial_days": 14, "cycles": 12})
        self._add_line(self.support, plan_id=self.monthly.id, discount=50.0)
        support = self._create_order().order_line[1]
        self.assertEqual(
            (support.price_unit, support.recurring_price_unit), (0.0, 30.0)
        )
        self.assertEqual(support.opportunity_plan_id, self.monthly)
        self.assertIn("15.00", support.name)
        self.assertIn("first 14 days free", support.name)
        self.monthly.write({"trial_days": 0, "intro_cycles": 1, "intro_price": 8.0})
        self.assertTrue(self.opportunity.is_order_different)
        self.opportunity.action_update_order()
        self.assertEqual(
            (support.price_unit, support.recurring_price_unit), (8.0, 30.0)
        )

    def test_the_price_of_a_plan_is_changed_on_the_quotation(self):
        support = self._add_line(self.support, plan_id=self.monthly.id)
        sold = self._create_order().order_line[1]
        sold.price_unit = 25.0
        self.assertEqual(sold.recurring_price_unit, 25.0)
        self.opportunity.action_update_lines()
        self.assertEqual(support.price_unit, 25.0)
        self.assertFalse(self.opportunity.is_order_different)

    def test_a_special_price_survives_another_quantity(self):
        self._add_line(self.chair)
        order = self._create_order()
        order.order_line.product_uom_qty = 5
        self.assertEqual(order.order_line.mapped("price_unit"), [90.0, 40.0])

    def test_without_a_contact_odoo_asks_for_one_and_goes_on(self):
        lead = self._create_opportunity(partner_name="Nova Stones")
        self._add_line(lead=lead)
        action = lead.action_create_order()
        self.assertEqual(action["res_model"], "crm.quotation.partner")
        dialog = lead.env["crm.quotation.partner"].with_context(
            **action["context"], active_model="crm.lead", active_id=lead.id
        )
        dialog = dialog.create({"action": "create", "lead_id": lead.id})
        order = lead.env["sale.order"].browse(dialog.action_apply()["res_id"])
        self.assertEqual(order.order_line.product_id, self.desk)
        self.assertEqual(order.partner_id, lead.partner_id)
        self.assertEqual(len(lead.line_ids), 1)

    @freeze_time("2025-03-03")
    def test_what_keeps_an_order_from_being_made(self):
        def refused(reason):
            with self.assertRefused(UserError, f"“Ten desks” yet: {reason}"):
                self.opportunity.action_create_order()

        self.opportunity.offer_valid_until = "2025-03-02"
        refused("the offer was valid until")
        self.opportunity.offer_valid_until = "2025-03-03"
        self.desk.active = False
        refused("no longer sold: Desk")
        self.desk.write({"active": True, "sale_ok": False})
        refused("no longer sold: Desk")
        self.desk.sale_ok = True
        self.opportunity.action_set_lost()
        refused("it is lost")
        self.opportunity.action_unarchive()
        self.line.unlink()
        refused("add products")

    def test_rights(self):
        stranger = self.user_sales_salesman.copy({"login": "stranger"})
        foreign = self.opportunity.with_user(stranger)
        for operation in (
            foreign.action_create_order,
            foreign.action_update_order,
            foreign.action_update_lines,
        ):
            with self.assertRefused(AccessError):
                operation()

    def test_zero_total(self):
        self.line.price_unit = 0.0
        self.assertEqual(self._create_order().amount_total, 0.0)

    # === AGREEING === #

    def test_an_open_quotation_is_brought_up_to_date(self):
        order = self._create_order()
        self.line.quantity = 4
        self._add_line(self.chair)
        self.assertEqual(self._create_order(), order)
        self.assertEqual(order.order_line.mapped("product_uom_qty"), [4.0, 1.0])
        order.action_confirm()
        self.assertNotEqual(self._create_order(), order)

    def test_products_are_merged_into_a_quotation_made_by_hand(self):
        order = self.opportunity.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "opportunity_id": self.opportunity.id,
                "user_id": self.user_sales_salesman.id,
                "order_line": [
                    Command.create({"display_type": "line_note", "name": "Thank you"})
                ],
            }
        )
        self.assertEqual(self._create_order(), order)
        self.assertIn("Thank you", order.order_line.mapped("name"))
        self.assertEqual(order.order_line.product_id, self.desk)

    def test_both_ways(self):
        self._add_line(self.chair, is_optional=True)
        order = self._create_order()
        self.assertFalse(self.opportunity.is_order_different)
        self.assertEqual(self.opportunity.offer_order_id, order)
        for change in (
            lambda: self.line.write({"quantity": 3}),
            lambda: self.line.write({"price_unit": 85.0}),
            lambda: self.line.write({"discount": 0.0}),
            lambda: self._add_line(self.support, plan_id=self.monthly.id),
            lambda: self.opportunity.line_ids[0].write({"is_optional": True}),
            lambda: self.opportunity.line_ids[1].unlink(),
            lambda: order.order_line[0].write({"product_uom_qty": 7}),
            lambda: order.order_line[0].unlink(),
            lambda: order.write(
                {"order_line": [Command.create({"product_id": self.support.id})]}
            ),
        ):
            for bring in ("action_update_order", "action_update_lines"):
                with self.subTest(bring=bring), self.env.cr.savepoint() as savepoint:
                    change()
                    self.env.flush_all()
                    self.env.invalidate_all()
                    self.assertTrue(self.opportunity.is_order_different)
                    getattr(self.opportunity, bring)()
                    self.env.flush_all()
                    self.env.invalidate_all()
                    self.assertFalse(self.opportunity.is_order_different)
                    savepoint.rollback()

    def test_prices_of_a_quotation_are_somebodys_special_prices(self):
        self._limit_discounts()
        self.opportunity.line_ids.with_user(self.user_sales_manager).discount = 0
        order = self._create_order()
        order.order_line.price_unit = 5.0
        self.opportunity.action_update_lines()
        self.assertEqual(self.line.price_unit, 5.0)
        self.assertTrue(self.line.needs_approval)

    def test_a_confirmed_order_is_not_changed(self):
        order = self._create_order()
        order.action_confirm()
        self.line.quantity = 3
        self.assertTrue(self.opportunity.is_order_different)
        self.assertFalse(self.opportunity.is_order_open)
        with self.assertRefused(UserError, order.name):
            self.opportunity.action_update_order()
        self.opportunity.action_update_lines()
        self.assertEqual(self.line.quantity, 2.0)

    def test_a_quotation_cancelled_by_others_is_not_brought_up_to_date(self):
        self._create_order().action_cancel()
        for refused in (
            self.opportunity.action_update_order,
            self.opportunity.action_update_lines,
        ):
            with self.assertRefused(UserError, "no quotation of the products"):
                refused()

    def test_a_colleagues_quotation_is_not_touched(self):
        order = self.manager_lead._create_order(user_id=self.user_sales_manager.id)
        self.assertFalse(self.opportunity.offer_order_id)
        self.assertNotEqual(self._create_order(), order)

    def test_products_added_by_hand_are_not_lost(self):
        order = self.opportunity.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "opportunity_id": self.opportunity.id,
                "order_line": [Command.create({"product_id": self.chair.id})],
            }
        )
        for _again in range(2):
            self.assertEqual(self._create_order(), order)
            self.assertEqual(order.order_line.product_id, self.chair + self.desk)
        self.assertTrue(self.opportunity.is_order_different)
        self.opportunity.action_update_order()
        self.assertEqual(order.order_line.product_id, self.desk)

    def test_a_quotation_is_remembered_when_its_products_are_replaced(self):
        order = self._create_order()
        self.line.unlink()
        self._add_line(self.chair)
        self.assertEqual(self.opportunity.offer_order_id, order)
        self.assertTrue(self.opportunity.is_order_different)
        self.assertEqual(self._create_order(), order)
        self.assertEqual(order.order_line.product_id, self.chair)

    def test_the_quotation_of_another_customer_is_left_alone(self):
        order = self._create_order()
        self.opportunity.partner_id = self.customer.copy()
        other = self._create_order()
        self.assertNotEqual(other, order)
        self.assertEqual(other.partner_id, self.opportunity.partner_id)

    def test_without_a_quotation_there_is_nothing_to_agree_with(self):
        for bring in ("action_update_order", "action_update_lines"):
            with self.assertRefused(UserError, "no quotation of the products of “Ten"):
                getattr(self.opportunity, bring)()

    def test_taxes_agree(self):
        tax, other = self.env["account.tax"].create(
            [{"name": f"{rate} percent", "amount": rate} for rate in (15, 7)]
        )
        self.line.tax_ids = tax
        order = self._create_order()
        self.line.tax_ids = other
        self.assertTrue(self.opportunity.is_order_different)
        self.opportunity.action_update_order()
        self.assertEqual(order.order_line.tax_ids, other)
        self.assertEqual(order.amount_total, 173.34)
        order.order_line.tax_ids = tax
        self.env.invalidate_all()
        self.assertTrue(self.opportunity.is_order_different)
        self.opportunity.action_update_lines()
        self.assertEqual(self.line.tax_ids, tax)
        self.assertFalse(self.opportunity.is_order_different)

    def test_currencies_agree(self):
        order = self._create_order()
        euro = self._create_currency("EUR", 0.5)
        order.pricelist_id = self._create_pricelist(euro)
        self.assertTrue(self.opportunity.is_order_different)
        self.opportunity.action_update_lines()
        self.assertFalse(self.opportunity.is_order_different)
        self.assertEqual(self.opportunity.offer_currency_id, euro)
        self.assertEqual(self.line.price_unit, 90.0)
        self.assertEqual(self.opportunity.expected_revenue, 324.0)

    def test_a_quantity_of_zero_is_not_sold(self):
        self._add_line(self.chair)
        order = self._create_order()
        order.order_line[0].product_uom_qty = 0.0
        self.opportunity.action_update_lines()
        self.assertEqual(self.opportunity.line_ids.product_id, self.chair)
        self.assertFalse(self.opportunity.is_order_different)

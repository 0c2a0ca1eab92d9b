from psycopg2.errors import ForeignKeyViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import OfferCommon


@tagged("post_install", "-at_install")
class TestOpportunityOffer(OfferCommon):
    _form_view = "crm.crm_lead_view_form"

    def _read_figures(self, lead=None):
        lead = lead or self.opportunity
        return (lead.expected_revenue, lead.recurring_revenue, lead.recurring_plan)

    # === TOTALS === #

    def test_totals_leave_optional_products_out(self):
        self._add_line(quantity=2)
        self._add_line(self.support, plan_id=self.monthly.id)
        self._add_line(self.chair, is_optional=True)
        self._add_line(self.support, plan_id=self.monthly.id, is_optional=True)
        self.assertRecordValues(
            self.opportunity,
            [
                {
                    "offer_one_time": 200.0,
                    "offer_mrr": 30.0,
                    "offer_arr": 360.0,
                    "offer_first_year": 560.0,
                    "offer_contract_value": 560.0,
                }
            ],
        )

    def test_values_of_a_plan_with_an_end_and_a_beginning(self):
        self.monthly.write({"cycles": 18, "intro_cycles": 3, "intro_price": 10.0})
        self._add_line(self.support, plan_id=self.monthly.id, quantity=2, discount=50.0)
        self.assertRecordValues(
            self.opportunity,
            [
                {
                    "offer_mrr": 30.0,
                    # three times 10 and nine times 30, then six times more
                    "offer_first_year": 300.0,
                    "offer_contract_value": 480.0,
                }
            ],
        )

    def test_a_changed_plan_changes_open_offers(self):
        self._add_line(self.support, plan_id=self.monthly.id)
        self.monthly.interval_count = 3
        self.assertEqual(self.opportunity.offer_mrr, 10.0)
        self.assertEqual(self.opportunity.recurring_revenue, 30.0)
        self.assertEqual(self.opportunity.recurring_plan.number_of_months, 3)

    def test_a_plan_that_was_sold_keeps_its_terms(self):
        self._add_line(self.support, plan_id=self.monthly.id)
        plan = self.monthly.with_user(self.user_sales_manager)
        plan.cycles = 24
        order = self.opportunity._create_order()
        order.action_confirm()
        with self.assertRefused(UserError, "“By the month” is on closed"):
            plan.cycles = 12
        plan.write({"name": "Monthly", "cycles": 24, "active": False})
        order.with_context(disable_cancel_warning=True).action_cancel()
        plan.cycles = 12
        self.opportunity.action_set_won()
        with self.assertRefused(UserError, "“Monthly” is on closed"):
            plan.interval_unit = "year"
        self.assertEqual(self.opportunity.recurring_revenue, 30.0)

    def test_the_currency_of_a_plan_counts(self):
        euro = self._create_currency("EUR", 0.5)
        self.monthly.write({"intro_cycles": 2, "intro_price": 10.0})
        line = self._add_line(self.support, plan_id=self.monthly.id)
        self.assertEqual(self.opportunity.offer_first_year, 320.0)
        self.monthly.currency_id = euro
        self.assertEqual(line.intro_subtotal, 20.0)
        self.assertEqual(self.opportunity.offer_first_year, 340.0)

    # === FOLLOWING === #

    def test_odoos_figures_follow(self):
        self._add_line(quantity=2)
        self.assertEqual(self.opportunity.expected_revenue, 200.0)
        line = self._add_line(self.support, plan_id=self.monthly.id)
        revenue, recurring, plan = self._read_figures()
        self.assertEqual((revenue, recurring), (200.0, 30.0))
        self.assertEqual(plan.number_of_months, 1)
        self.assertEqual(self.opportunity.recurring_revenue_monthly, 30.0)
        line.unlink()
        revenue, recurring, plan = self._read_figures()
        self.assertFalse(recurring or plan)

    def test_plans_of_several_lengths_become_a_monthly_figure(self):
        yearly = self.monthly.copy({"name": "Yearly", "interval_unit": "year"})
        self._add_line(self.support, plan_id=yearly.id, quantity=4)
        self.assertEqual(self.opportunity.recurring_revenue, 120.0)
        self.assertEqual(self.opportunity.recurring_plan.number_of_months, 12)
        self._add_line(self.support, plan_id=self.monthly.id)
        self.assertEqual(self.opportunity.recurring_revenue, 40.0)
        self.assertEqual(self.opportunity.recurring_plan.number_of_months, 1)

    def test_weeks_become_a_monthly_figure(self):
        weekly = self.monthly.copy({"name": "Weekly", "interval_unit": "week"})
        self._add_line(self.support, plan_id=weekly.id)
        self.assertEqual(self.opportunity.recurring_revenue, 130.0)

    def test_own_figures_stop_the_following(self):
        self._add_line()
        self.opportunity.expected_revenue = 100.0
        self.assertTrue(self.opportunity.follow_lines)
        self.opportunity.expected_revenue = 5000.0
        self.assertFalse(self.opportunity.follow_lines)
        self._add_line(self.chair)
        self.assertEqual(self.opportunity.expected_revenue, 5000.0)
        self.assertEqual(self.opportunity.offer_difference, 4860.0)
        self.opportunity.follow_lines = True
        self.assertEqual(self.opportunity.expected_revenue, 140.0)

    def test_own_figures_by_setting(self):
        self._set_parameter("expected_figures", "keep")
        lead = self._create_opportunity(expected_revenue=700.0)
        self._add_line(lead=lead)
        self.assertEqual(lead.expected_revenue, 700.0)
        self.assertEqual(lead.offer_difference, 600.0)

    def test_own_figures_of_a_new_opportunity(self):
        Lead = self.opportunity.with_context(default_type="opportunity").browse()
        form = Form(Lead, self._form_view)
        form.name = "Desks"
        with form.line_ids.new() as line:
            line.product_id = self.desk
        self.assertEqual(form.expected_revenue, 100.0)
        followed = form.save()
        self.assertEqual(followed.expected_revenue, 100.0)
        self.assertTrue(followed.follow_lines)
        form = Form(Lead, self._form_view)
        form.name = "Desks"
        with form.line_ids.new() as line:
            line.product_id = self.desk
        form.expected_revenue = 7000.0
        own = form.save()
        self.assertEqual(own.expected_revenue, 7000.0)
        self.assertFalse(own.follow_lines)
        self.assertEqual(own.offer_difference, 6900.0)

    def test_without_products_the_figures_are_the_users_own(self):
        self.assertEqual(self.opportunity.expected_revenue, 1000.0)
        self.assertFalse(self.opportunity.offer_difference)
        self._add_line().unlink()
        self.opportunity.expected_revenue = 800.0
        self.assertTrue(self.opportunity.follow_lines)

    def test_a_confirmed_order_does_not_raise_what_follows(self):
        self._add_line()
        order = self.opportunity._create_order()
        order.order_line.product_uom_qty = 10
        order.action_confirm()
        self.assertEqual(self.opportunity.expected_revenue, 100.0)

    # === CURRENCY AND PRICELIST === #

    def test_the_pricelist_of_the_customer_is_taken_with_the_first_product(self):
        euro = self._create_currency("EUR", 0.5)
        pricelist = self._create_pricelist(euro, discount=10.0)
        self.customer.property_product_pricelist = pricelist
        self._add_line()
        self.assertRecordValues(
            self.opportunity,
            [
                {
                    "pricelist_id": pricelist.id,
                    "offer_currency_id": euro.id,
                    "offer_one_time": 45.0,
                    "expected_revenue": 90.0,
                }
            ],
        )

    def test_another_pricelist_converts_special_prices(self):
        self._add_line(price_unit=80.0)
        self._add_line(self.chair)
        euro = self._create_currency("EUR", 0.5)
        self.opportunity.pricelist_id = self._create_pricelist(euro)
        prices = self.opportunity.line_ids.mapped("price_unit")
        self.assertEqual(prices, [40.0, 20.0])
        self.assertEqual(self.opportunity.expected_revenue, 120.0)

    def test_special_prices_given_with_another_pricelist_are_in_its_currency(self):
        line = self._add_line(price_unit=80.0)
        pricelist = self._create_pricelist(self._create_currency("EUR", 0.5))
        self.opportunity.write(
            {
                "line_ids": [
                    Command.create({"product_id": self.chair.id, "price_unit": 15.0})
                ],
                "pricelist_id": pricelist.id,
            }
        )
        self.assertEqual(self.opportunity.line_ids.mapped("price_unit"), [40.0, 15.0])
        self.opportunity.write(
            {
                "pricelist_id": self._create_pricelist().id,
                "line_ids": [Command.update(line.id, {"price_unit": 70.0})],
            }
        )
        self.assertEqual(self.opportunity.line_ids.mapped("price_unit"), [70.0, 30.0])

    def test_figures_follow_another_pricelist_chosen_in_the_form(self):
        self._add_line(price_unit=80.0)
        pricelist = self._create_pricelist(self._create_currency("EUR", 0.5))
        self.env.user.group_ids += self.env.ref("product.group_product_pricelist")
        with Form(self.opportunity.sudo(), self._form_view) as form:
            form.pricelist_id = pricelist
        self.assertEqual(self.opportunity.line_ids.price_unit, 40.0)
        self.assertTrue(self.opportunity.follow_lines)
        self.assertEqual(self.opportunity.expected_revenue, 80.0)

    def test_prices_once_offered_stay_until_asked_for_again(self):
        line = self._add_line()
        special = self._add_line(self.chair, price_unit=30.0)
        (self.desk + self.chair).list_price = 120.0
        self._add_line(self.support)
        self.assertEqual(line.price_unit, 100.0)
        self.opportunity.action_update_prices()
        self.assertEqual((line.list_price, line.price_unit), (120.0, 120.0))
        self.assertEqual((special.list_price, special.price_unit), (120.0, 30.0))
        self.assertEqual(special.special_discount, 75.0)

    def test_a_contact_that_comes_later_brings_its_pricelist(self):
        lead = self._create_opportunity()
        self._add_line(lead=lead)
        pricelist = self._create_pricelist(discount=20.0)
        self.customer.property_product_pricelist = pricelist
        lead.partner_id = self.customer
        self.assertEqual(lead.line_ids.price_unit, 80.0)
        lead.partner_id = self.contact_1
        self.assertEqual(lead.pricelist_id, pricelist)

    @mute_logger("odoo.sql_db")
    def test_a_pricelist_in_use_is_archived_not_deleted(self):
        pricelist = self._create_pricelist(discount=20.0)
        self.opportunity.pricelist_id = pricelist
        line = self._add_line()
        with self.assertRefused(ForeignKeyViolation, "crm_lead"):
            pricelist.unlink()
        pricelist.active = False
        line.quantity = 2
        self.assertEqual(line.price_unit, 80.0)

    def test_rules_of_other_days_do_not_count(self):
        pricelist = self._create_pricelist(discount=20.0)
        pricelist.item_ids.write(
            {"date_start": "2025-01-01", "date_end": "2025-01-31 23:59:59"}
        )
        self.opportunity.pricelist_id = pricelist
        with freeze_time("2025-01-15"):
            self.assertEqual(self._add_line().price_unit, 80.0)
        with freeze_time("2025-02-01"):
            self.assertEqual(self._add_line().price_unit, 100.0)

    def test_quantities_have_prices_of_their_own(self):
        pricelist = self._create_pricelist(discount=20.0)
        pricelist.item_ids.min_quantity = 10
        self.opportunity.pricelist_id = pricelist
        line = self._add_line(quantity=9)
        self.assertEqual(line.price_unit, 100.0)
        line.quantity = 10
        self.assertEqual(line.price_unit, 80.0)
        self.assertFalse(line.special_by_id)

    # === LIFE === #

    def test_lines_are_copied(self):
        self._add_line(quantity=2)
        self.opportunity.offer_valid_until = "2025-12-31"
        self.desk.list_price = 110.0
        copied = self.opportunity.copy()
        self.assertEqual(copied.line_ids.price_unit, 110.0)
        self.assertEqual(copied.expected_revenue, 220.0)
        self.assertFalse(copied.offer_valid_until)
        self.assertEqual(self.opportunity.line_ids.price_unit, 100.0)

    def test_merging_keeps_all_products(self):
        euro = self._create_currency("EUR", 0.5)
        other = self._create_opportunity(
            pricelist_id=self._create_pricelist(euro).id, probability=1
        )
        self._add_line(quantity=2)
        self._add_line(self.chair, lead=other, price_unit=10.0)
        self._add_line(self.support, lead=other, plan_id=self.monthly.id)
        self.opportunity.probability = 80
        merged = (self.opportunity + other).merge_opportunity()
        self.assertEqual(merged, self.opportunity)
        self.assertRecordValues(
            merged.line_ids,
            [
                {"product_id": self.desk.id, "quantity": 2, "price_unit": 100.0},
                {"product_id": self.chair.id, "quantity": 1, "price_unit": 20.0},
                {"product_id": self.support.id, "quantity": 1, "price_unit": 30.0},
            ],
        )
        self.assertEqual(merged.expected_revenue, 220.0)
        self.assertEqual(merged.recurring_revenue, 30.0)

    def test_special_prices_are_merged_in_the_currency_of_the_first(self):
        euro = self._create_currency("EUR", 0.5)
        self.customer.property_product_pricelist = self._create_pricelist(euro)
        other = self._create_opportunity(probability=1)
        self._add_line(self.chair, lead=other, price_unit=30.0)
        self.opportunity.probability = 80
        merged = (self.opportunity + other).merge_opportunity()
        self.assertEqual(merged.offer_currency_id, euro)
        self.assertEqual(merged.line_ids.price_unit, 15.0)
        self.assertEqual(merged.expected_revenue, 30.0)

    def test_five_hundred_opportunities_are_recomputed_together(self):
        def recompute(number):
            leads = self.Lead.create([{"name": f"Deal {n}"} for n in range(number)])
            leads.line_ids.create(
                [{"lead_id": lead.id, "product_id": self.desk.id} for lead in leads]
            )
            self.env.flush_all()
            self.desk.list_price += 1
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            leads.with_context(tracking_disable=True).action_update_prices()
            self.env.flush_all()
            self.assertEqual(
                set(leads.mapped("expected_revenue")), {self.desk.list_price}
            )
            return self.cr.sql_log_count - before

        recompute(2)
        self.assertLess(recompute(500), recompute(5) + 30)

    def test_figures_and_currency_are_not_told_by_clients(self):
        for values in (
            {"offer_currency_id": self._create_currency("EUR", 0.5).id},
            {"offer_one_time": 1.0},
            {"offer_mrr": 1.0},
            {"offer_arr": 1.0},
            {"offer_first_year": 1.0},
            {"offer_contract_value": 1.0},
        ):
            with self.assertRefused(AccessError):
                self.opportunity.write(values)
            with self.assertRefused(AccessError):
                self._create_opportunity(**values)

    def test_valid_until_is_a_possible_date(self):
        with self.assertRefused(ValidationError, "9999"):
            self.opportunity.offer_valid_until = "9999-12-31"

    def test_updating_prices_needs_the_opportunity(self):
        self._add_line()
        stranger = self.user_sales_salesman.copy({"login": "stranger"})
        with self.assertRefused(AccessError):
            self.opportunity.with_user(stranger).action_update_prices()

    def test_two_colleagues_edit_different_lines(self):
        desk, chair = self._add_line(), self._add_line(self.chair)
        with Form(self.opportunity) as form, form.line_ids.edit(0) as line:
            self.opportunity.write(
                {"line_ids": [Command.update(chair.id, {"quantity": 5})]}
            )
            line.quantity = 3
        self.assertEqual((desk.quantity, chair.quantity), (3.0, 5.0))
        self.assertEqual(self.opportunity.expected_revenue, 500.0)

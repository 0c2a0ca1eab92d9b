from psycopg2.errors import ForeignKeyViolation, NotNullViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import OfferCommon


@tagged("post_install", "-at_install")
class TestOpportunityLine(OfferCommon):
    def test_a_product_brings_what_it_is_and_costs(self):
        line = self._add_line(self.chair, quantity=3)
        self.assertRecordValues(
            line,
            [
                {
                    "name": "Chair",
                    "product_uom_id": self.chair.uom_id.id,
                    "list_price": 40.0,
                    "price_unit": 40.0,
                    "special_discount": 0.0,
                    "price_subtotal": 120.0,
                    "recurring_subtotal": 0.0,
                    "price_total": 120.0,
                    "currency_id": self.env.company.currency_id.id,
                }
            ],
        )

    def test_the_description_is_in_the_language_of_the_contact(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.desk.with_context(lang="fr_FR").name = "Bureau"
        self.customer.lang = "fr_FR"
        self.assertEqual(self._add_line().name, "Bureau")

    def test_there_is_always_a_description(self):
        # customers could not buy what quotations refuse
        line = self._add_line()
        with mute_logger("odoo.sql_db"), self.assertRefused(NotNullViolation):
            line.name = False

    def test_what_recurs_is_no_one_time_revenue(self):
        line = self._add_line(self.support, plan_id=self.monthly.id, quantity=2)
        self.assertEqual(line.price_subtotal, 0.0)
        self.assertEqual(line.recurring_subtotal, 60.0)
        line.plan_id = False
        self.assertEqual(line.price_subtotal, 60.0)
        self.assertEqual(line.recurring_subtotal, 0.0)

    def test_the_first_bill_of_a_plan(self):
        self.monthly.write({"intro_cycles": 2, "intro_price": 12.0})
        line = self._add_line(self.support, plan_id=self.monthly.id, quantity=2)
        self.assertEqual(line.recurring_subtotal, 60.0)
        self.assertEqual(line.intro_subtotal, 24.0)
        self.assertEqual(line.price_total, 24.0)
        self.monthly.trial_days = 14
        self.assertEqual(line.price_total, 0.0)

    def test_taxes_are_those_of_a_quotation(self):
        tax = self.env["account.tax"].create(
            {"name": "Fifteen", "amount": 15.0, "company_id": self.env.company.id}
        )
        included = tax.copy(
            {
                "name": "Ten included",
                "amount": 10.0,
                "price_include_override": "tax_included",
            }
        )
        self.desk.taxes_id = tax
        self.chair.taxes_id = included
        desk, chair = self._add_line(), self._add_line(self.chair)
        self.assertEqual((desk.price_subtotal, desk.price_total), (100.0, 115.0))
        self.assertEqual((chair.price_subtotal, chair.price_total), (36.36, 40.0))
        order = self.opportunity._create_order()
        self.assertEqual(order.order_line.mapped("price_total"), [115.0, 40.0])
        totals = self.opportunity.offer_tax_totals
        self.assertEqual(totals["total_amount_currency"], order.amount_total)

    def test_the_fiscal_position_of_the_customer_maps_taxes(self):
        tax, abroad = self.env["account.tax"].create(
            [
                {"name": "Home", "amount": 20.0},
                {"name": "Abroad", "amount": 0.0},
            ]
        )
        position = self.env["account.fiscal.position"].create({"name": "Export"})
        abroad.write({"fiscal_position_ids": position.ids, "original_tax_ids": tax.ids})
        self.desk.taxes_id = tax
        line = self._add_line()
        self.assertEqual(line.tax_ids, tax)
        self.assertEqual(line.price_total, 120.0)
        exporter = self.env["res.partner"].create(
            {"name": "Far Away", "property_account_position_id": position.id}
        )
        self.opportunity.partner_id = exporter
        self.assertEqual(line.tax_ids, abroad)
        self.assertEqual(line.price_total, 100.0)

    def test_a_unit_of_the_product(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        line = self._add_line(self.chair, product_uom_id=dozen.id)
        self.assertEqual(line.list_price, 480.0)
        hour = self.env.ref("uom.product_uom_hour")
        with self.assertRefused(ValidationError, "“Chair” on “Ten desks”.*“Hours”"):
            line.product_uom_id = hour

    def test_impossible_numbers_are_refused_by_name(self):
        line = self._add_line()
        for name, value, message in (
            ("quantity", 0, "above zero"),
            ("quantity", -1, "above zero"),
            ("quantity", 1e15, "at most 15 digits"),
            ("quantity", float("nan"), "at most 15 digits"),
            ("quantity", "1,5", "at most 15 digits"),
            ("price_unit", -0.01, "cannot be negative"),
            ("price_unit", 1e15, "at most 15 digits"),
            ("price_unit", float("inf"), "at most 15 digits"),
            ("discount", 100.01, "between 0 and 100"),
            ("discount", -5, "between 0 and 100"),
        ):
            with self.subTest(field=name, value=value):
                with self.assertRefused(ValidationError, message):
                    line.write({name: value})
                with self.assertRefused(ValidationError, message):
                    self._add_line(**{name: value})
        with self.assertRefused(ValidationError, "subtotal"):
            line.write({"quantity": 1e12, "price_unit": 1e6})
        self.assertEqual(line.price_subtotal, 100.0)

    def test_prices_of_more_digits_than_the_currency_has(self):
        line = self._add_line(quantity=1000, price_unit=0.0049)
        self.assertEqual(line.price_subtotal, 4.9)

    def test_yen_and_dinars(self):
        for name, rounding, rate, price, subtotal in (
            ("JPY", 1.0, 150.0, 33.4, 67.0),
            ("KWD", 0.001, 0.3, 1.23456, 2.469),
        ):
            currency = self._create_currency(name, rate, rounding)
            lead = self._create_opportunity(
                pricelist_id=self._create_pricelist(currency).id
            )
            line = self._add_line(lead=lead, quantity=2)
            self.assertEqual(line.list_price, 100.0 * rate)
            line.price_unit = price
            self.assertEqual(line.price_subtotal, subtotal)

    def test_another_product_has_another_price(self):
        line = self._add_line(price_unit=70.0, discount=5.0)
        line.product_id = self.chair
        self.assertEqual(line.price_unit, 40.0)
        self.assertFalse(line.discount or line.special_by_id)

    def test_on_the_form(self):
        self.monthly.write({"intro_cycles": 1, "intro_price": 9.0})
        with Form(self.opportunity) as form:
            with form.line_ids.new() as line:
                line.product_id = self.desk
                self.assertEqual(line.price_unit, 100.0)
                line.price_unit = 90.0
                line.quantity = 2
                self.assertEqual(line.price_unit, 90.0)
                self.assertEqual(line.price_subtotal, 180.0)
                line.product_id = self.chair
                self.assertEqual(line.price_unit, 40.0)
            with form.line_ids.new() as line:
                line.product_id = self.support
                line.plan_id = self.monthly
            self.assertEqual(form.offer_one_time, 80.0)
        self.assertFalse(self.opportunity.line_ids.special_by_id)
        self.assertEqual(self.opportunity.expected_revenue, 80.0)

    def test_the_first_product_on_the_form_in_a_foreign_currency(self):
        euro = self._create_currency("EUR", 0.5)
        self.customer.property_product_pricelist = self._create_pricelist(euro, 10.0)
        with Form(self.opportunity) as form, form.line_ids.new() as line:
            line.product_id = self.desk
            self.assertEqual(line.price_unit, 45.0)
        self.assertRecordValues(
            self.opportunity.line_ids,
            [{"list_price": 45.0, "price_unit": 45.0, "currency_id": euro.id}],
        )

    def test_lines_follow_the_rights_of_the_opportunity(self):
        line = self._add_line()
        stranger = self.user_sales_salesman.copy({"login": "stranger"})
        theirs = line.with_user(stranger)
        self.assertFalse(theirs.search([("lead_id", "=", self.opportunity.id)]))
        for operation in (
            lambda: theirs.read(["price_unit"]),
            lambda: theirs.write({"quantity": 2}),
            theirs.unlink,
            lambda: self._add_line(lead=self.opportunity.with_user(stranger)),
        ):
            with self.assertRefused(AccessError):
                operation()

    def test_closed_opportunities_keep_their_products(self):
        line = self._add_line()
        self._set_parameter("closed_edit", "managers")
        self.opportunity.action_set_won()
        with self.assertRefused(UserError, "Only sales managers"):
            line.quantity = 2
        line.with_user(self.user_sales_manager).quantity = 2

    def test_a_product_of_another_company(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.chair.company_id = company
        line = self._add_line()
        self.user_sales_salesman.company_ids += company
        for user in (self.user_sales_salesman, self.user_sales_manager):
            with self.assertRefused(UserError):
                self._add_line(self.chair, lead=self.opportunity.with_user(user))
            with self.assertRefused(UserError):
                line.with_user(user).product_id = self.chair

    @mute_logger("odoo.sql_db")
    def test_a_product_in_use_is_not_deleted(self):
        self._add_line()
        with self.assertRefused(ForeignKeyViolation, "opportunity_line"):
            self.desk.unlink()

    def test_five_hundred_lines_are_priced_together(self):
        self._add_line()
        pricelist = self._create_pricelist(discount=10.0)
        self.opportunity.pricelist_id = pricelist
        self.env.flush_all()
        counts = []
        for number in (5, 500):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.env["opportunity.line"].create(
                [
                    {"lead_id": self.opportunity.id, "product_id": self.chair.id}
                    for _ in range(number)
                ]
            )
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        # the INSERT goes by hundreds, whatever else is asked once
        self.assertLess(counts[1], counts[0] + 20)
        self.assertEqual(self.opportunity.offer_one_time, 90.0 + 505 * 36.0)

    def test_the_catalog_of_odoo(self):
        action = self._add_line().with_context(order_id=self.opportunity.id)
        action = action.action_add_from_catalog()
        self.assertEqual(action["context"]["product_catalog_order_model"], "crm.lead")
        lead = self.opportunity
        self.assertEqual(lead._update_order_line_info(self.chair.id, 3), 40.0)
        self.assertEqual(lead.line_ids.mapped("quantity"), [1.0, 3.0])
        products = (self.desk + self.chair + self.support).ids
        info = lead._get_product_catalog_order_line_info(products)
        self.assertEqual([info[id_]["quantity"] for id_ in products], [1.0, 3.0, 0])
        self.assertEqual([info[id_]["price"] for id_ in products], [100.0, 40.0, 30.0])
        self.assertEqual(lead._update_order_line_info(self.chair.id, 0), 40.0)
        self.assertEqual(lead.line_ids.product_id, self.desk)
        with self.assertRefused(ValidationError, "Quantity must be a number"):
            lead._update_order_line_info(self.chair.id, "3")
        stranger = self.user_sales_salesman.copy({"login": "stranger"})
        with self.assertRefused(AccessError):
            lead.with_user(stranger)._update_order_line_info(self.chair.id, 1)

    def test_the_catalog_is_of_an_opportunity(self):
        for order_id in ("x", False, [1], 0):
            lines = self.opportunity.line_ids.with_context(order_id=order_id)
            with self.assertRefused(UserError, "does not exist any more"):
                lines.action_add_from_catalog()

    def test_lines_given_with_the_opportunity(self):
        lead = self._create_opportunity(
            expected_revenue=0.0,
            line_ids=[
                Command.create({"product_id": self.desk.id}),
                Command.create(
                    {"product_id": self.support.id, "plan_id": self.monthly.id}
                ),
            ],
        )
        self.assertEqual(lead.expected_revenue, 100.0)
        self.assertEqual(lead.recurring_revenue, 30.0)
        self.assertEqual(lead.recurring_plan.number_of_months, 1)

from contextlib import closing
from datetime import date, datetime

from freezegun import freeze_time
from psycopg2.errors import SerializationFailure, UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.sql_db import db_connect
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools.row_lock import hold_rows
from .buy_link_common import BuyLinkCommon

TODAY = datetime(2026, 3, 2, 10)


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestBuyOrder(BuyLinkCommon):
    """What is made of a Buy Now link, and what paying it does."""

    def _get_terms(self, order):
        return [
            (line.product_id, line.product_uom_qty, line.price_unit)
            for line in order.order_line
        ]

    def test_the_quotation(self):
        self.opportunity.campaign_id = self.env["utm.campaign"].create({"name": "Fair"})
        order = self._buy(self.lamp)
        self.assertEqual(
            self._get_terms(order),
            [
                (self.desk.product_id, 2, 100),
                (self.support.product_id, 1, 10),
                (self.lamp.product_id, 1, 50),
            ],
        )
        self.assertEqual(order.amount_total, 286.0)
        self.assertRecordValues(
            order,
            [
                {
                    "state": "sent",
                    "partner_id": self.customer.id,
                    "opportunity_id": self.opportunity.id,
                    "user_id": self.user_sales_salesman.id,
                    "team_id": self.opportunity.team_id.id,
                    "campaign_id": self.opportunity.campaign_id.id,
                    "require_payment": True,
                    "require_signature": False,
                    "prepayment_percent": 1.0,
                    "signed_by": "Ann Prospect",
                    "signed_on": TODAY,
                    "validity_date": date(2026, 4, 1),
                }
            ],
        )
        self.assertTrue(order._has_to_be_paid())
        self.assertRecordValues(
            self.link,
            [{"order_id": order.id, "is_bought": True, "is_paid": False}],
        )
        self.assertEqual(self.link.state, "active")

    def test_pressing_again_gives_the_same_quotation(self):
        order = self._buy(self.lamp)
        lines = order.order_line
        self.assertEqual(self._buy(self.lamp), order)
        self.assertEqual(order.order_line, lines)
        self.assertEqual(self._buy(self.chair), order)
        self.assertEqual(
            order.order_line.opportunity_line_id, self.desk + self.support + self.chair
        )
        self.assertEqual(order.amount_total, 308.0)
        self.assertEqual(self._buy(), order)
        self.assertEqual(order.amount_total, 231.0)

    def test_pressing_again_writes_nothing(self):
        def refuse(*args):
            raise AssertionError("pressed again, nothing else chosen")

        order = self._buy(self.lamp)
        self.patch(type(self.Link), "_hold", refuse)
        self.patch(type(self.env["sale.order"]), "write", refuse)
        self.assertEqual(self._buy(self.lamp), order)

    def test_of_two_choices_at_once_the_first_one_counts(self):
        def refuse(link):
            raise SerializationFailure()

        order = self._buy(self.lamp)
        self.patch(type(self.Link), "_hold", refuse)
        self.assertEqual(self._buy(self.chair), order)
        self.assertEqual(order.order_line.opportunity_line_id[-1], self.lamp)
        self.desk.price_unit = 80.0
        with self.assertRaises(SerializationFailure):
            self._buy()

    def test_what_was_changed_by_hand_is_brought_back_to_the_page(self):
        order = self._buy()
        order.order_line[0].price_unit = 1.0
        self._buy()
        self.assertEqual(order.order_line[0].price_unit, 100.0)

    def test_another_offer_gives_another_quotation(self):
        order = self._buy()
        self.desk.price_unit = 90.0
        other = self._buy()
        self.assertNotEqual(other, order)
        self.assertEqual((order.state, other.state), ("cancel", "sent"))
        self.assertEqual(self.link.order_id, other)

    def test_a_payment_under_way_is_waited_for(self):
        order = self._buy()
        self.assertFalse(self.link._get_order_under_way())
        tx = self._pay(order, state="pending")
        self.assertEqual(self.link.sudo()._get_order_under_way(), order)
        tx._set_canceled()
        self.assertFalse(self.link.sudo()._get_order_under_way())

    def test_what_may_be_paid_at_this_moment_is_not_cancelled(self):
        order = self._buy()
        self._create_transaction(
            "redirect",
            sale_order_ids=order.ids,
            amount=order.amount_total,
            currency_id=order.currency_id.id,
            partner_id=order.partner_id.id,
        )
        self.link.action_revoke()
        self.assertEqual(order.state, "sent")

    def test_revoking_cancels_what_is_not_paid(self):
        order = self._buy()
        self.link.action_revoke()
        self.assertEqual(order.state, "cancel")
        self.assertFalse(self.link.is_bought)

    def test_paid(self):
        order = self._buy(self.lamp)
        self._pay(order)
        self.assertEqual(order.state, "sale")
        self.assertRecordValues(
            self.link,
            [{"state": "used", "is_paid": True, "order_id": order.id}],
        )
        self.assertFalse(self.lamp.is_optional)
        self.assertTrue(self.chair.is_optional)
        activity = self.opportunity.activity_ids
        self.assertEqual(activity.user_id, self.user_sales_salesman)
        self.assertIn(order.name, activity.note)
        self.assertEqual(self.opportunity.won_status, "pending")
        self.assertFalse(self.Link._find_active(self._get_token()))

    def test_paying_less_confirms_nothing(self):
        order = self._buy()
        for _part in range(2):
            self._pay(order, amount=100.0)
            self.assertEqual(order.state, "sent")
        self.assertFalse(self.link.is_paid)
        self.assertEqual(self.link.sudo()._get_order_under_way(), order)
        self._pay(order, amount=31.0)
        self.assertEqual(order.state, "sale")

    def test_a_link_for_many_uses(self):
        self.link.single_use = False
        first = self._buy()
        self._pay(first)
        self.assertEqual(self.link.state, "active")
        second = self._buy()
        self.assertNotEqual(first, second)
        self.assertEqual(self.link.order_ids, second + first)

    def test_nothing_to_pay_is_confirmed_at_once(self):
        (self.desk + self.support).discount = 100
        order = self._buy()
        self.assertEqual((order.state, order.amount_total), ("sale", 0))
        self.assertEqual(self.link.state, "used")

    def test_won_by_setting(self):
        self._set_parameter("won_when_paid", "True")
        self._set_parameter("require_won_reason", "True")
        self._pay(self._buy())
        self.assertEqual(self.opportunity.won_status, "won")
        self.assertEqual(self.opportunity.won_reason_id.name, "Bought Online")

    def test_what_is_refused_does_not_stop_the_payment(self):
        self._set_parameter("won_when_paid", "True")
        self.env["opportunity.checklist.item"].create(
            {"name": "Budget", "stage_id": self.stage_first.id, "required": True}
        )
        order = self._buy(self.lamp)
        self._pay(order)
        self.assertEqual(order.state, "sale")
        self.assertEqual(self.opportunity.won_status, "pending")
        self.assertFalse(self.opportunity.won_reason_id)
        self.assertIn("Budget", self.opportunity.activity_ids.note)
        self.assertFalse(self.lamp.is_optional)

    def test_names_are_no_markup_in_the_activity(self):
        self.customer.name = "Ann <a href='https://example.com'>Prospect</a>"
        self._pay(self._buy())
        self.assertIn("&lt;a href=", self.opportunity.activity_ids.note)

    def test_an_activity_that_is_refused_becomes_a_note(self):
        def refuse(lead, *args, **kwargs):
            raise UserError(lead.env._("Not today."))

        order = self._buy()
        self.patch(type(self.Lead), "activity_schedule", refuse)
        self._pay(order)
        self.assertEqual(order.state, "sale")
        self.assertIn("Not today.", self.opportunity.message_ids[0].body)

    def test_nobody_in_charge_gets_a_note(self):
        order = self._buy()
        self.opportunity.sudo().user_id = False
        order.user_id = False
        self._pay(order)
        self.assertFalse(self.opportunity.activity_ids)
        self.assertIn(order.name, self.opportunity.message_ids[0].body)

    def test_lost_meanwhile_but_paid(self):
        order = self._buy()
        self.opportunity.action_set_lost()
        self._pay(order)
        self.assertEqual(order.state, "sale")
        self.assertTrue(self.link.is_paid)

    def test_the_salesperson_s_own_quotation_is_another_one(self):
        order = self._buy()
        action = self.opportunity.action_create_order()
        self.assertNotEqual(action["res_id"], order.id)
        self.assertEqual(order.order_line.opportunity_line_id, self.desk + self.support)

    def test_two_open_quotations_of_one_offer_cannot_be(self):
        order = self._buy()
        values = {
            "partner_id": self.customer.id,
            "buy_link_id": self.link.id,
            "buy_link_revision": order.buy_link_revision,
        }
        with mute_logger("odoo.sql_db"), self.assertRefused(UniqueViolation):
            self.env["sale.order"].sudo().create(values)
        self.assertFalse(order.copy().buy_link_id)

    def test_nobody_puts_a_link_on_an_order(self):
        mine = self.env["sale.order"].with_user(self.user_sales_salesman)
        order = mine.create({"partner_id": self.customer.id})
        for values in ({"buy_link_id": self.link.id}, {"buy_link_revision": "x"}):
            with self.assertRefused(AccessError):
                order.write(values)
            with self.assertRefused(AccessError):
                mine.create({"partner_id": self.customer.id, **values})

    def test_only_the_own_products_are_made_firm(self):
        other = self._create_opportunity(self.user_sales_leads)
        foreign = self._offer("Door", 10.0, lead=other, is_optional=True)
        order = self._buy(self.lamp)
        order.order_line[-1].opportunity_line_id = foreign
        self._pay(order)
        self.assertTrue(foreign.is_optional)

    def test_others_orders_are_untouched(self):
        order = self.env["sale.order"].create({"partner_id": self.customer.id})
        order.action_confirm()
        self.assertFalse(self.opportunity.activity_ids)


@tagged("post_install", "-at_install")
class TestBuyLinkLock(BuyLinkCommon):
    @mute_logger("odoo.sql_db")
    def test_of_two_buyers_at_once_the_later_one_is_run_again(self):
        # A row that other connections see: those of this test are not committed.
        table, row = "res_partner", self.env.ref("base.main_partner").id
        connect = db_connect(self.env.cr.dbname).cursor
        with closing(connect()) as first, closing(connect()) as late:
            # The view of the database dates from the first query.
            late.execute("SELECT 1")
            first.execute(hold_rows(table, [row]))
            first.commit()
            with self.assertRaises(SerializationFailure):
                late.execute(hold_rows(table, [row]))

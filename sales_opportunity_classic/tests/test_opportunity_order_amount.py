from odoo.fields import Command
from odoo.tests import tagged

from .common import OrderCommon


@tagged("post_install", "-at_install")
class TestOpportunityOrderAmount(OrderCommon):
    """The five totals, as an accountant recomputes them from the documents."""

    def _assertTotals(self, opportunity=None, **expected):
        self.env.flush_all()
        self.env.invalidate_all()
        lead = (opportunity or self.opportunity).with_user(self.accountant)
        totals = lead.get_order_overview()["totals"]
        kinds = dict.fromkeys(("ordered", "invoiced", "paid", "due", "refunded"), 0.0)
        self.assertEqual(totals, {**kinds, **expected})

    # === ORDERS AND INVOICES === #

    def test_without_orders_all_is_zero(self):
        self._assertTotals()

    def test_only_confirmed_orders_are_ordered(self):
        self._create_order()
        self._create_order(confirm=False)
        cancelled = self._create_order()
        cancelled._action_cancel()
        self._assertTotals(ordered=100.0)

    def test_only_posted_invoices_count(self):
        order = self._create_order(quantity=3)
        invoice = self._invoice(order)
        self._assertTotals(ordered=300.0, invoiced=300.0, due=300.0)
        invoice.button_draft()
        self._assertTotals(ordered=300.0)
        invoice.button_cancel()
        self._assertTotals(ordered=300.0)

    def test_a_partial_payment(self):
        invoice = self._invoice(self._create_order())
        self._register_payment(invoice, amount=30.0)
        self._assertTotals(ordered=100.0, invoiced=100.0, paid=30.0, due=70.0)
        self._register_payment(invoice)
        self._assertTotals(ordered=100.0, invoiced=100.0, paid=100.0)

    def test_a_down_payment_is_invoiced_once(self):
        order = self._create_order()
        down = self._invoice(order, "fixed", fixed_amount=30.0)
        self._assertTotals(ordered=100.0, invoiced=30.0, due=30.0)
        self._register_payment(down)
        self._invoice(order)
        self._assertTotals(ordered=100.0, invoiced=100.0, paid=30.0, due=70.0)

    def test_an_invoice_is_due_when_its_order_was_cancelled(self):
        order = self._create_order()
        self._invoice(order)
        order._action_cancel()
        self._assertTotals(invoiced=100.0, due=100.0)

    def test_taxes_count(self):
        tax = self.env["account.tax"].create({"name": "Tenth", "amount": 10.0})
        order = self._create_order(confirm=False)
        order.order_line.tax_ids = tax
        order.action_confirm()
        self._invoice(order)
        self._assertTotals(ordered=110.0, invoiced=110.0, due=110.0)

    def test_lines_added_to_an_invoice_count(self):
        order = self._create_order()
        invoice = self._invoice(order)
        invoice.button_draft()
        invoice.invoice_line_ids = [
            Command.create({"name": "Postage", "price_unit": 5.0, "tax_ids": False})
        ]
        invoice.action_post()
        self._assertTotals(ordered=100.0, invoiced=105.0, due=105.0)

    def test_of_a_shared_invoice_only_the_own_lines_count(self):
        other = self._create_opportunity(partner_id=self.customer.id)
        orders = self._create_order() + self._create_order(other, quantity=3)
        invoice = self._invoice(orders)
        self.assertEqual(invoice.amount_total, 400.0)
        self._register_payment(invoice, amount=200.0)
        self._assertTotals(ordered=100.0, invoiced=100.0, paid=50.0, due=50.0)
        self._assertTotals(other, ordered=300.0, invoiced=300.0, paid=150.0, due=150.0)

    # === CREDIT NOTES === #

    def test_a_credit_note_is_not_a_payment(self):
        invoice = self._invoice(self._create_order())
        self._register_payment(invoice, amount=50.0)
        self._credit(invoice, 30.0)
        self._assertTotals(
            ordered=100.0, invoiced=100.0, paid=50.0, due=20.0, refunded=30.0
        )

    def test_a_credit_note_that_is_partially_applied(self):
        invoice = self._invoice(self._create_order())
        self._register_payment(invoice, amount=80.0)
        credit = self._credit(invoice, 50.0)
        self.assertEqual(credit.amount_residual, 30.0)
        self._assertTotals(ordered=100.0, invoiced=100.0, paid=80.0, refunded=50.0)
        self._register_payment(credit)
        self._assertTotals(ordered=100.0, invoiced=100.0, paid=50.0, refunded=50.0)

    def test_a_credit_note_written_by_hand(self):
        invoice = self._invoice(self._create_order())
        self._register_payment(invoice)
        credit = self._credit(invoice, post=False)
        credit.invoice_line_ids.sale_line_ids = False
        credit.action_post()
        self._assertTotals(ordered=100.0, invoiced=100.0, paid=100.0, refunded=100.0)

    def test_a_draft_credit_note_does_not_count(self):
        invoice = self._invoice(self._create_order())
        self._credit(invoice, post=False)
        self._assertTotals(ordered=100.0, invoiced=100.0, due=100.0)

    def test_a_credit_note_of_a_shared_invoice(self):
        other = self._create_opportunity(partner_id=self.customer.id)
        orders = self._create_order() + self._create_order(other, quantity=3)
        invoice = self._invoice(orders)
        self._credit(invoice)
        self._assertTotals(ordered=100.0, invoiced=100.0, refunded=100.0)
        self._assertTotals(other, ordered=300.0, invoiced=300.0, refunded=300.0)

    # === ONLINE PAYMENTS === #

    def test_an_online_payment_before_there_is_an_invoice(self):
        order = self._create_order()
        self._pay_online(order, 100.0)
        self._assertTotals(ordered=100.0, paid=100.0)

    def test_an_online_payment_counts_once_when_it_is_invoiced(self):
        order = self._create_order()
        self._pay_online(order, 40.0)
        invoice = self._invoice(order)
        self.assertEqual(invoice.amount_residual, 60.0)
        self._assertTotals(ordered=100.0, invoiced=100.0, paid=40.0, due=60.0)

    def test_an_online_payment_of_more_than_the_invoice(self):
        order = self._create_order()
        self._pay_online(order, 100.0)
        self._invoice(order, "fixed", fixed_amount=30.0)
        self._assertTotals(ordered=100.0, invoiced=30.0, paid=100.0)

    def test_online_payments_that_are_not_done_do_not_count(self):
        order = self._create_order()
        for state, amount in (("pending", 10.0), ("authorized", 20.0), ("error", 30.0)):
            self._pay_online(order, amount, state)
        self._assertTotals(ordered=100.0)

    def test_an_online_payment_that_waits_for_its_entry(self):
        order = self._create_order()
        transaction = self._pay_online(order, 100.0, "pending")
        transaction.state = "done"
        self.assertFalse(transaction.payment_id)
        self._assertTotals(ordered=100.0, paid=100.0)

    def test_an_online_payment_captured_in_parts_counts_once(self):
        order = self._create_order()
        whole = self._pay_online(order, 100.0, "authorized")
        for amount in (60.0, 40.0):
            self._finish(whole._create_child_transaction(amount))
        whole.state = "done"
        self._assertTotals(ordered=100.0, paid=100.0)

    def test_an_online_payment_that_was_paid_back(self):
        order = self._create_order()
        transaction = self._pay_online(order, 100.0)
        self._finish(transaction._create_child_transaction(70.0, is_refund=True))
        self._assertTotals(ordered=100.0, paid=30.0)

    def test_paying_back_an_invoice_online_and_its_credit_note_later(self):
        order = self._create_order()
        transaction = self._pay_online(order, 100.0)
        invoice = self._invoice(order)
        refund = transaction._create_child_transaction(100.0, is_refund=True)
        self._finish(refund)
        self._assertTotals(ordered=100.0, invoiced=100.0)
        credit = self._credit(invoice)
        self._assertTotals(ordered=100.0, invoiced=100.0, refunded=100.0)
        self._reconcile(credit, refund.payment_id.move_id)
        self.assertEqual(credit.amount_residual, 0.0)
        self._assertTotals(ordered=100.0, invoiced=100.0, refunded=100.0)

    def test_an_online_payment_of_two_opportunities(self):
        other = self._create_opportunity(partner_id=self.customer.id)
        orders = self._create_order() + self._create_order(other, quantity=3)
        transaction = self._pay_online(orders[0], 200.0, "pending")
        transaction.sale_order_ids = orders
        self._finish(transaction)
        self._assertTotals(ordered=100.0, paid=50.0)
        self._assertTotals(other, ordered=300.0, paid=150.0)

    def test_an_invoice_paid_by_its_own_link(self):
        order = self._create_order()
        invoice = self._invoice(order)
        transaction = self._create_transaction(
            "redirect",
            amount=60.0,
            currency_id=order.currency_id.id,
            invoice_ids=[Command.set(invoice.ids)],
        )
        self._finish(transaction)
        self._assertTotals(ordered=100.0, invoiced=100.0, paid=60.0, due=40.0)

    # === CURRENCIES === #

    def _order_in_gold(self, date):
        """Order 100.00 in a currency of which 2 made a dollar, and later 4."""
        gold = self.setup_other_currency(
            "HRK", rates=[("2025-01-01", 2.0), ("2025-03-01", 4.0)]
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Gold", "currency_id": gold.id}
        )
        order = self._create_order(
            confirm=False, pricelist_id=pricelist.id, date_order=date
        )
        order.order_line.price_unit = 100.0
        order.state = "sale"
        return order

    def test_each_document_counts_at_the_rate_of_its_date(self):
        order = self._order_in_gold("2025-02-01 12:00:00")
        self._assertTotals(ordered=50.0)
        invoice = self._invoice(order)
        self._assertTotals(ordered=50.0, invoiced=25.0, due=25.0)
        self._register_payment(invoice, amount=40.0, payment_date="2025-03-05")
        self._assertTotals(ordered=50.0, invoiced=25.0, paid=10.0, due=15.0)

    def test_differences_of_exchange_are_no_payments(self):
        order = self._order_in_gold("2025-02-01 12:00:00")
        invoice = self._invoice(order, date="2025-02-02")
        self._register_payment(invoice, payment_date="2025-03-05")
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))
        self._assertTotals(ordered=50.0, invoiced=50.0, paid=50.0)
        lead = self.opportunity.with_user(self.accountant)
        payments = lead.get_order_overview()["payments"]
        self.assertEqual([row["amount"] for row in payments], [100.0])

    def test_an_online_payment_in_another_currency(self):
        order = self._order_in_gold("2025-02-01 12:00:00")
        transaction = self._pay_online(order, 100.0, "pending")
        transaction.state = "done"
        self._assertTotals(ordered=50.0, paid=50.0)

    def test_orders_of_a_company_with_another_currency(self):
        gold = self.setup_other_currency("HRK", rates=[("2025-01-01", 2.0)])
        company = self.env["res.company"].create(
            {"name": "Gold Ltd", "currency_id": gold.id}
        )
        gold.rate_ids.copy({"company_id": company.id})
        self.accountant.company_ids += company
        self.opportunity.sudo().write({"company_id": False, "team_id": False})
        self.env.user.company_ids += company
        there = self.env["sale.order"].with_company(company)
        order = there.create(
            {
                "partner_id": self.customer.id,
                "opportunity_id": self.opportunity.id,
                "order_line": [
                    Command.create({"product_id": self.desk.id, "price_unit": 100.0})
                ],
            }
        )
        order.action_confirm()
        self.assertEqual(order.currency_id, gold)
        lead = self.opportunity.with_user(self.accountant)
        for companies, ordered in ((self.company, 0.0), (self.company + company, 50.0)):
            lead = lead.with_context(allowed_company_ids=companies.ids)
            self.assertEqual(lead.get_order_overview()["totals"]["ordered"], ordered)

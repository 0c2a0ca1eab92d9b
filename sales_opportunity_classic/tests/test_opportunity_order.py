from datetime import date, datetime

from lxml import etree

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged, users
from odoo.tools.safe_eval import safe_eval

from ..models import opportunity_order_mixin
from .common import OrderCommon


@tagged("post_install", "-at_install")
class TestOpportunityOrder(OrderCommon):
    def _read(self, user=None, scope="opportunity", opportunity=None):
        """Return the overview as the user sees it, who has read nothing before."""
        self.env.flush_all()
        self.env.invalidate_all()
        lead = (opportunity or self.opportunity).with_user(
            user or self.user_sales_salesman
        )
        return lead.get_order_overview(scope)

    # === DOCUMENTS === #

    def test_without_orders_there_is_nothing(self):
        overview = self._read()
        self.assertEqual(overview["customer"], "Rome Stones")
        for kind in ("orders", "moves", "payments"):
            self.assertEqual(overview[kind], [])
        self.assertEqual((overview["hidden"], overview["left"]), (0, 0))

    def test_quotations_and_orders_with_their_lines(self):
        order = self._create_order(quantity=3, date_order="2025-03-01 10:00:00")
        order.date_order = "2025-03-02 10:00:00"
        self._create_order(confirm=False, date_order="2025-03-01 10:00:00")
        first, second = self._read()["orders"]
        self.assertEqual((first["id"], first["name"]), (order.id, order.name))
        self.assertEqual(first["date"], datetime(2025, 3, 2, 10))
        self.assertEqual(
            (first["state"], first["state_label"]), ("sale", "Sales Order")
        )
        self.assertEqual(second["state"], "draft")
        self.assertEqual(first["amount"], 300.0)
        (line,) = first["lines"]
        self.assertEqual(
            (line["name"], line["quantity"], line["unit"], line["subtotal"]),
            ("Desk", 3.0, "Units", 300.0),
        )

    def test_invoices_payments_and_credit_notes(self):
        invoice = self._invoice(self._create_order())
        self._register_payment(invoice, amount=60.0, payment_date="2025-03-05")
        credit = self._credit(invoice, 50.0)
        overview = self._read()
        rows = {row["id"]: row for row in overview["moves"]}
        self.assertEqual(set(rows), {invoice.id, credit.id})
        row = rows[invoice.id]
        self.assertEqual(
            (row["name"], row["date"], row["amount"], row["due"]),
            (invoice.name, date(2025, 3, 3), 100.0, 0.0),
        )
        self.assertEqual(
            (row["is_refund"], rows[credit.id]["is_refund"]), (False, True)
        )
        self.assertEqual(rows[credit.id]["due"], 10.0)
        (payment,) = overview["payments"]
        self.assertEqual(
            (payment["document"], payment["date"], payment["amount"]),
            (invoice.name, date(2025, 3, 5), 60.0),
        )

    def test_online_payments_are_listed_once(self):
        order = self._create_order()
        self._pay_online(order, 40.0)
        (row,) = self._read()["payments"]
        self.assertEqual((row["document"], row["amount"]), (order.name, 40.0))
        self.assertEqual(row["state"], "done")
        invoice = self._invoice(order)
        (row,) = self._read()["payments"]
        self.assertEqual((row["document"], row["amount"]), (invoice.name, 40.0))

    def test_what_was_paid_back_is_negative(self):
        order = self._create_order()
        transaction = self._pay_online(order, 100.0)
        self._finish(transaction._create_child_transaction(70.0, is_refund=True))
        amounts = [row["amount"] for row in self._read()["payments"]]
        self.assertCountEqual(amounts, [100.0, -70.0])
        invoice = self._invoice(self._create_order())
        self._register_payment(invoice)
        self._register_payment(self._credit(invoice))
        amounts = [row["amount"] for row in self._read()["payments"]]
        self.assertCountEqual(amounts, [100.0, -70.0, 100.0, -100.0])

    def test_the_newest_documents_are_listed_and_the_others_counted(self):
        for _number in range(3):
            self._create_order(confirm=False)
        self.patch(opportunity_order_mixin, "ROWS_SHOWN", 2)
        overview = self._read()
        self.assertEqual((len(overview["orders"]), overview["left"]), (2, 1))

    def test_another_opportunity_has_its_own(self):
        other = self._create_opportunity(partner_id=self.customer.id)
        self._create_order()
        self.assertEqual(self._read(opportunity=other)["orders"], [])

    def test_a_wrong_scope_is_refused(self):
        with self.assertRefused(ValidationError, "everything is no choice"):
            self._read(scope="everything")

    # === ALL OF THE CUSTOMER'S === #

    def test_all_of_the_customers(self):
        branch = self.env["res.partner"].create(
            {"name": "Branch", "parent_id": self.customer.id}
        )
        other = self._create_opportunity(partner_id=branch.id)
        mine, theirs = self._create_order(), self._create_order(other, quantity=2)
        direct = self._create_order()
        direct.opportunity_id = False
        invoice = self._invoice(theirs)
        overview = self._read(scope="customer")
        self.assertEqual(
            {row["id"] for row in overview["orders"]},
            set((mine + theirs + direct).ids),
        )
        self.assertEqual([row["id"] for row in overview["moves"]], invoice.ids)
        self.assertEqual(overview["totals"]["ordered"], 400.0)
        self.assertEqual(overview["totals"]["due"], 200.0)

    def test_without_a_customer_there_is_nothing_of_theirs(self):
        self.opportunity.partner_id = False
        self._create_order()
        overview = self._read(scope="customer")
        self.assertFalse(overview["customer"])
        self.assertEqual(overview["orders"], [])
        self.assertEqual(overview["totals"]["ordered"], 0.0)

    # === RIGHTS === #

    def _create_order_of_colleague(self):
        order = self._create_order(quantity=5)
        order.user_id = self.user_sales_leads
        invoice = self._invoice(order)
        invoice.invoice_user_id = self.user_sales_leads
        self._register_payment(invoice, amount=200.0)
        return order

    def test_a_colleagues_documents_are_in_the_totals_only(self):
        mine = self._create_order()
        theirs = self._create_order_of_colleague()
        overview = self._read()
        self.assertEqual([row["id"] for row in overview["orders"]], mine.ids)
        self.assertEqual((overview["moves"], overview["payments"]), ([], []))
        self.assertEqual(overview["hidden"], 2)
        self.assertEqual(
            overview["totals"],
            {
                "ordered": 600.0,
                "invoiced": 500.0,
                "paid": 200.0,
                "due": 300.0,
                "refunded": 0.0,
            },
        )
        overview = self._read(self.user_sales_leads)
        self.assertEqual(
            {row["id"] for row in overview["orders"]}, set((mine + theirs).ids)
        )
        self.assertEqual(len(overview["moves"]), 1)
        self.assertEqual(len(overview["payments"]), 1)
        self.assertEqual(overview["hidden"], 0)

    def test_of_the_customer_nothing_of_colleagues_is_told(self):
        self._create_order()
        self._create_order_of_colleague()
        overview = self._read(scope="customer")
        self.assertEqual(len(overview["orders"]), 1)
        self.assertEqual(overview["hidden"], 0)
        self.assertEqual(overview["totals"]["ordered"], 100.0)
        self.assertEqual(overview["totals"]["paid"], 0.0)
        overview = self._read(self.user_sales_leads, "customer")
        self.assertEqual(overview["totals"]["ordered"], 600.0)
        self.assertEqual(overview["totals"]["paid"], 200.0)

    def test_a_payment_names_no_documents_of_colleagues(self):
        theirs = self._create_order_of_colleague()
        mine = self._create_order()
        transaction = self._pay_online(mine, 600.0)
        transaction.sale_order_ids = theirs + mine
        [row] = self._read()["payments"]
        self.assertEqual(row["document"], mine.name)

    def test_a_strangers_opportunity_is_refused(self):
        foreign = self._create_opportunity(self.user_sales_leads)
        for scope in ("opportunity", "customer"):
            with self.assertRefused(AccessError):
                self._read(scope=scope, opportunity=foreign)

    def test_customers_on_the_portal_are_refused(self):
        portal = new_test_user(self.env, "buyer", groups="base.group_portal")
        self.env["ir.model.access"].sudo().create(
            {
                "name": "crm.lead",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "group_id": self.env.ref("base.group_portal").id,
                "perm_read": True,
            }
        )
        with self.assertRefused(AccessError, "employees only"):
            self._read(portal)

    # === ACTIONS === #

    def _get_actions(self, kind, user=None):
        return [row["actions"] for row in self._read(user)[kind]]

    def test_what_is_offered_on_an_order_follows_its_state(self):
        order = self._create_order(confirm=False)
        self.assertEqual(self._get_actions("orders"), [["send", "confirm", "print"]])
        order.state = "sent"
        self.assertEqual(self._get_actions("orders"), [["confirm", "send", "print"]])
        order.action_confirm()
        self.assertEqual(self._get_actions("orders"), [["invoice", "send", "print"]])
        self._invoice(order)
        self.assertEqual(self._get_actions("orders"), [["send", "print"]])
        cancelled = self._create_order(confirm=False)
        cancelled._action_cancel()
        self.assertIn(["print"], self._get_actions("orders"))

    def test_accounting_is_offered_to_accountants(self):
        invoice = self._invoice(self._create_order())
        self.assertEqual(self._get_actions("moves"), [["send", "print"]])
        self.assertEqual(
            self._get_actions("moves", self.accountant),
            [["pay", "send", "credit", "print"]],
        )
        self._register_payment(invoice)
        self.assertEqual(
            self._get_actions("moves", self.accountant), [["send", "credit", "print"]]
        )
        invoice.button_draft()
        self.assertEqual(self._get_actions("moves"), [[]])
        self.assertEqual(self._get_actions("moves", self.accountant), [["post"]])

    def test_payments_are_opened_and_paid_back_by_accountants(self):
        transaction = self._pay_online(self._create_order(), 100.0)
        (row,) = self._read()["payments"]
        self.assertEqual((row["payment_id"], row["actions"]), (False, []))
        (row,) = self._read(self.accountant)["payments"]
        self.assertEqual(row["payment_id"], transaction.payment_id.id)
        self.assertEqual(row["actions"], ["refund"])

    # === COSTS === #

    def _count_queries(self, opportunity, scope):
        self._read(self.accountant, scope, opportunity)
        self.env.invalidate_all()
        lead = opportunity.with_user(self.accountant)
        before = self.cr.sql_log_count
        lead.get_order_overview(scope)
        return self.cr.sql_log_count - before

    def test_forty_orders_cost_as_many_queries_as_one(self):
        few = self._create_opportunity(partner_id=self.customer.id)
        many = self._create_opportunity(
            partner_id=self.env["res.partner"].create({"name": "Cyrus"}).id
        )
        for opportunity, number in ((few, 1), (many, 40)):
            for order in [self._create_order(opportunity) for _n in range(number)]:
                self._pay_online(order, 10.0)
                invoice = self._invoice(order)
                self._register_payment(invoice, amount=40.0)
                self._credit(invoice, 20.0)
        for scope in ("opportunity", "customer"):
            one = self._count_queries(few, scope)
            self.assertEqual(self._count_queries(many, scope), one)
            self.assertLess(one, 60)

    @users("user_sales_salesman")
    def test_the_form_reads_nothing_of_it(self):
        arch = self.env["crm.lead"].get_view(view_type="form")["arch"]
        self.assertIn('name="opportunity_orders"', arch)
        self.assertNotIn('name="order_ids"', arch)


@tagged("post_install", "-at_install")
class TestOrderMenu(OrderCommon):
    """The menus CRM / Sales / Orders and Order Lines."""

    def _open(self, name):
        """Return what the menu lists for the salesman, and its search filters."""
        action = self.env.ref(f"sales_opportunity_classic.{name}_action_opportunity")
        records = self.env[action.res_model].with_user(self.user_sales_salesman)
        arch = records.get_view(action.search_view_id.id, "search")["arch"]
        domain = safe_eval(action.domain)
        return records, domain, list(etree.fromstring(arch).iter("filter"))

    def test_orders_of_opportunities_that_the_user_may_read(self):
        mine = self._create_order()
        direct = self._create_order()
        direct.opportunity_id = False
        theirs = self._create_order()
        theirs.user_id = self.user_sales_leads
        orders, domain, _filters = self._open("sale_order")
        self.assertEqual(orders.search(domain), mine)
        lines, domain, _filters = self._open("sale_order_line")
        self.assertEqual(lines.search(domain), mine.order_line)

    def test_every_filter_and_grouping_runs(self):
        folder = self.env["opportunity.folder"].create({"name": "Spring"})
        self.opportunity.folder_id = folder
        self._create_order()
        for name in ("sale_order", "sale_order_line"):
            records, domain, filters = self._open(name)
            self.assertGreater(len(filters), 8)
            for node in filters:
                if own := node.get("domain"):
                    records.search(safe_eval(own, {"uid": self.env.uid}))
                if "group_by" in (node.get("context") or ""):
                    spec = safe_eval(node.get("context"))["group_by"]
                    if records._fields[spec].type == "datetime":
                        spec += ":month"
                    groups = records.formatted_read_group(domain, [spec], ["__count"])
                    self.assertEqual(sum(group["__count"] for group in groups), 1)
        orders = self._open("sale_order")[0]
        found = orders.search([("opportunity_folder_id", "child_of", folder.ids)])
        self.assertEqual(found.opportunity_stage_id, self.stage_first)

    def test_every_view_loads(self):
        for name in ("sale_order", "sale_order_line"):
            action = self.env.ref(
                f"sales_opportunity_classic.{name}_action_opportunity"
            )
            records = self.env[action.res_model].with_user(self.user_sales_salesman)
            for view_id, view_type in action.views:
                arch = records.get_view(view_id, view_type)["arch"]
                self.assertEqual(etree.fromstring(arch).tag, view_type)

from contextlib import contextmanager
from unittest.mock import patch

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, new_test_user
from odoo.tools import mute_logger

from odoo.addons.account_payment.tests.common import AccountPaymentCommon
from odoo.addons.crm.tests.common import TestCrmCommon

SCHEMA_MIXIN = (
    "odoo.addons.sales_opportunity_classic.models.opportunity_custom_schema_mixin"
)

# What the provider of the tests can do.
FEATURES = ("support_manual_capture", "support_refund")


class OpportunityCommon(TestCrmCommon):
    """Odoo's CRM fixtures, three stages in a row and one opportunity.

    * ``user_sales_salesman`` sees only their own and owns ``opportunity``
    * ``user_sales_leads`` sees all, ``user_sales_manager`` administers
    * stages ``stage_first`` -> ``stage_second`` -> ``stage_won``, of every team
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stage_first, cls.stage_second, cls.stage_won = cls.env["crm.stage"].create(
            [
                {"name": "Prospecting", "sequence": 10},
                {"name": "Engaging", "sequence": 20},
                {"name": "Signed", "sequence": 40, "is_won": True},
            ]
        )
        cls.Lead = cls.env["crm.lead"]
        cls.opportunity = cls._create_opportunity()
        cls.won_reason = cls.env["opportunity.won.reason"].create({"name": "Best fit"})

    @classmethod
    def _create_opportunity(cls, user=None, **values):
        """Create an opportunity as its salesperson, by default the plain salesman."""
        user = user or cls.user_sales_salesman
        return cls.Lead.with_user(user).create(
            {
                "name": "Ten desks",
                "type": "opportunity",
                "user_id": user.id,
                "stage_id": cls.stage_first.id,
                "expected_revenue": 1000.0,
                **values,
            }
        )

    @classmethod
    def _set_parameter(cls, name, value):
        cls.env["ir.config_parameter"].set_param(
            f"sales_opportunity_classic.{name}", value
        )

    @contextmanager
    def assertRefused(self, exception, message=""):
        """The block raises, and what it wrote is rolled back."""
        with self.assertRaisesRegex(exception, message) as refused, self.cr.savepoint():
            yield refused


class BundleCommon(OpportunityCommon):
    """Products, a plan, and a bundle of them that the sales manager made.

    The bundle: two desks at a special price of 80, support by the month at the list
    price less 10 %, and an optional lamp.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.desk, cls.support, cls.lamp = cls.env["product.product"].create(
            [
                {"name": "Desk", "list_price": 100},
                {"name": "Support", "list_price": 40, "type": "service"},
                {"name": "Lamp", "list_price": 30},
            ]
        )
        cls.plan = cls.env["opportunity.subscription.plan"].create({"name": "Club"})
        cls.company = cls.env.company
        cls.elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.Bundle = cls.env["opportunity.bundle"].with_user(cls.user_sales_manager)
        cls.bundle = cls._create_bundle(
            {"product_id": cls.desk.id, "quantity": 2, "price_unit": 80},
            {"product_id": cls.support.id, "plan_id": cls.plan.id, "discount": 10},
            {"product_id": cls.lamp.id, "is_optional": True},
            name="Office",
        )
        cls.desk_line, cls.support_line, cls.lamp_line = cls.bundle.line_ids

    @classmethod
    def _create_bundle(cls, *lines, **values):
        return cls.Bundle.create(
            {"name": "Kit", "line_ids": [Command.create(line) for line in lines]}
            | values
        )


class ChoiceCommon(OpportunityCommon):
    """Records that sales managers define and salespeople choose from."""

    _choice_model = None

    def _check_rights_and_names(self):
        choices = self.env[self._choice_model]
        salesman = choices.with_user(self.user_sales_salesman)
        self.assertTrue(salesman.search([]))
        for operation in (
            lambda: salesman.create({"name": "Mine"}),
            lambda: salesman.search([])[0].write({"name": "Mine"}),
            lambda: salesman.search([])[0].unlink(),
        ):
            with self.assertRefused(AccessError):
                operation()
        choice = choices.with_user(self.user_sales_manager).create({"name": "New one"})
        choice.name = "Twice"
        with mute_logger("odoo.sql_db"), self.assertRefused(UniqueViolation):
            choice.copy({"name": "Twice"})


class CustomFieldsCommon(OpportunityCommon):
    """A tab with two headers on opportunities, drafted by the sales manager."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # On a busy machine PostgreSQL's own cleaning lets go of a table late.
        cls.startClassPatcher(patch(f"{SCHEMA_MIXIN}.LOCK_TIMEOUT", "30s"))
        env = cls.env(user=cls.user_sales_manager)
        cls.Field = env["opportunity.custom.field"]
        cls.Option = env["opportunity.custom.option"]
        cls.Tab = env["opportunity.custom.tab"]
        cls.definition = env["opportunity.custom.definition"]._get("crm.lead")
        cls.tab = cls.Tab.create(
            {
                "name": "Launch",
                "header_ids": [
                    Command.create({"name": "Dates"}),
                    Command.create({"name": "Technical"}),
                ],
            }
        )
        cls.dates, cls.technical = cls.tab.header_ids

    def setUp(self):
        super().setUp()
        self.addCleanup(self.registry.reset_changes)

    @classmethod
    def _draft(cls, label="Budget", field_type="text", options=(), **values):
        """Draft a field below the first header, with options of these names."""
        return cls.Field.create(
            {
                "group_id": cls.dates.id,
                "label": label,
                "field_type": field_type,
                "option_ids": [Command.create({"name": name}) for name in options],
                **values,
            }
        )

    @classmethod
    def _apply(cls, *args, **values):
        """Draft a field and make it real."""
        field = cls._draft(*args, **values)
        cls.tab.action_apply()
        return field


class CustomDialogsCommon(CustomFieldsCommon):
    """Opportunities with values, and the dialogs that change their custom fields."""

    def _create_leads(self, *values_list):
        """Create an opportunity per dictionary of values, as the sales manager."""
        return self.Lead.with_user(self.user_sales_manager).create(
            [{"name": f"Deal {n}", **vals} for n, vals in enumerate(values_list)]
        )

    def _add_header(self, name):
        return self.dates.create({"name": name, "tab_id": self.tab.id})

    def _open(self, action, **values):
        """Return the dialog that an action opens, filled in as its user would."""
        Dialog = self.definition.env[action["res_model"]]
        form = Form(Dialog.with_context(**action["context"]))
        for name, value in values.items():
            setattr(form, name, value)
        return form.save()


class OfferCommon(OpportunityCommon):
    """An opportunity of a customer, products without taxes, a monthly plan, and two
    users who may sell: the salesman, limited to ten percent by tests that say so, and
    the sales manager."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env["res.partner"].create({"name": "Rome Stones"})
        cls.opportunity.partner_id = cls.customer
        cls.desk, cls.chair, cls.support = cls.env["product.product"].create(
            [
                {"name": name, "list_price": price, "taxes_id": [Command.clear()]}
                for name, price in (("Desk", 100.0), ("Chair", 40.0), ("Support", 30.0))
            ]
        )
        cls.monthly = cls.env["opportunity.subscription.plan"].create(
            {"name": "By the month", "interval_unit": "month"}
        )
        cls.manager_lead = cls.opportunity.with_user(cls.user_sales_manager)

    @classmethod
    def _add_line(cls, product=None, lead=None, **values):
        """Add a product, by default one desk, as the opportunity's user."""
        lead = lead or cls.opportunity
        return lead.env["opportunity.line"].create(
            {"lead_id": lead.id, "product_id": (product or cls.desk).id, **values}
        )

    @classmethod
    def _limit_discounts(cls, percent=10.0):
        return cls.env["opportunity.discount.limit"].create(
            {
                "group_id": cls.env.ref("sales_team.group_sale_salesman").id,
                "max_discount": percent,
            }
        )

    @classmethod
    def _create_pricelist(cls, currency=None, discount=0.0, **values):
        """Create a pricelist with a reduction on everything."""
        return cls.env["product.pricelist"].create(
            {
                "name": "Special customers",
                "currency_id": (currency or cls.env.company.currency_id).id,
                "item_ids": [
                    Command.create(
                        {"compute_price": "percentage", "percent_price": discount}
                    )
                ],
                **values,
            }
        )

    @classmethod
    def _create_currency(cls, name, rate, rounding=0.01):
        """Return a currency of which one unit of the company's buys ``rate``."""
        currency = cls.env["res.currency"].with_context(active_test=False)
        currency = currency.search([("name", "=", name)])
        currency.write({"active": True, "rounding": rounding, "rate_ids": False})
        cls.env["res.currency.rate"].create(
            {"name": "2020-01-01", "currency_id": currency.id, "rate": rate}
        )
        return currency


class OrderCommon(OpportunityCommon, AccountPaymentCommon):
    """An opportunity with a customer, a product for 100.00 without taxes, and a company
    that keeps its books in US dollars."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env["res.partner"].create({"name": "Rome Stones"})
        cls.desk = cls.env["product.product"].create(
            {
                "name": "Desk",
                "type": "service",
                "invoice_policy": "order",
                "list_price": 100.0,
                "taxes_id": [Command.clear()],
            }
        )
        cls.opportunity.partner_id = cls.customer
        cls.startClassPatcher(
            patch.object(
                cls.registry["payment.provider"],
                "_compute_feature_support_fields",
                lambda providers: providers.update(dict.fromkeys(FEATURES, "partial")),
            )
        )
        cls.payment_method.support_refund = "partial"
        cls.accountant = new_test_user(
            cls.env,
            "accountant",
            groups="sales_team.group_sale_salesman_all_leads,"
            "account.group_account_invoice",
        )

    @classmethod
    def get_default_groups(cls):
        groups = ("base.group_system", "sales_team.group_sale_manager")
        return super().get_default_groups().union(*map(cls.env.ref, groups))

    @classmethod
    def _create_order(cls, opportunity=None, quantity=1, confirm=True, **values):
        """Create an order of so many desks, by default of ``opportunity``."""
        opportunity = opportunity or cls.opportunity
        order = cls.env["sale.order"].create(
            {
                "partner_id": opportunity.partner_id.id or cls.customer.id,
                "opportunity_id": opportunity.id,
                "user_id": opportunity.user_id.id,
                "order_line": [
                    Command.create(
                        {"product_id": cls.desk.id, "product_uom_qty": quantity}
                    )
                ],
                **values,
            }
        )
        if confirm:
            order.with_context(mail_notrack=True).action_confirm()
        return order

    def _invoice(self, orders, method="delivered", date="2025-03-03", **values):
        """Invoice the orders by Odoo's dialog, and post the invoices."""
        dialog = self.env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": [Command.set(orders.ids)],
                "advance_payment_method": method,
                **values,
            }
        )
        known = orders.invoice_ids
        dialog.create_invoices()
        invoices = orders.invoice_ids - known
        invoices.invoice_date = date
        invoices.action_post()
        return invoices

    def _credit(self, invoice, amount=None, post=True):
        """Write a credit note for an invoice, or for a part of it. Odoo applies it to
        the invoice as far as that is open when it is posted."""
        dialog = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        dialog = dialog.create({"journal_id": invoice.journal_id.id})
        dialog.reverse_moves()
        credit = dialog.new_move_ids
        if amount:
            credit.invoice_line_ids.write({"price_unit": amount, "quantity": 1})
        if post:
            credit.action_post()
        return credit

    def _reconcile(self, *moves):
        lines = self.env["account.move"].union(*moves).line_ids
        lines.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        ).reconcile()

    def _pay_online(self, order, amount, state="done", **values):
        """Pay something of an order online, as its portal page does."""
        transaction = self._create_transaction(
            "redirect",
            amount=amount,
            currency_id=order.currency_id.id,
            partner_id=order.partner_id.id,
            reference=f"{order.name}-{amount}",
            sale_order_ids=[Command.set(order.ids)],
            **values,
        )
        self._finish(transaction, state)
        return transaction

    def _finish(self, transaction, state="done"):
        transaction.write({"state": state, "last_state_change": "2025-03-04 12:00:00"})
        transaction._post_process()

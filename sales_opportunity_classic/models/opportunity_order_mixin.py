from odoo import api, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

from .opportunity_order_amount_mixin import CUSTOMER_DOCUMENTS
from .opportunity_order_row_mixin import ROWS_SHOWN


class OpportunityOrderMixin(models.AbstractModel):
    """The quotations, orders, invoices and payments of an opportunity.

    Nothing is stored and nothing is read with the form: the Orders tab asks for all of
    it once it is shown, in a number of queries that does not depend on how much there
    is. Who may read a document, and what may be done with it, is decided by Odoo's own
    rights on it.
    """

    _name = "opportunity.order.mixin"
    _description = "Orders of the Opportunity"
    _inherit = ["opportunity.order.amount.mixin", "opportunity.order.row.mixin"]

    @api.readonly
    def get_order_overview(self, scope="opportunity"):
        """Return the documents that the user may read, and totals.

        :param scope: ``opportunity`` for the documents of the opportunity: the totals
            are of all of them, those of colleagues that the user may not read included,
            and ``hidden`` says how many these are. ``customer`` for all of the
            customer's: the totals are of what the user may read only.
        """
        self.ensure_one()
        self._check_order_overview(scope)
        if scope == "customer":
            orders, moves = self._find_customer_documents()
            shares = {move: (move.amount_total, 1.0) for move in moves}
        else:
            orders, moves = self._find_own_documents()
            shares = self._get_invoice_shares(orders, moves)
        return {
            "customer": self._get_order_customer().display_name,
            "currency_id": self.company_currency.id,
            "totals": self._get_order_totals(orders, moves, shares),
            **self._get_document_rows(orders, moves),
        }

    def _check_order_overview(self, scope):
        self.check_access("read")
        # Totals tell of documents that customers on the portal are not shown.
        if not self.env.user._is_internal():
            raise AccessError(self.env._("Orders are shown to employees only."))
        if scope not in ("opportunity", "customer"):
            raise ValidationError(
                self.env._("%(scope)s is no choice of orders.", scope=scope)
            )

    def _get_document_rows(self, orders, moves):
        readable_orders = self._keep_readable(orders)
        readable_moves = self._keep_readable(moves)
        shown_orders = readable_orders[:ROWS_SHOWN]
        shown_moves = readable_moves[:ROWS_SHOWN]
        return {
            "hidden": len(orders - readable_orders) + len(moves - readable_moves),
            "left": len(readable_orders - shown_orders)
            + len(readable_moves - shown_moves),
            "orders": self._get_order_rows(shown_orders),
            "moves": self._get_move_rows(shown_moves),
            "payments": self._get_payment_rows(shown_orders, shown_moves),
        }

    def _keep_readable(self, documents):
        # sudo: names of contacts and payments, as Odoo shows them on what one may read
        return documents.sudo(False)._filtered_access("read").sudo()

    def _get_order_customer(self):
        # sudo: who may read the opportunity knows its customer
        return self.sudo().partner_id.commercial_partner_id

    # === DOCUMENTS === #

    def _find_own_documents(self):
        """Return all orders of the opportunity and what was invoiced for them, of the
        companies that the user has chosen."""
        # sudo: their totals are for everybody who may read the opportunity
        orders = self.env["sale.order"].sudo()
        orders = orders.search(
            Domain("opportunity_id", "=", self.id) & self._get_companies_domain()
        )
        return orders, self._find_moves(orders)

    def _find_customer_documents(self):
        """Return what the user may read of the customer's."""
        customer = self._get_order_customer()
        domain = self._get_companies_domain()
        orders = self.env["sale.order"].search(
            domain & Domain("partner_id", "child_of", customer.ids)
        )
        moves = self.env["account.move"].search(
            domain
            & Domain("move_type", "in", CUSTOMER_DOCUMENTS)
            & Domain("commercial_partner_id", "in", customer.ids)
        )
        # sudo: they are readable; their payments are for accountants alone
        orders, moves = orders.sudo(), moves.sudo()
        return orders, moves | self._keep_readable(self._find_moves(orders) - moves)

    def _find_moves(self, orders):
        """Return the invoices and credit notes of the orders and their subscriptions,
        and credit notes that were written for an order's invoice by hand."""
        invoiced = orders.order_line.invoice_lines.move_id
        return orders.env["account.move"].search(
            Domain("move_type", "in", CUSTOMER_DOCUMENTS)
            & (
                Domain("id", "in", invoiced.ids)
                | Domain("reversed_entry_id", "in", invoiced.ids)
                | Domain("opportunity_subscription_id.order_id", "in", orders.ids)
            )
        )

    def _get_companies_domain(self):
        return Domain("company_id", "in", self.env.companies.ids)

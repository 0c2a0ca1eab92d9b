from odoo import models

PAYABLE = ("not_paid", "partial", "in_payment")
ROWS_SHOWN = 80
LINES_SHOWN = 50


class OpportunityOrderRowMixin(models.AbstractModel):
    """Describes orders, invoices and payments for the Orders tab, a dictionary each.

    Documents are given as the superuser sees them, after it was checked that the user
    may read them. ``actions`` names what the user may do with one: what Odoo offers on
    its form in that state, to the same groups.
    """

    _name = "opportunity.order.row.mixin"
    _description = "Rows of the Orders Tab"

    # === ORDERS === #

    def _get_order_rows(self, orders):
        # sudo: only to compare with the orders, which are given so
        writable = orders.sudo(False)._filtered_access("write").sudo()
        lines = self._get_line_rows(orders)
        may_invoice = self.env["sale.advance.payment.inv"].has_access("create")
        return [
            {
                "id": order.id,
                "name": order.name,
                "date": order.date_order,
                "state": order.state,
                "state_label": self._get_label(order, "state"),
                "customer": order.partner_id.display_name,
                "salesperson": order.user_id.name,
                "currency_id": order.currency_id.id,
                "amount": order.amount_total,
                "lines": lines.get(order, [])[:LINES_SHOWN],
                "lines_left": max(len(lines.get(order, [])) - LINES_SHOWN, 0),
                "actions": self._get_invoicing_actions(order, may_invoice)
                + self._get_order_actions(order, order in writable),
            }
            for order in orders
        ]

    def _get_line_rows(self, orders):
        # With the user's rights, as Odoo has rules for the lines too.
        lines = self.env["sale.order.line"].search([("order_id", "in", orders.ids)])
        # sudo: names of units, as Odoo shows them on what one may read
        lines = lines.sudo()
        return {
            order: [
                {
                    "id": line.id,
                    "name": line.name,
                    "display_type": line.display_type,
                    "quantity": line.product_uom_qty,
                    "unit": line.product_uom_id.name,
                    "subtotal": line.price_subtotal,
                }
                for line in order_lines
            ]
            for order, order_lines in lines.grouped("order_id").items()
        }

    def _get_order_actions(self, order, may_write):
        if not may_write:
            return ["print"]
        return {
            "draft": ["send", "confirm", "print"],
            "sent": ["confirm", "send", "print"],
            "sale": ["send", "print"],
        }.get(order.state, ["print"])

    def _get_invoicing_actions(self, order, may_invoice):
        if not may_invoice or order.state != "sale":
            return []
        status = order.invoice_status
        return {"to invoice": ["invoice"], "no": ["down_payment"]}.get(status, [])

    # === INVOICES AND CREDIT NOTES === #

    def _get_move_rows(self, moves):
        return [
            {
                "id": move.id,
                "name": move.name or self.env._("Draft"),
                "is_refund": move.move_type == "out_refund",
                "date": move.invoice_date or move.date,
                "state": move.payment_state if move.state == "posted" else move.state,
                "state_label": self._get_label(
                    move, "payment_state" if move.state == "posted" else "state"
                ),
                "customer": move.partner_id.display_name,
                "salesperson": move.invoice_user_id.name,
                "currency_id": move.currency_id.id,
                "amount": move.amount_total,
                "due": move.amount_residual if move.state == "posted" else 0.0,
                "actions": self._get_move_actions(move),
            }
            for move in moves
        ]

    def _get_move_actions(self, move):
        is_accountant = self.env.user.has_group("account.group_account_invoice")
        if move.state == "draft":
            return ["post"] if is_accountant else []
        if move.state != "posted":
            return []
        actions = []
        if is_accountant and move.payment_state in PAYABLE:
            actions.append("pay")
        if self.env["account.move.send.wizard"].has_access("create"):
            actions.append("send")
        if is_accountant and move.move_type == "out_invoice":
            actions.append("credit")
        return [*actions, "print"]

    # === PAYMENTS === #

    def _get_payment_rows(self, orders, moves):
        """Return what settles the invoices, and what was paid online besides."""
        matches = self._get_matches(moves.filtered(lambda move: move.state == "posted"))
        exchanges = self.env["account.move"].union(
            *(partial.exchange_move_id for _line, partial, _other in matches)
        )
        # Exchange differences and credit notes are no payments.
        matches = [
            match
            for match in matches
            if match[2].move_id not in exchanges and not match[2].move_id.is_invoice()
        ]
        rows = [self._get_matched_row(*match) for match in matches]
        shown = moves.env["account.payment"].union(
            *(other.payment_id for _line, _partial, other in matches)
        )
        transactions = self._get_transactions(orders, moves).filtered(
            lambda tx: tx.state != "draft" and tx.payment_id not in shown
        )
        rows += [self._get_transaction_row(tx, orders, moves) for tx in transactions]
        return sorted(rows, key=lambda row: row["date"], reverse=True)

    def _get_matched_row(self, line, partial, other):
        payment = other.payment_id
        sign = 1 if line.move_id.move_type == "out_invoice" else -1
        return {
            "id": f"partial_{partial.id}",
            "date": other.date,
            "name": payment.payment_method_line_id.name or other.journal_id.name,
            "document": line.move_id.name,
            "state": "done",
            "state_label": payment and self._get_label(payment, "state"),
            "currency_id": line.move_id.currency_id.id,
            "amount": sign * self._get_matched_amount(line, partial),
            **self._get_payment_actions(payment),
        }

    def _get_transaction_row(self, transaction, shown_orders, shown_moves):
        # It may be for documents besides that the user does not see.
        orders, invoices = self._get_paid_documents(transaction)
        document = (orders & shown_orders)[:1] or (invoices & shown_moves)[:1]
        return {
            "id": f"transaction_{transaction.id}",
            "date": (transaction.last_state_change or transaction.create_date).date(),
            "name": transaction.provider_id.name,
            "document": document.name,
            "state": transaction.state,
            "state_label": self._get_label(transaction, "state"),
            "currency_id": transaction.currency_id.id,
            "amount": transaction.amount,
            **self._get_payment_actions(transaction.payment_id),
        }

    def _get_payment_actions(self, payment):
        """Return the payment to open, and whether it may be paid back online."""
        if not payment or not self.env["account.payment"].has_access("read"):
            return {"payment_id": False, "actions": []}
        transaction = payment.payment_transaction_id
        method = transaction.payment_method_id
        method = method.primary_payment_method_id or method
        can_refund = (
            self.env.user.has_group("account.group_account_invoice")
            and transaction.operation not in (False, "refund")
            and transaction.provider_id.support_refund not in (False, "none")
            and method.support_refund not in (False, "none")
        )
        return {"payment_id": payment.id, "actions": ["refund"] if can_refund else []}

    def _get_label(self, record, name):
        """Return the value of a selection in the user's words."""
        selection = record._fields[name]._description_selection(self.env)
        return dict(selection).get(record[name], "")

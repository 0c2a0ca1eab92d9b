from collections import defaultdict

from odoo import models

CUSTOMER_DOCUMENTS = ("out_invoice", "out_refund")
OPEN_ACCOUNTS = ("asset_receivable", "liability_payable")


class OpportunityOrderAmountMixin(models.AbstractModel):
    """Adds up what was ordered, invoiced, paid, refunded and is due.

    All figures include taxes and are in the company currency of the opportunity, at the
    rate of each document's own date, as Odoo booked it:

    * ordered: totals of confirmed orders
    * invoiced: totals of posted invoices
    * refunded: totals of posted credit notes
    * due: what is still open on posted invoices
    * paid: money received less money paid back. On invoices and credit notes it is what
      was settled otherwise than by each other; to it comes what was paid, or paid back,
      online and is not on an invoice or credit note yet.

    So ``invoiced - refunded = paid + due``, but for credit notes still open and money
    received in advance.
    """

    _name = "opportunity.order.amount.mixin"
    _description = "Amounts of Orders"

    def _get_order_totals(self, orders, moves, shares):
        """Return the five totals of documents, given with the right to read them.

        :param shares: {invoice or credit note: (amount of it that counts, as a part of
            1 what of its open amount does)}, of all ``moves``
        """
        confirmed = orders.filtered(lambda order: order.state == "sale")
        totals = defaultdict(float, self._get_move_totals(moves, shares))
        totals["ordered"] = sum(map(self._get_order_amount, confirmed))
        totals["paid"] += self._get_online_amount(orders, moves, shares)
        kinds = ("ordered", "invoiced", "paid", "due", "refunded")
        return {kind: self.company_currency.round(totals[kind]) for kind in kinds}

    def _get_move_totals(self, moves, shares):
        totals = defaultdict(float)
        posted = moves.filtered(lambda move: move.state == "posted")
        settled = self._get_settled_by_documents(posted)
        for move in posted:
            total, share = shares[move]
            rate = self._get_move_rate(move)
            money = total - (move.amount_residual + settled[move]) * share
            if move.move_type == "out_invoice":
                totals["invoiced"] += total * rate
                totals["due"] += move.amount_residual * share * rate
                totals["paid"] += money * rate
            else:
                totals["refunded"] += total * rate
                totals["paid"] -= money * rate
        return totals

    def _get_invoice_shares(self, orders, moves):
        """Return how much of each invoice belongs to these orders: all of it, or, where
        it is for other orders as well, the lines of these."""
        shares = {}
        # a credit note written by hand counts like the invoice that it reverses
        for move in moves.sorted(lambda move: bool(move.reversed_entry_id)):
            lines = move.invoice_line_ids.filtered("sale_line_ids")
            if lines.sale_line_ids.order_id <= orders:
                _total, share = shares.get(move.reversed_entry_id, (0.0, 1.0))
                share = 1.0 if lines else share
                shares[move] = move.amount_total * share, share
            else:
                total = sum(self._get_line_amount(line, orders) for line in lines)
                shares[move] = total, total / (move.amount_total or 1.0)
        return shares

    def _get_line_amount(self, line, orders):
        sold = line.sale_line_ids
        own = sold.filtered(lambda sale_line: sale_line.order_id in orders)
        return line.price_total * len(own) / len(sold)

    def _get_settled_by_documents(self, moves):
        """Return how much invoices and credit notes settle of each other, by document
        in its own currency."""
        settled = defaultdict(float)
        for line, partial, other in self._get_matches(moves):
            if other.move_id.move_type in CUSTOMER_DOCUMENTS:
                settled[line.move_id] += self._get_matched_amount(line, partial)
        return settled

    def _get_matches(self, moves):
        """Return what settles the documents: [(line, partial, line of the other)]."""
        lines = self._get_open_lines(moves)
        return [
            *((x.debit_move_id, x, x.credit_move_id) for x in lines.matched_credit_ids),
            *((x.credit_move_id, x, x.debit_move_id) for x in lines.matched_debit_ids),
        ]

    def _get_open_lines(self, moves):
        return moves.env["account.move.line"].search(
            [("move_id", "in", moves.ids), ("account_type", "in", OPEN_ACCOUNTS)]
        )

    def _get_matched_amount(self, line, partial):
        """Return what was matched, in the currency of the line."""
        is_debit = partial.debit_move_id == line
        side = "debit_amount_currency" if is_debit else "credit_amount_currency"
        return partial[side]

    # === ONLINE PAYMENTS === #

    def _get_online_amount(self, orders, moves, shares):
        """Return what was paid online, less what was paid back, and is on no invoice
        or credit note."""
        transactions = self._get_transactions(orders, moves).filtered(self._is_received)
        payments = transactions.payment_id
        open_lines = self._get_open_lines(payments.move_id).grouped("move_id")
        return sum(
            self._get_open_amount(transaction, open_lines)
            * self._get_transaction_share(transaction, orders, shares)
            for transaction in transactions
        )

    def _get_transactions(self, orders, moves):
        """Return the online payments of the documents, with those that pay back."""
        transactions = orders.transaction_ids | moves.transaction_ids
        return transactions | transactions.child_transaction_ids

    def _is_received(self, transaction):
        """Tell whether it moved money itself, not by the parts it was captured in."""
        parts = transaction.child_transaction_ids.filtered(
            lambda part: part.operation == transaction.operation
        )
        return (
            transaction.state == "done"
            and transaction.operation != "validation"
            and "done" not in parts.mapped("state")
        )

    def _get_open_amount(self, transaction, open_lines):
        """Return what of an online payment is not matched yet."""
        payment = transaction.payment_id
        if lines := open_lines.get(payment.move_id):
            rate = self._get_rate(payment.company_id, payment.date)
            return -sum(lines.mapped("amount_residual")) * rate
        if payment and payment.state != "in_process":
            return 0.0
        day = (transaction.last_state_change or transaction.create_date).date()
        order = transaction.sale_order_ids[:1]
        if order.currency_id == transaction.currency_id:
            return transaction.amount * self._get_order_rate(order)
        return transaction.currency_id._convert(
            transaction.amount, self.company_currency, transaction.company_id, day
        )

    def _get_transaction_share(self, transaction, orders, shares):
        """Return the part of an online payment, by the amounts of the documents that
        it is for."""
        all_orders, invoices = self._get_paid_documents(transaction)
        if all_orders:
            own = sum((all_orders & orders).mapped("amount_total"))
            total = sum(all_orders.mapped("amount_total"))
        else:
            own = sum(shares[move][0] for move in invoices if move in shares)
            total = sum(invoices.mapped("amount_total"))
        return own / total if total else 1.0

    def _get_paid_documents(self, transaction):
        """Return the orders and invoices that an online payment is for; what pays back
        is for those of the payment it pays back."""
        source = transaction.source_transaction_id
        return (
            transaction.sale_order_ids or source.sale_order_ids,
            transaction.invoice_ids or source.invoice_ids,
        )

    # === CURRENCIES === #

    def _get_rate(self, company, date):
        """Return the rate from a company's currency to the opportunity's."""
        if company.currency_id == self.company_currency:
            return 1.0
        return self.env["res.currency"]._get_conversion_rate(
            company.currency_id, self.company_currency, company, date
        )

    def _get_order_rate(self, order):
        rate = self._get_rate(order.company_id, order.date_order.date())
        return rate / (order.currency_rate or 1.0)

    def _get_order_amount(self, order):
        return order.amount_total * self._get_order_rate(order)

    def _get_move_rate(self, move):
        if not move.amount_total:
            return 0.0
        booked = abs(move.amount_total_signed) / move.amount_total
        return booked * self._get_rate(move.company_id, move.invoice_date or move.date)

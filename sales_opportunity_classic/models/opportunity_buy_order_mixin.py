from odoo import fields, models

# Of a payment that may still come, or came.
UNDER_WAY = ("pending", "authorized", "done")


class OpportunityBuyOrderMixin(models.AbstractModel):
    """The quotation that the customer gets from a Buy Now link.

    One open quotation per link and revision of the offer: who presses the button
    again, in another window or at the same moment, gets the same one. It is signed by
    pressing the button, and Odoo confirms it when it is paid in full.
    """

    _name = "opportunity.buy.order.mixin"
    _description = "Quotation of a Buy Now Link"

    def _get_order_under_way(self):
        """Return a quotation for which a payment is under way: nothing else is made
        as long as it may be paid."""
        orders = self._get_open_orders()
        return orders.filtered(lambda order: order._has_payment(UNDER_WAY))[:1]

    def _get_open_orders(self):
        return self.order_ids.filtered(lambda order: order.state in ("draft", "sent"))

    def _buy(self, page):
        """Return the quotation for what the page shows, made or brought up to date.

        :param dict page: see ``_get_page``; nothing in it may come from outside but
            the choice of optional products
        """
        self.ensure_one()
        order = self._get_open_orders().filtered(
            lambda order: order.buy_link_revision == page["revision"]
        )
        if order:
            self._update_order(order, page["lines"])
        else:
            self._hold()
            self._cancel_open_orders()
            order = self._make_order(page)
        order._confirm_if_free()
        return order

    def _update_order(self, order, lines):
        """Bring the quotation in line with what the customer chose. Of two choices
        made at the same moment one counts; both customers see it before they pay."""
        commands = order._get_buy_line_commands(lines)
        if commands and self._try_hold():
            order.order_line = commands

    def _make_order(self, page):
        lead = self.lead_id
        # The salesperson reads what is logged on the order, the customer its lines,
        # which keep their language.
        lead = lead.with_context(lang=lead.user_id.lang or self.env.lang)
        order = lead._create_order(page["lines"], **self._prepare_order_values(page))
        order._message_log(
            body=order.env._(
                "%s accepted the offer with the Buy Now link.", order.signed_by
            )
        )
        return order

    def _prepare_order_values(self, page):
        return {
            "buy_link_id": self.id,
            "buy_link_revision": page["revision"],
            "state": "sent",
            "validity_date": page["date_until"],
            "require_signature": False,
            "require_payment": True,
            "prepayment_percent": 1.0,
            "signed_by": self.lead_id.partner_id.name,
            "signed_on": fields.Datetime.now(),
        }

    def _cancel_open_orders(self):
        """Cancel what was bought for another offer and not paid, so that nobody pays
        twice."""
        self._get_open_orders().filtered(
            lambda order: not order._has_payment(("draft", *UNDER_WAY))
        )._action_cancel()

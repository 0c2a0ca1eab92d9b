from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import format_date


class OpportunitySubscriptionInvoiceMixin(models.AbstractModel):
    """The invoices of subscriptions: Odoo's, as the order would make them."""

    _name = "opportunity.subscription.invoice.mixin"
    _description = "Invoices of Subscriptions"

    @api.model
    def _create_invoices(self, bills):
        """Make and post the invoices of many bills at once.

        :param bills: dict of subscription to period; a period of None bills what is
            still to be billed once
        :return: dict of subscription to invoice, or to none where nothing is asked
        """
        values = {
            subscription: subscription._prepare_bill(period)
            for subscription, period in bills.items()
        }
        invoices = {}
        asked = self.browse().union(*(row for row, vals in values.items() if vals))
        for company, rows in asked.grouped("company_id").items():
            moves = self.env["account.move"].with_company(company)
            moves = moves.create([values[row] for row in rows])
            invoices |= dict(zip(rows, moves, strict=True))
        self._finish_invoices(self.env["account.move"].union(*invoices.values()))
        return invoices

    @api.model
    def _finish_invoices(self, invoices):
        """Post the invoices and have them sent, as the settings want it."""
        refunds = invoices.filtered(lambda move: move.amount_total < 0)
        if refunds:
            refunds.action_switch_move_type()
        mode = self._get_opportunity_setting("subscription_invoices", "post")
        if mode == "draft" or not invoices:
            return
        invoices.action_post()
        if mode == "send":
            self._send_invoices(invoices)

    @api.model
    def _send_invoices(self, invoices):
        """Leave the sending to Odoo's own scheduled action, as its dialog does."""
        for move in invoices:
            author = move.invoice_user_id or self.env.user
            move.sending_data = {
                "author_user_id": author.id,
                "author_partner_id": author.partner_id.id,
            }
        self.env.ref("account.ir_cron_account_move_send")._trigger()

    def _prepare_bill(self, period):
        """Return the values of the invoice for a period; none if it asks nothing."""
        self.ensure_one()
        order = self.order_id.with_company(self.company_id)
        if lang := order.partner_invoice_id.lang:
            order = order.with_context(lang=lang)
        lines = self.line_ids.with_env(order.env)
        values = lines._prepare_invoice_lines(period)
        if all(not line["price_unit"] for line in values):
            return None
        return {
            **order._prepare_invoice(),
            # sold once with the order, but asked for again and again
            "payment_reference": False,
            "transaction_ids": [],
            "invoice_date": period.start if period else self._get_settling_date(),
            "currency_id": self.currency_id.id,
            "opportunity_subscription_id": self.id,
            "invoice_line_ids": [Command.create(line) for line in values],
        }

    def _get_settling_date(self):
        today = fields.Date.context_today(self)
        return min(self.date_due or today, today)

    def _describe_period(self, env, period):
        """Return the days of a period in the language of ``env``."""
        start, end = (format_date(env, day) for day in (period.start, period.end))
        return start if start == end else f"{start} - {end}"

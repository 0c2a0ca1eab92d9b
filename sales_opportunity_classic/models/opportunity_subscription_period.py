from odoo import fields, models


class OpportunitySubscriptionPeriod(models.Model):
    """One period of a subscription, made with its bill and never again.

    The engine alone writes it; the database refuses a second one that starts on the
    same day.
    """

    _name = "opportunity.subscription.period"
    _description = "Period of a Subscription"
    _inherit = [
        "opportunity.subscription.part.mixin",
        "opportunity.subscription.period.charge.mixin",
    ]
    _order = "subscription_id, date_start, id"
    _rec_name = "date_start"

    number = fields.Integer(
        "Bill", required=True, aggregator=None, help="0 for a free trial."
    )
    kind = fields.Selection(
        [
            ("trial", "Free Trial"),
            ("intro", "Introductory"),
            ("regular", "Regular"),
        ],
        required=True,
    )
    date_start = fields.Date("From", required=True)
    date_end = fields.Date("To", required=True)
    factor = fields.Float(
        "Part of a Period", default=1.0, digits=(16, 6), aggregator=None
    )
    paused_days = fields.Integer(
        "Days Paused",
        readonly=True,
        aggregator=None,
        help="By so many days a pause has moved its end.",
    )
    amount = fields.Monetary(help="What was billed, without taxes.")
    state = fields.Selection(
        [
            ("free", "Free"),
            ("order", "With the Order"),
            ("billed", "Billed"),
            ("skipped", "Skipped"),
            ("replaced", "Replaced"),
        ],
        "Status",
        required=True,
        default="billed",
    )
    invoice_id = fields.Many2one(
        "account.move",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    _start_uniq = models.UniqueIndex(
        "(subscription_id, date_start) WHERE state <> 'replaced'",
        "This period of the subscription is billed already.",
    )

    # === BUSINESS METHODS === #

    def _note_order_invoice(self, invoices):
        """Remember which of the order's invoices bills the period."""
        for period in self.filtered(lambda row: not row.invoice_id):
            lines = period.subscription_id.line_ids.order_line_id.invoice_lines
            moves = lines.move_id.filtered(lambda move: move.id in invoices.ids)
            period.invoice_id = moves[:1]

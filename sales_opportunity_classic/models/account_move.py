from odoo import api, fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    """The invoice of a period of a subscription, and what credits it."""

    _inherit = "account.move"

    opportunity_subscription_id = fields.Many2one(
        "opportunity.subscription",
        "Subscription",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        groups="base.group_user",
    )

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_of_subscription(self):
        # sudo: also what the user may not see has been billed with it
        bills = self.sudo().filtered(lambda move: not move.reversed_entry_id)
        if billed := bills.filtered("opportunity_subscription_id"):
            raise UserError(
                self.env._(
                    "This is a bill of the subscription “%s”: cancel it instead of "
                    "deleting it.",
                    billed[0].opportunity_subscription_id.name,
                )
            )

    # === BUSINESS METHODS === #

    def _reverse_moves(self, default_values_list=None, cancel=False):
        values_list = default_values_list or [{} for _move in self]
        # sudo: whoever writes a credit note need not read the subscription
        for move, values in zip(self.sudo(), values_list, strict=True):
            if subscription := move.opportunity_subscription_id:
                values["opportunity_subscription_id"] = subscription.id
        return super()._reverse_moves(values_list, cancel)

    def _invoice_paid_hook(self):
        result = super()._invoice_paid_hook()
        # sudo: whoever registers the payment need not read the subscription
        self.sudo().opportunity_subscription_id._leave_arrears()
        return result

from psycopg2 import IntegrityError

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools.mail import plaintext2html


class OpportunityBoughtOrderMixin(models.AbstractModel):
    """A sales order that a customer made with a Buy Now link.

    When Odoo confirms it, which it does once it is paid in full, the link and the
    opportunity are brought up to date. Nothing there may stop the payment: what is
    refused is told to the salesperson instead.
    """

    _name = "opportunity.bought.order.mixin"
    _description = "Order of a Buy Now Link"

    buy_link_id = fields.Many2one(
        "opportunity.buy.link",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="The link with which the customer bought.",
    )
    # The offer that the customer saw, see the link's page.
    buy_link_revision = fields.Char(readonly=True, copy=False, groups="base.group_user")

    # === CRUD METHODS === #

    @api.model
    def _has_field_access(self, field, operation):
        # An order that names another's link would mark their opportunity as won.
        if operation == "write" and field.name in ("buy_link_id", "buy_link_revision"):
            return self.env.su
        return super()._has_field_access(field, operation)

    # === BUSINESS METHODS === #

    def _has_payment(self, states):
        """Tell whether one of the order's payments is in one of the ``states``."""
        self.ensure_one()
        # sudo: salespeople do not read payments, but change what nobody pays
        return any(tx.state in states for tx in self.sudo().transaction_ids)

    def _get_buy_line_commands(self, lines):
        """Return the commands that bring the quotation in line with the products that
        the customer chose; none where it says just that."""
        values = self.opportunity_id._prepare_order_lines(lines, lines.browse())
        return [
            command
            for command in self._prepare_line_commands(values, keep_others=False)
            if command[0] != Command.UPDATE or command[2]
        ]

    def _confirm_if_free(self):
        """Confirm a quotation that asks for no payment: pressing the button was all."""
        if self.state == "sent" and self.currency_id.is_zero(self.amount_total):
            self._validate_order()

    def _action_confirm(self):
        result = super()._action_confirm()
        # sudo: whoever confirms need not see the link; customers confirm by paying
        bought = self.sudo().filtered("buy_link_id")
        for order in bought.with_user(SUPERUSER_ID):
            order._note_paid_link()
            order._update_bought_opportunity()
        return result

    def _note_paid_link(self):
        link = self.buy_link_id
        link.date_paid = fields.Datetime.now()
        if link.single_use:
            link._cancel_open_orders()

    def _update_bought_opportunity(self):
        """Tell the salesperson, with what the opportunity would not take."""
        refusals = [
            refusal
            for step in (self._make_options_firm, self._mark_opportunity_won)
            if (refusal := self._try(step))
        ]
        note = self._prepare_bought_note(refusals)
        if refusal := self._try(self._schedule_bought_activity, note):
            self.buy_link_id.lead_id._message_log(body=f"{note}\n{refusal}")

    def _try(self, step, *args):
        """Take a step that must not stop the payment; return why it was refused."""
        try:
            with self.env.cr.savepoint():
                step(*args)
        except (UserError, IntegrityError) as refusal:
            return str(refusal)
        return False

    def _make_options_firm(self):
        bought = self.order_line.opportunity_line_id & self.buy_link_id.lead_id.line_ids
        bought.filtered("is_optional").is_optional = False

    def _mark_opportunity_won(self):
        # As the visitor: the superuser is a sales manager, who passes the checklist.
        visitor = self.env.ref("base.public_user")
        # sudo: the visitor has no rights, the setting wants the opportunity won
        lead = self.buy_link_id.lead_id.with_user(visitor).sudo()
        if (
            not lead._get_opportunity_setting("won_when_paid")
            or lead.won_status == "won"
        ):
            return
        reason = self.env.ref(
            "sales_opportunity_classic.opportunity_won_reason_bought_online",
            raise_if_not_found=False,
        )
        if reason and not lead.won_reason_id:
            lead.won_reason_id = reason
        lead.action_set_won()

    def _prepare_bought_note(self, refusals):
        note = self.env._(
            "%(customer)s bought %(order)s with the Buy Now link.",
            customer=self.partner_id.display_name,
            order=self.name,
        )
        if not refusals:
            return note
        return self.env._(
            "%(note)s The opportunity could not be brought up to date: %(reasons)s",
            note=note,
            reasons=" ".join(refusals),
        )

    def _schedule_bought_activity(self, note):
        lead = self.buy_link_id.lead_id
        user = lead.user_id or self.user_id
        if not user:
            lead._message_log(body=note)
            return
        lead.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=user.id,
            summary=self.with_context(lang=user.lang).env._("Bought online"),
            # names in it come from outside
            note=plaintext2html(note),
        )

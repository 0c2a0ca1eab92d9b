from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ..tools.row_lock import hold_rows

# Behind everything that stands in a quotation.
OPTIONAL_SEQUENCE = 10000


class OpportunityQuotationMixin(models.AbstractModel):
    """From the products of an opportunity to its quotation, and back.

    The quotation is Odoo's own. Each of its lines remembers the opportunity's line it
    came from, so that both can be compared and either be brought to the other.
    """

    _name = "opportunity.quotation.mixin"
    _description = "Quotation of the Opportunity"

    offer_order_id = fields.Many2one(
        "sale.order",
        "Quotation of the Products",
        compute="_compute_offer_order",
        groups="base.group_user",
        help="The latest quotation or order that was made of the products.",
    )
    is_order_open = fields.Boolean(
        compute="_compute_offer_order",
        groups="base.group_user",
        help="The quotation is not confirmed yet: it can be changed.",
    )
    is_order_different = fields.Boolean(
        compute="_compute_offer_order",
        groups="base.group_user",
        help="The products and their quotation do not agree.",
    )

    # === COMPUTE METHODS === #

    @api.depends("line_ids", "order_ids.state", "order_ids.order_line")
    def _compute_offer_order(self):
        for lead in self:
            order = lead._find_offer_orders()[:1]
            lead.offer_order_id = order
            lead.is_order_open = order.state in ("draft", "sent")
            lead.is_order_different = bool(order) and order._is_unlike_opportunity()

    def _find_offer_orders(self):
        """Return the quotations and orders made of these products that the user may
        read, newest first."""
        orders = self.env["sale.order"]
        if not self.line_ids:
            return orders
        return orders.search(
            Domain("opportunity_id", "in", self.ids)
            & Domain("state", "!=", "cancel")
            & Domain("order_line.is_of_opportunity", "=", True),
            order="id desc",
        )

    # === ACTION METHODS === #

    def action_create_order(self):
        """Make the quotation of the products, or bring an open one of the opportunity
        up to date, and return its form.

        Without a contact, return Odoo's dialog that asks for one; it goes on here.
        :raise UserError: naming what keeps the products from being ordered
        """
        self.ensure_one()
        self.check_access("write")
        if not self.partner_id:
            action = self.env["ir.actions.actions"]._for_xml_id(
                "sale_crm.crm_quotation_partner_action"
            )
            return {**action, "context": {"opportunity_create_order": True}}
        self._check_offer()
        # Who presses the button at the same moment is answered again by Odoo, with the
        # same quotation.
        self.env.cr.execute(hold_rows(self._table, self.ids), log_exceptions=False)
        order = self._find_open_quotations()[:1]
        if order:
            order._take_opportunity_lines(keep_others=True)
        else:
            order = self._create_order()
        return self._open_order(order)

    def action_new_quotation(self):
        # Odoo's dialog for the contact ends here.
        if self.env.context.get("opportunity_create_order"):
            lead = self.with_context(opportunity_create_order=False)
            return lead.action_create_order()
        return super().action_new_quotation()

    def action_update_order(self):
        """Bring the quotation of the products up to date with them."""
        self.ensure_one()
        self._check_offer()
        self._get_offer_order()._take_opportunity_lines()

    def action_update_lines(self):
        """Bring the products up to date with their quotation."""
        self.ensure_one()
        self._get_offer_order()._give_opportunity_lines()

    # === BUSINESS METHODS === #

    def _get_offer_order(self):
        """Return the quotation to agree with.

        :raise UserError: if there is none, or none any more
        """
        if not self.offer_order_id:
            raise UserError(
                self.env._("There is no quotation of the products of “%s”.", self.name)
            )
        return self.offer_order_id

    def _open_order(self, order):
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": order.id,
            "views": [(self.env.ref("sale.view_order_form").id, "form")],
        }

    def _get_offer_order(self):
        """Return the quotation of the products; others may have cancelled it."""
        if not self.offer_order_id:
            raise UserError(
                self.env._("There is no quotation of the products of “%s”.", self.name)
            )
        return self.offer_order_id

    def _find_open_quotations(self):
        """Return the readable quotations for the customer that are not confirmed yet,
        newest first; what was bought by a link is the customer's own."""
        customer = self.partner_id.commercial_partner_id
        return self.env["sale.order"].search(
            Domain("opportunity_id", "=", self.id)
            & Domain("state", "in", ("draft", "sent"))
            & Domain("partner_id.commercial_partner_id", "=", customer.id)
            & Domain("company_id", "=", self._get_offer_company().id)
            & Domain("buy_link_id", "=", False),
            order="id desc",
        )

    def _check_offer(self):
        """Raise what keeps the products from being ordered, whoever orders them."""
        self.ensure_one()
        if reason := next(self._get_obstacles(), None):
            raise UserError(
                self.env._(
                    "Nothing can be ordered from “%(lead)s” yet: %(reason)s",
                    lead=self.name,
                    reason=reason,
                )
            )

    def _get_obstacles(self):
        """Yield the reasons why nothing can be ordered, the first to solve first."""
        lines = self.line_ids
        if not lines:
            yield self.env._("add products to it first.")
        if not self.partner_id:
            yield self.env._("give it a contact first.")
        if self.won_status == "lost":
            yield self.env._("it is lost. Restore it first.")
        today = fields.Date.context_today(self)
        if self.offer_valid_until and self.offer_valid_until < today:
            yield self.env._("the offer was valid until %s.", self.offer_valid_until)
        gone = lines.product_id.filtered(lambda p: not (p.active and p.sale_ok))
        if gone:
            yield self.env._(
                "no longer sold: %s.", ", ".join(gone.mapped("display_name"))
            )
        if unapproved := lines.filtered("needs_approval"):
            yield self.env._(
                "a sales manager must approve the price of %s.",
                unapproved._describe_special_prices(),
            )

    def _create_order(self, lines=None, **values):
        """Make a quotation with the user's own rights and return it.

        :param lines: the lines to order; by default all, the optional ones in an
            optional section
        :param values: further values of the quotation
        """
        self.ensure_one()
        if lines is None:
            lines, optional = self._get_firm_lines(), self._get_optional_lines()
        else:
            optional = lines.browse()
        return self.env["sale.order"].create(
            {
                **self._prepare_order(),
                "order_line": [
                    Command.create(vals)
                    for vals in self._prepare_order_lines(lines, optional)
                ],
                **values,
            }
        )

    def _prepare_order(self):
        """Return the values of a quotation, as Odoo's own button gives them."""
        prefix = "default_"
        values = {
            key.removeprefix(prefix): value
            for key, value in self._prepare_opportunity_quotation_context().items()
            if key.startswith(prefix)
        }
        values["company_id"] = self._get_offer_company().id
        values["pricelist_id"] = self.pricelist_id.id
        if self.offer_valid_until:
            values["validity_date"] = self.offer_valid_until
        return values

    def _get_optional_lines(self):
        return self.line_ids - self._get_firm_lines()

    def _prepare_order_lines(self, lines, optional):
        """Return the values of the quotation's lines, optional ones in a section of
        their own, which Odoo's portal lets the customer choose from."""
        values = [
            line._prepare_order_line(sequence=sequence)
            for sequence, line in enumerate(lines, start=10)
        ]
        if optional:
            values.append(self._prepare_optional_section())
            values += [
                line._prepare_order_line(sequence=sequence, product_uom_qty=0.0)
                for sequence, line in enumerate(optional, start=OPTIONAL_SEQUENCE + 1)
            ]
        return values

    def _prepare_optional_section(self):
        return {
            "display_type": "line_section",
            "name": self.env._("Optional Products"),
            "is_optional": True,
            "sequence": OPTIONAL_SEQUENCE,
        }

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class SaleOrder(models.Model):
    """Quotations made of the products of an opportunity, which they are compared to
    and brought in line with until they are confirmed."""

    _name = "sale.order"
    _inherit = [
        "opportunity.bought.order.mixin",
        "opportunity.subscription.order.mixin",
        "sale.order",
    ]

    _buy_link_uniq = models.UniqueIndex(
        "(buy_link_id, buy_link_revision) "
        "WHERE buy_link_id IS NOT NULL AND state IN ('draft', 'sent')",
        "There is an open quotation of this Buy Now link already.",
    )

    opportunity_stage_id = fields.Many2one(
        related="opportunity_id.stage_id",
        string="Opportunity Stage",
        groups="sales_team.group_sale_salesman",
    )
    opportunity_folder_id = fields.Many2one(
        related="opportunity_id.folder_id",
        string="Opportunity Folder",
        groups="sales_team.group_sale_salesman",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders._check_opportunity_edit()
        return orders

    def write(self, vals):
        result = super().write(vals)
        if "opportunity_id" in vals:
            self._check_opportunity_edit()
        return result

    def _check_opportunity_edit(self):
        """Refuse to hang an order on an opportunity that the user may read only: it
        counts in its revenue."""
        if self.env.su:
            return
        # sudo: asked to find out whether the user may change it
        if leads := self.sudo().opportunity_id.sudo(False):
            leads.check_access("write")

    # === BUSINESS METHODS === #

    def _is_unlike_opportunity(self):
        """Tell whether products, quantities, prices or taxes differ from the
        opportunity's."""
        self.ensure_one()
        lead = self.opportunity_id
        if self.currency_id != lead.offer_currency_id:
            return True
        ours = self.order_line._get_offer_lines()
        return sorted(line._get_offer_terms() for line in ours) != sorted(
            line._get_offer_terms() for line in lead.line_ids
        )

    def _take_opportunity_lines(self, keep_others=False):
        """Bring the quotation's lines in line with the products of the opportunity.

        What the customer chose of the optional products stays chosen.
        :param keep_others: leave products that somebody added to the quotation
        :raise UserError: if it is confirmed or cancelled
        """
        self.ensure_one()
        if self.state not in ("draft", "sent"):
            raise UserError(
                self.env._("“%s” is confirmed or cancelled already.", self.name)
            )
        lead = self.opportunity_id
        values = lead._prepare_order_lines(
            lead._get_firm_lines(), lead._get_optional_lines()
        )
        self.write(
            {
                "order_line": self._prepare_line_commands(values, keep_others),
                "pricelist_id": lead.pricelist_id.id,
                "validity_date": lead.offer_valid_until or self.validity_date,
            }
        )

    def _prepare_line_commands(self, values_list, keep_others):
        """Return the commands that make these the products of the quotation."""
        present = {
            line.opportunity_line_id.id: line
            for line in self.order_line
            if line.opportunity_line_id or line.is_optional
        }
        commands, kept = [], self.order_line.browse()
        for values in values_list:
            line = present.get(values.get("opportunity_line_id", False))
            if not line:
                commands.append(Command.create(values))
                continue
            kept += line
            commands.append(Command.update(line.id, line._get_changed_values(values)))
        gone = self.order_line._get_offer_lines() - kept
        if keep_others:
            gone = gone.filtered("is_of_opportunity")
        return [*map(Command.delete, gone.ids), *commands]

    def _give_opportunity_lines(self):
        """Bring the products of the opportunity in line with the quotation."""
        self.ensure_one()
        lead = self.opportunity_id
        if self.currency_id != lead.offer_currency_id:
            lead.pricelist_id = self.pricelist_id
        ours = self.order_line._get_offer_lines()
        commands = []
        for line in ours:
            values = line._prepare_opportunity_line()
            if line.opportunity_line_id in lead.line_ids:
                commands.append(Command.update(line.opportunity_line_id.id, values))
            else:
                commands.append(Command.create(values))
        gone = lead.line_ids - ours.opportunity_line_id
        known = lead.line_ids
        lead.write({"line_ids": [*map(Command.delete, gone.ids), *commands]})
        new = ours.filtered(lambda line: not line.opportunity_line_id)
        for line, made in zip(new, (lead.line_ids - known).sorted("id"), strict=True):
            line.write({"opportunity_line_id": made.id, "is_of_opportunity": True})

from odoo import api, fields, models


class OpportunityBuyLinkMixin(models.AbstractModel):
    """The links with which the customer buys what the opportunity offers."""

    _name = "opportunity.buy.link.mixin"
    _description = "Buy Now Links"

    buy_link_ids = fields.One2many(
        "opportunity.buy.link",
        "lead_id",
        string="Buy Now Links",
        groups="base.group_user",
    )
    buy_link_url = fields.Char(
        "Buy Now Link",
        compute="_compute_buy_link_url",
        groups="base.group_user",
        help="The newest link with which the customer may buy. Only those who may "
        "change the opportunity see it.",
    )

    # === COMPUTE METHODS === #

    @api.depends("buy_link_ids.state", "buy_link_ids.url")
    @api.depends_context("uid")
    def _compute_buy_link_url(self):
        for lead in self:
            lead.buy_link_url = lead._get_active_buy_link().url

    # === CRUD METHODS === #

    def unlink(self):
        # Before the database does: it stumbles over orders made in this transaction.
        # sudo: the rows of an opportunity go with it, which is refused below
        self.sudo().buy_link_ids.unlink()
        return super().unlink()

    # === ACTION METHODS === #

    def action_create_buy_link(self):
        """Make a link and return the dialog that shows it.

        :raise UserError: with the reason why nothing may be bought
        """
        return self._create_buy_link().action_open()

    def action_copy_buy_link(self):
        """Return the dialog with the newest active link; without one it is made."""
        return self._ensure_buy_link().action_open()

    def action_send_buy_link(self):
        """Return the mail composer with an active link for the customer."""
        self._ensure_buy_link()
        template = self.env.ref(
            "sales_opportunity_classic.mail_template_buy_link", raise_if_not_found=False
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send Buy Now Link"),
            "res_model": "mail.compose.message",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_template_id": template.id if template else False,
                "default_composition_mode": "comment",
                "default_email_layout_xmlid": "mail.mail_notification_light",
                "force_email": True,
            },
        }

    # === BUSINESS METHODS === #

    def _get_active_buy_link(self):
        links = self.buy_link_ids.filtered(lambda link: link.state == "active")
        return links.sorted("id")[-1:]

    def _ensure_buy_link(self):
        """Return the newest active link, or a new one."""
        self.ensure_one()
        self.check_access("write")
        self._check_offer()
        return self._get_active_buy_link() or self._create_buy_link()

    def _create_buy_link(self):
        self.ensure_one()
        self.check_access("write")
        return self.env["opportunity.buy.link"].create({"lead_id": self.id})

    def _find_open_quotations(self):
        # What the customer accepted stays as it was shown until it is paid.
        orders = super()._find_open_quotations()
        return orders.filtered(lambda order: not order.buy_link_id)

    def _find_offer_orders(self):
        # What the customer chose agrees with what they saw.
        orders = super()._find_offer_orders()
        return orders.filtered(lambda order: not order.buy_link_id)

    def _merge_dependences(self, opportunities):
        # sudo: the right to change all of them was asked before
        opportunities.sudo().buy_link_ids.lead_id = self
        return super()._merge_dependences(opportunities)

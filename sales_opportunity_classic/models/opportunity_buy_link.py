from odoo import api, fields, models
from odoo.fields import Domain

from .opportunity_link_mixin import LINK_DAYS as BUY_LINK_DAYS


class OpportunityBuyLink(models.Model):
    """A link by which the customer buys what an opportunity offers, without signing in.

    Whoever may change the opportunity makes a link and sees its address; whoever has
    the address may buy. A link is active until it is revoked, expires with its own
    date or the offer's, or, where it is for single use, an order of it is confirmed.
    The links of opportunities that are merged go to the one that stays.
    """

    _name = "opportunity.buy.link"
    _description = "Buy Now Link"
    _inherit = [
        "opportunity.access.mixin",
        "opportunity.link.mixin",
        "opportunity.buy.page.mixin",
        "opportunity.buy.order.mixin",
        "opportunity.settings.mixin",
    ]
    _order = "id desc"
    _rec_name = "lead_id"

    _page_path = "/opportunity/buy"
    _noted_fields = frozenset(
        ("is_revoked", "date_paid", "open_count", "date_opened", "order_ids")
    )

    lead_id = fields.Many2one(
        "crm.lead", "Opportunity", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", compute_sudo=True
    )
    url = fields.Char(
        "Link",
        compute="_compute_url",
        compute_sudo=True,
        help="Whoever has this address may see the offer and buy. Only those who may "
        "change the opportunity see it here.",
    )
    date_expiry = fields.Date(
        help="Last day on which the customer may buy. The link ends with the validity "
        "of the offer in any case.",
    )
    single_use = fields.Boolean(
        default=True,
        help="The link ends with the first order that is paid. Otherwise the "
        "customer may buy with it again and again.",
    )
    open_count = fields.Integer(
        "Times Opened",
        readonly=True,
        copy=False,
        help="How often somebody looked at the offer, once per visitor and day. "
        "Programs that only fetch the page do not count, nor do your own users.",
    )
    date_opened = fields.Datetime("Last Opened", readonly=True, copy=False)
    order_ids = fields.One2many("sale.order", "buy_link_id", "Orders", readonly=True)
    order_id = fields.Many2one(
        "sale.order",
        compute="_compute_order_id",
        compute_sudo=True,
        help="What the customer bought last with this link.",
    )
    is_bought = fields.Boolean(
        "Bought",
        compute="_compute_order_id",
        compute_sudo=True,
        help="The customer pressed Buy Now; there is a quotation.",
    )
    date_paid = fields.Datetime(
        "Paid On",
        readonly=True,
        copy=False,
        help="When an order of this link was confirmed last.",
    )
    is_paid = fields.Boolean("Paid", compute="_compute_is_paid")

    _token_uniq = models.UniqueIndex("(token)")

    # === COMPUTE METHODS === #

    @api.model
    def _get_default_expiry(self):
        """Return the last day of a new link by the setting, that of the offer being
        in force besides."""
        days = self._get_opportunity_setting("buy_link_days", BUY_LINK_DAYS)
        return fields.Date.add(fields.Date.today(), days=int(days) or BUY_LINK_DAYS)

    @api.depends("lead_id.company_id", "lead_id.line_ids.company_id")
    def _compute_company_id(self):
        for link in self:
            lead = link.lead_id
            # of an opportunity without a company, the one it was offered by
            link.company_id = lead.company_id or lead.line_ids.company_id[:1]

    @api.depends("token")
    @api.depends_context("uid")
    def _compute_url(self):
        # Superuser reads the token; whose link it is decides the user's own right.
        leads = self.lead_id.sudo(False)._filtered_access("write")
        for link in self:
            allowed = link.lead_id in leads
            link.url = allowed and f"{link.get_base_url()}{link._get_path()}"

    @api.depends(
        "is_revoked",
        "single_use",
        "date_paid",
        "date_expiry",
        "lead_id.offer_valid_until",
    )
    def _compute_state(self):
        return super()._compute_state()

    @api.model
    def _get_used_domain(self):
        return Domain("single_use", "=", True) & Domain("date_paid", "!=", False)

    @api.model
    def _get_expired_domain(self):
        in_force = Domain("offer_valid_until", "=", False) | Domain(
            "offer_valid_until", ">=", fields.Date.today()
        )
        # Of what is not expired, one opportunity is read, not all of them.
        return super()._get_expired_domain() | ~Domain("lead_id", "any", in_force)

    @api.depends("order_ids.state")
    def _compute_order_id(self):
        for link in self:
            orders = link.order_ids.filtered(lambda order: order.state != "cancel")
            link.order_id = orders.sorted("id")[-1:]
            link.is_bought = bool(orders)

    @api.depends("date_paid")
    def _compute_is_paid(self):
        for link in self:
            link.is_paid = bool(link.date_paid)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        links = super().create(vals_list)
        for lead in links.lead_id:
            lead._check_offer()
        return links

    # === ACTION METHODS === #

    def action_revoke(self):
        """End the links at once. What was bought and not paid yet is cancelled, unless
        a payment is under way."""
        self.lead_id._check_closed_edit()
        result = super().action_revoke()
        # sudo: the orders may be others', whoever may change the link ends it
        self.sudo()._cancel_open_orders()
        return result

    # === BUSINESS METHODS === #

    @api.model
    def _find_active(self, token):
        """Return the active link of a token that came from outside, as superuser."""
        return self._search_by_token(
            token,
            Domain("lead_id.active", "=", True)
            & Domain("lead_id.won_status", "!=", "lost"),
        )

    def _count_opening(self):
        """Note that somebody looked at the offer. Where somebody else is noted this
        very moment, that counts for both."""
        free = self.try_lock_for_update(allow_referencing=True)
        for link in free:
            link.write(
                {
                    "open_count": link.open_count + 1,
                    "date_opened": fields.Datetime.now(),
                }
            )

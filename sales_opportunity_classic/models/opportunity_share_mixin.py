from odoo import api, fields, models
from odoo.exceptions import UserError


class OpportunityShareMixin(models.AbstractModel):
    """With whom an opportunity is shared, who may share it, and why one sees it."""

    _name = "opportunity.share.mixin"
    _description = "Sharing"
    _inherit = ["opportunity.settings.mixin"]

    share_ids = fields.One2many(
        "opportunity.share",
        "lead_id",
        string="Shared With",
        groups="base.group_user",
        copy=False,
    )
    can_edit = fields.Boolean(compute="_compute_can_edit", groups="base.group_user")
    can_share = fields.Boolean(compute="_compute_can_share", groups="base.group_user")
    access_explanation = fields.Char(
        "Access", compute="_compute_access_explanation", groups="base.group_user"
    )

    # === COMPUTE METHODS === #

    @api.depends("user_id", "team_id", "share_ids.access", "share_ids.date_until")
    @api.depends_context("uid")
    def _compute_can_edit(self):
        editable = self._origin._filtered_access("write")
        for lead in self:
            lead.can_edit = not lead._origin or lead._origin in editable

    @api.depends("user_id", "team_id.user_id")
    @api.depends_context("uid")
    def _compute_can_share(self):
        held = self._filter_held()
        by_setting = self._get_opportunity_setting("share_on")
        passing = self._filter_shared("edit") if by_setting else self.browse()
        for lead in self:
            lead.can_share = lead._origin in held._origin or lead in passing

    @api.depends("user_id", "team_id", "share_ids.access", "share_ids.date_until")
    @api.depends_context("uid")
    def _compute_access_explanation(self):
        others = self._origin.filtered(lambda lead: lead.user_id != self.env.user)
        shared = others._filter_shared("read")
        shares = self.env["opportunity.share"]._search_mine(shared)
        by_lead = shares.grouped(lambda share: share.lead_id.id)
        for lead in self:
            share = by_lead.get(lead._origin.id, shares)[:1]
            lead.access_explanation = lead._explain_access(share)

    def _explain_access(self, share):
        """Say why the user sees the opportunity.

        :param share: the best by which it is shared with them, if any
        """
        self.ensure_one()
        user = self.env.user
        if self.user_id == user:
            return self.env._("You see this because you are its salesperson.")
        if user.has_group("sales_team.group_sale_salesman_all_leads"):
            return self.env._("You see this because you see all opportunities.")
        if share:
            return share._explain()
        if not self.user_id:
            return self.env._("You see this because it has no salesperson yet.")
        if self.is_of_my_teams:
            return self.env._(
                "You see this because it belongs to your team %s.",
                self.team_id.display_name,
            )
        return False

    # === ACTION METHODS === #

    def action_add_deal_team(self):
        """Share with the deal team of the salesperson, or of the user where there is
        no salesperson."""
        self.ensure_one()
        self.check_access("write")
        # sudo: everybody keeps their own deal team, managers add that of others
        members = self.env["opportunity.deal.team"].sudo()
        owner = self.user_id or self.env.user
        team = members.search([("user_id", "=", owner.id)])
        if not team:
            raise UserError(
                self.env._(
                    "%s has no deal team yet. It is kept under Sales / My Deal Team.",
                    owner.name,
                )
            )
        self.env["opportunity.share"].create(team._prepare_shares(self))

    # === BUSINESS METHODS === #

    def _filter_held(self):
        """Return those that the user may share as they like: their salesperson, the
        leader of their team, sales managers."""
        if self.env.su or self.env.user.has_group("sales_team.group_sale_manager"):
            return self
        # sudo: a team is not for every salesperson to read
        return self.sudo().filtered(
            lambda lead: self.env.uid in (lead.user_id.id, lead.team_id.user_id.id)
        )

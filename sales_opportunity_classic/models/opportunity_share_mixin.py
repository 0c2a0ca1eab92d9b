from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL, Query

from .opportunity_access_mixin import is_few

# What rules say of shared opportunities, and the access that it takes.
SHARE_FIELDS = {"is_shared_with_me": "read", "is_editable_by_share": "edit"}


class OpportunityShareMixin(models.AbstractModel):
    """Gives one opportunity to colleagues, teams and groups besides its salesperson.

    Rules name two fields that are looked up each time they are asked, so that they
    hold at once, in every worker. Where much is shared with the user, the rule is
    asked as a union of what is the user's own and what is shared: each has its index.
    """

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
    is_shared_with_me = fields.Boolean(
        "Shared with Me",
        compute="_compute_is_shared_with_me",
        search="_search_is_shared_with_me",
        compute_sudo=True,
        groups="base.group_user",
    )
    is_editable_by_share = fields.Boolean(
        "Shared with Me for Editing",
        compute="_compute_is_shared_with_me",
        search="_search_is_editable_by_share",
        compute_sudo=True,
        groups="base.group_user",
    )
    is_of_my_teams = fields.Boolean(
        "Of My Teams",
        compute="_compute_is_of_my_teams",
        search="_search_is_of_my_teams",
        compute_sudo=True,
        groups="base.group_user",
    )

    # === COMPUTE METHODS === #

    @api.depends_context("uid")
    def _compute_is_shared_with_me(self):
        Share = self.env["opportunity.share"]
        readable = Share._get_lead_ids_among(self, "read")
        editable = Share._get_lead_ids_among(self, "edit") if readable else ()
        for lead in self:
            lead.is_shared_with_me = lead._origin.id in readable
            lead.is_editable_by_share = lead._origin.id in editable

    def _search_is_shared_with_me(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self.env["opportunity.share"]._get_lead_domain("read")

    def _search_is_editable_by_share(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self.env["opportunity.share"]._get_lead_domain("edit")

    @api.depends("team_id")
    @api.depends_context("uid")
    def _compute_is_of_my_teams(self):
        mine = self.env.user.sudo()._get_opportunity_team_ids()
        for lead in self:
            lead.is_of_my_teams = lead.team_id.id in mine

    def _search_is_of_my_teams(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: teams are asked for the rule, not for the reader
        mine = self.env.user.sudo()._get_opportunity_team_ids()
        return Domain("team_id", "in", mine)

    # === ACCESS RIGHTS === #

    @api.model
    def _search(
        self, domain, offset=0, limit=None, order=None, *, bypass_access=False, **kwargs
    ):
        search = super()._search
        if self.env.su or bypass_access or not self._is_much_shared():
            return search(
                domain, offset, limit, order, bypass_access=bypass_access, **kwargs
            )
        self.browse().check_access("read")
        query = search(domain, offset, limit, order, bypass_access=True, **kwargs)
        if not query.is_empty():
            everything = self.sudo().with_context(active_test=False)
            rule = self._get_rule_of_many(Domain(domain)).optimize_full(everything)
            query.add_where(rule._to_sql(everything, self._table, query))
        return query

    @api.model
    def _is_much_shared(self):
        """Tell whether the rules need more shares than fit a query."""
        rule = self.env["ir.rule"]._compute_domain(self._name, "read")
        if not any(map(is_about_shares, rule.iter_conditions())):
            return False
        # sudo: what a rule asks of the user is not for users to read
        return self.env.user.sudo().has_many_opportunity_shares

    @api.model
    def _get_rule_of_many(self, domain):
        """Return the rule for whom much is shared with, made for searching ``domain``.

        Among few opportunities their shares are looked up; in a search of all, what
        the rule allows is a union of which each part uses its index.
        """
        rule = self.env["ir.rule"]._compute_domain(self._name, "read")
        match list(domain):
            case [("id", "in", ids)] if is_few(tuple(ids)):
                return self._answer_shares(rule, self.browse(ids))
        return self._unite_shares(rule)

    @api.model
    def _answer_shares(self, rule, leads):
        """Return ``rule`` with what it asks of shares answered for these."""

        def answer(condition):
            if not is_about_shares(condition):
                return condition
            access = SHARE_FIELDS[condition.field_expr]
            among = self.env["opportunity.share"]._get_lead_ids_among(leads, access)
            return Domain("id", "in", list(among))

        return rule.map_conditions(answer)

    @api.model
    def _unite_shares(self, rule):
        """Return ``rule`` with each “… or shared” made a union of two queries."""
        children = getattr(rule, "children", ())
        shared = [child for child in children if is_about_shares(child)]
        if not children or (not shared and rule.OPERATOR == "|"):
            return rule
        if rule.OPERATOR == "&":
            return Domain.AND(map(self._unite_shares, children))
        others = Domain.OR(child for child in children if child not in shared)
        everything = self.sudo().with_context(active_test=False)
        queries = [everything._search(others).select()] + [
            self.env["opportunity.share"]._select(SHARE_FIELDS[child.field_expr])
            for child in shared
        ]
        union = SQL("(%s)", SQL(" UNION ").join(queries))
        return Domain("id", "in", Query(self.env, "allowed_lead", union))

    def _filter_unshared(self, operation):
        """Return those of what the user may ``operation`` that need no share."""
        rule = self.env["ir.rule"]._compute_domain(self._name, operation)
        own = rule.map_conditions(
            lambda condition: Domain.FALSE if is_about_shares(condition) else condition
        )
        # sudo: rules are asked as Odoo asks them
        everything = self.sudo().with_context(active_test=False)
        return self.browse(everything.filtered_domain(own).ids)

    def _check_unshared(self, message):
        """Refuse what goes beyond a share.

        :param str message: what the user may not do, with a place for the opportunity
        """
        if self.env.su or not self:
            return
        self.check_access("write")
        if shared := self - self._filter_unshared("write"):
            raise AccessError(message % shared[0].display_name)

    def _filter_held(self):
        """Return those that the user may share as they like: their salesperson, the
        leader of their team, sales managers."""
        if self.env.su or self.env.user.has_group("sales_team.group_sale_manager"):
            return self
        # sudo: a team is not for every salesperson to read
        return self.sudo().filtered(
            lambda lead: self.env.uid in (lead.user_id.id, lead.team_id.user_id.id)
        )


def is_about_shares(domain):
    """Tell whether a part of a rule asks whether opportunities are shared."""
    return getattr(domain, "field_expr", None) in SHARE_FIELDS

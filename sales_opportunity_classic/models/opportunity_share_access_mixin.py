from collections.abc import Set
from dataclasses import dataclass
from functools import cache

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from .opportunity_access_mixin import is_few

# What rules say of shared opportunities, and the access that it takes.
SHARE_FIELDS = {"is_shared_with_me": "read", "is_editable_by_share": "edit"}


@dataclass(frozen=True)
class SearchHint:
    """What is searched, for the best way to ask of shares. In the context, where no
    client can put one."""

    lead_ids: tuple | None = None
    is_page: bool = False


class OpportunityShareAccessMixin(models.AbstractModel):
    """Who may read and edit an opportunity because it was shared, or belongs to their
    team.

    Rules name fields that are looked up each time they are asked, so that they hold at
    once, in every worker.
    """

    _name = "opportunity.share.access.mixin"
    _description = "Access by Sharing"

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

    @api.depends("share_ids.access", "share_ids.datetime_end", "share_ids.user_id")
    @api.depends_context("uid")
    def _compute_is_shared_with_me(self):
        for name, access in SHARE_FIELDS.items():
            shared = self._filter_shared(access)
            shared[name] = True
            (self - shared)[name] = False

    @api.model
    def _search_is_shared_with_me(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._get_shared_domain("read")

    @api.model
    def _search_is_editable_by_share(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._get_shared_domain("edit")

    @api.depends("team_id")
    @api.depends_context("uid")
    def _compute_is_of_my_teams(self):
        teams = self._get_my_teams()
        for lead in self:
            lead.is_of_my_teams = lead.team_id in teams

    @api.model
    def _search_is_of_my_teams(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("team_id", "in", self._get_my_teams().ids)

    @api.model
    def _get_my_teams(self):
        """Return the sales teams of which the user is a member now."""
        # sudo: teams are asked for the rule, not for the reader
        members = self.env["crm.team.member"].sudo().with_context(active_test=True)
        return members.search_fetch(
            [("user_id", "=", self.env.uid)], ["crm_team_id"]
        ).crm_team_id

    # === WHAT IS SHARED WITH THE USER === #

    @api.model
    def _get_shared_domain(self, access):
        """Return the opportunities that are shared with the user, asked anew by each
        query where they are too many to be named."""
        shared_ids = self.env["opportunity.share"]._get_shared_ids(access)
        if shared_ids is None:
            return Domain.custom(to_sql=self._get_shared_condition(access))
        if not shared_ids:
            return Domain.FALSE
        return Domain.custom(
            to_sql=lambda _model, alias, _query: SQL(
                "%s = ANY(%s)", SQL.identifier(alias, "id"), shared_ids
            )
        )

    @api.model
    def _get_shared_condition(self, access):
        """Return the SQL for what is in the table of shares.

        An array is made once per query and uses the index on ids beside that on
        salespeople. It is read from the start for each opportunity where PostgreSQL
        goes through them in their order, which it does for pages of a list.
        """
        hint = self.env.context.get("opportunity_search_hint")
        hint = hint if isinstance(hint, SearchHint) else SearchHint()
        condition = "%s IN (%s)" if hint.is_page else "%s = ANY(ARRAY(%s))"
        return lambda model, alias, _query: SQL(
            condition,
            SQL.identifier(alias, "id"),
            model.env["opportunity.share"]._select_leads(access, hint.lead_ids),
        )

    def _filter_shared(self, access):
        """Return those that are shared with the user right now."""
        if not any(self._ids):
            return self.browse()
        shares = self.env["opportunity.share"]
        shared_ids = shares._get_shared_ids(access)
        if shared_ids is None:
            query = shares._select_leads(access, self._origin.ids)
            shared_ids = [lead_id for [lead_id] in self.env.execute_query(query)]
        shared = set(shared_ids)
        return self.filtered(lambda lead: lead._origin.id in shared)

    # === ACCESS RIGHTS === #

    @api.model
    def _search(
        self, domain, offset=0, limit=None, order=None, *, bypass_access=False, **kwargs
    ):
        searched = self
        is_ruled = not (self.env.su or bypass_access)
        if is_ruled and self.env["opportunity.share"]._get_shared_ids() is None:
            hint = get_search_hint(domain, limit and order)
            if hint != self.env.context.get("opportunity_search_hint"):
                searched = self.with_context(opportunity_search_hint=hint)
        return super(OpportunityShareAccessMixin, searched)._search(
            domain, offset, limit, order, bypass_access=bypass_access, **kwargs
        )

    def _check_access(self, operation):
        """Ask for shares each time, as they may have come or gone since; and only
        when the user may not access something without."""
        if self.env.su or not any(self._ids):
            return super()._check_access(operation)
        rule = self.env["ir.rule"]._compute_domain(self._name, operation)
        if not any(map(is_about_shares, rule.iter_conditions())):
            return super()._check_access(operation)
        if result := self.browse()._check_access(operation):
            return self, result[1]
        refused = self - self._filter_allowed(rule)
        if not refused:
            return None
        error = self.env["ir.rule"]._make_access_error
        return refused, lambda: error(operation, refused)

    def _filter_allowed(self, rule):
        """Return those that the rule allows.

        Those that are not in memory are asked of the database together with their
        shares; what it does not allow is asked again, as it may not exist.
        """
        # sudo: rules are asked as Odoo asks them
        everything = self.sudo().with_context(active_test=False)
        allowed = everything._filter_unread(rule)._search_allowed(rule)
        if not (others := everything - allowed):
            return allowed
        answered = rule.map_conditions(self._answer_once).optimize(everything)
        return allowed + others.filtered_domain(answered)

    def _filter_unread(self, rule):
        """Return those of which a field that the rule asks is not in memory."""
        names = {condition.field_expr for condition in rule.iter_conditions()}
        stored = [n for n in names if n in self._fields and self._fields[n].store]
        return self.filtered(
            lambda lead: lead.id and any(name not in lead._cache for name in stored)
        )

    def _search_allowed(self, rule):
        if not self:
            return self
        hint = SearchHint(lead_ids=self._ids)
        hinted = self.with_context(opportunity_search_hint=hint)
        found = hinted._search(Domain("id", "in", self.ids) & rule).get_result_ids()
        return self.browse(found)

    def _answer_once(self, condition):
        """Return a condition of a rule with what it asks of shares looked up for all
        of these at once. Odoo asks it after the others."""
        if not is_about_shares(condition):
            return condition
        access = SHARE_FIELDS[condition.field_expr]
        shared = cache(lambda: set(self._filter_shared(access)._ids))
        return Domain.custom(
            to_sql=lambda model, alias, _query: SQL(
                "%s = ANY(%s)", SQL.identifier(alias, "id"), list(shared())
            ),
            predicate=lambda lead: lead.id in shared(),
        )

    def _filter_unshared(self, operation):
        """Return those of what the user may ``operation`` that need no share."""
        rule = self.env["ir.rule"]._compute_domain(self._name, operation)
        own = rule.map_conditions(
            lambda condition: Domain.FALSE if is_about_shares(condition) else condition
        )
        # sudo: rules are asked as Odoo asks them
        everything = self.sudo().with_context(active_test=False)
        return self.browse(everything.filtered_domain(own).ids)

    def _filter_shared_alone(self):
        """Return those that the user may write by a share alone."""
        if self.env.su or not self:
            return self.browse()
        self.check_access("write")
        return self - self._filter_unshared("write")

    def _check_unshared(self, message):
        """Refuse what goes beyond a share.

        :param str message: what the user may not do, with a place for the opportunity
        """
        if shared := self._filter_shared_alone():
            raise AccessError(message % shared[0].display_name)


def is_about_shares(condition):
    """Tell whether a condition of a rule asks for opportunities that are shared."""
    if condition.field_expr not in SHARE_FIELDS:
        return False
    if condition.operator == "=":
        return condition.value is True
    return condition.operator == "in" and set(condition.value) == {True}


def get_search_hint(domain, is_page):
    """Return what the shares need to know of a search."""
    match list(Domain(domain)):
        case [("id", "in", (list() | tuple() | Set()) as ids)] if is_few(tuple(ids)):
            return SearchHint(lead_ids=tuple(ids))
    return SearchHint(is_page=True) if is_page else None

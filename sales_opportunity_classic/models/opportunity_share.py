from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..tools.validity import is_plausible_date
from .opportunity_share_notice_mixin import QUIET

RECIPIENTS = ("user_id", "team_id", "group_id")
# The server says these of a share; nobody writes them.
GRANT_FIELDS = ("granted_by_id", "date_granted", "datetime_end")


class OpportunityShare(models.Model):
    """One opportunity given to a colleague, a sales team or a user group.

    Made and withdrawn by whoever may share the opportunity, in force at once and
    until the end of its last day. To whom and what never changes: withdraw it and
    share anew. Everybody who may read the opportunity sees with whom it is shared.
    """

    _name = "opportunity.share"
    _description = "Shared Opportunity"
    _inherit = [
        "opportunity.access.mixin",
        "opportunity.settings.mixin",
        "opportunity.share.notice.mixin",
        "opportunity.share.query.mixin",
    ]
    _order = "lead_id, id"

    lead_id = fields.Many2one(
        "crm.lead", "Opportunity", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users",
        "Colleague",
        domain=[("share", "=", False)],
        ondelete="cascade",
    )
    team_id = fields.Many2one(
        "crm.team",
        "Sales Team",
        ondelete="cascade",
        help="Whoever is a member of this team at the time.",
    )
    group_id = fields.Many2one(
        "res.groups",
        "User Group",
        ondelete="cascade",
        help="Whoever is in this group at the time.",
    )
    access = fields.Selection(
        [("read", "Can read"), ("edit", "Can edit")],
        required=True,
        default="read",
        help="Who can edit works on the deal, but does not delete, merge or reassign "
        "it.",
    )
    role = fields.Char(help="The part in this deal, such as Sales Engineer.")
    date_until = fields.Date("Until", help="The last day of the access.")
    datetime_end = fields.Datetime(
        "End of Access", compute="_compute_datetime_end", store=True
    )
    note = fields.Char()
    granted_by_id = fields.Many2one(
        "res.users",
        "Shared by",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        default=lambda self: self.env.user,
    )
    date_granted = fields.Datetime(
        "Shared on", readonly=True, default=fields.Datetime.now
    )

    _one_recipient = models.Constraint(
        "CHECK (num_nonnulls(user_id, team_id, group_id) = 1)",
        "Share an opportunity with one of the three: a colleague, a team or a group.",
    )
    _user_lead_uniq = models.UniqueIndex(
        "(user_id, lead_id) WHERE user_id IS NOT NULL",
        "The opportunity is already shared with this colleague. Change what is there.",
    )
    _team_lead_uniq = models.UniqueIndex(
        "(team_id, lead_id) WHERE team_id IS NOT NULL",
        "The opportunity is already shared with this team. Change what is there.",
    )
    _group_lead_uniq = models.UniqueIndex(
        "(group_id, lead_id) WHERE group_id IS NOT NULL",
        "The opportunity is already shared with this group. Change what is there.",
    )

    # === COMPUTE METHODS === #

    @api.depends("date_until", "granted_by_id")
    def _compute_datetime_end(self):
        """The last day ends where the person lives who shared."""
        # impossible dates are refused by the constraint
        ending = self.filtered(
            lambda share: share.date_until and is_plausible_date(share.date_until)
        )
        (self - ending).datetime_end = False
        for share in ending:
            # sudo: colleagues do not read each other's time zone
            zone = pytz.timezone(share.sudo().granted_by_id.tz or "UTC")
            midnight = datetime.combine(share.date_until + timedelta(days=1), time.min)
            local = zone.localize(midnight)
            share.datetime_end = local.astimezone(pytz.utc).replace(tzinfo=None)

    @api.depends("user_id", "team_id", "group_id")
    def _compute_display_name(self):
        for share in self:
            # sudo: groups are not for salespeople to read
            share.display_name = share.sudo()._get_recipient().display_name

    # === CONSTRAINT METHODS === #

    @api.constrains("date_until")
    def _check_date_until(self):
        for share in self:
            if not is_plausible_date(share.date_until):
                raise ValidationError(
                    self.env._(
                        "“%s” is no date with a possible year.", share.date_until
                    )
                )

    @api.constrains("lead_id", "user_id")
    def _check_user(self):
        """Refuse shares that could have no effect, saying why."""
        for share in self.filtered("user_id"):
            # sudo: companies and groups of colleagues are not for all to read
            if reason := share.sudo()._get_refusal(share.sudo().lead_id):
                raise ValidationError(
                    self.env._(
                        "“%(lead)s” cannot be shared with %(user)s: %(reason)s",
                        lead=share.lead_id.name,
                        user=share.user_id.name,
                        reason=reason,
                    )
                )

    def _get_refusal(self, lead):
        """Return why this colleague cannot be given ``lead``, or nothing."""
        user = self.user_id
        if not user:
            return None
        if user.share or not user.active:
            return self.env._("opportunities are shared with active employees only.")
        if user == lead.user_id:
            return self.env._("this is its salesperson.")
        if lead.company_id and lead.company_id not in user.company_ids:
            return self.env._(
                "they do not work for the company %s.", lead.company_id.name
            )
        if not user.has_group("sales_team.group_sale_salesman") and not (
            self._get_opportunity_setting("share_employees")
        ):
            return self.env._(
                "they have no rights in sales. The CRM settings may allow to share "
                "with all employees."
            )
        return None

    @api.constrains("group_id")
    def _check_group(self):
        portal, public = map(self.env.ref, ("base.group_portal", "base.group_public"))
        # sudo: what a group implies is not for salespeople to read
        outside = (portal + public).sudo().all_implied_ids
        # sudo: see above
        if foreign := self.sudo().group_id & outside:
            raise ValidationError(
                self.env._(
                    "“%s” is a group of customers on the portal. Opportunities are "
                    "shared with employees.",
                    foreign[0].display_name,
                )
            )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            # Said, as the client's context has defaults of its own.
            grant = {
                "granted_by_id": self.env.uid,
                "date_granted": fields.Datetime.now(),
            }
            vals_list = [{**self._without_grant(vals), **grant} for vals in vals_list]
        shares = super().create(vals_list)
        self._forget_shared()
        shares._tell_granted()
        return shares

    def write(self, vals):
        self._check_same_recipients(vals)
        if not self.env.su:
            vals = self._without_grant(vals)
        before = {share: share._get_terms() for share in self}
        result = super().write(vals)
        self._forget_shared()
        # What it has become must be the user's to give as well.
        self.check_access("write")
        self.filtered(lambda share: share._get_terms() != before[share])._tell_changed()
        return result

    def unlink(self):
        self.check_access("unlink")
        self._tell_revoked()
        result = super().unlink()
        self._forget_shared()
        return result

    @api.model
    def _without_grant(self, vals):
        return {name: value for name, value in vals.items() if name not in GRANT_FIELDS}

    def _check_same_recipients(self, vals):
        """Refuse to make another share of one: people are told of each."""
        for name in vals.keys() & {"lead_id", *RECIPIENTS}:
            if any(share[name].id != (vals[name] or False) for share in self):
                raise UserError(
                    self.env._(
                        "A share stays with its opportunity and whom it was given to. "
                        "Remove it and share anew."
                    )
                )

    # === ACCESS RIGHTS === #

    def _check_access(self, operation):
        """Read with the opportunity; the rest is for those who may share it."""
        result = super()._check_access(operation)
        if operation == "read" or self.env.su or not any(self._ids):
            return result
        refused = result[0] if result else self.browse()
        foreign = (self - refused)._get_not_mine_to_give()
        if not foreign:
            return result
        error = self.env["ir.rule"]._make_access_error
        return refused + foreign, (
            result[1] if result else lambda: error(operation, foreign)
        )

    def _get_not_mine_to_give(self):
        """Return the shares that the user may neither make nor change.

        Owners, team leaders and sales managers give what they like. By setting, whom
        an opportunity is shared with for editing gives as much as they have, and
        withdraws what they gave.
        """
        # sudo: the rows' own access is checked by the caller
        shares = self.sudo()
        leads = shares.lead_id.sudo(False)
        held = leads._filter_held()
        others = shares.filtered(lambda share: share.lead_id not in held)
        if others and self._get_opportunity_setting("share_on"):
            others -= others._filter_passed_on()
        return others.sudo(False)

    def _filter_passed_on(self):
        """Return those of the user that give no more than the user was given."""
        ends = {}
        for mine in self._search_mine(self.lead_id, "edit"):
            end = mine.datetime_end or datetime.max
            ends[mine.lead_id] = max(end, ends.get(mine.lead_id, datetime.min))
        return self.filtered(
            lambda share: (
                share.granted_by_id.id == self.env.uid
                and share.user_id.id != self.env.uid
                and (share.datetime_end or datetime.max)
                <= ends.get(share.lead_id, datetime.min)
            )
        )

    @api.model
    def _search_mine(self, leads, access=None):
        """Return the shares in force by which the user sees these opportunities."""
        # sudo: teams and groups are asked for the rule, not for the reader
        user = self.env.user.sudo().with_context(active_test=True)
        if not leads or not user.active or user.share:
            return self.browse()
        mine = (
            Domain("user_id", "=", user.id)
            | Domain("team_id", "in", user.crm_team_member_ids.crm_team_id.ids)
            | Domain("group_id", "in", user._get_group_ids())
        )
        live = Domain("date_until", "=", False)
        live |= Domain("datetime_end", ">", fields.Datetime.now())
        domain = Domain("lead_id", "in", leads.ids) & mine & live
        if access:
            domain &= Domain("access", "=", access)
        # sudo: asked to find out what the user may see
        return self.sudo().search(domain, order="access, datetime_end DESC, id")

    # === BUSINESS METHODS === #

    @api.model
    def _open_to_employees(self, is_open):
        """Give employees without sales rights, or take from them, what it needs to
        work on what is shared with them: access rights, and a rule that shows them
        nothing else."""
        # sudo: what is found by name is this addon's own
        names = self.env["ir.model.data"].sudo()
        found = names.search(
            [
                ("module", "=", "sales_opportunity_classic"),
                ("model", "in", ("ir.rule", "ir.model.access")),
                ("name", "=like", "%\\_employee%"),
            ]
        )
        # The rule comes before the rights, and goes after them.
        by_model = found.grouped("model")
        for model in sorted(by_model, reverse=is_open):
            records = self.env[model].browse(by_model[model].mapped("res_id")).exists()
            records.filtered(lambda one: one.active != is_open).active = is_open

    def _get_recipient(self):
        self.ensure_one()
        return self.user_id or self.team_id or self.group_id

    def _get_terms(self):
        self.ensure_one()
        return self.access, self.date_until, self.role

    def _get_rank(self):
        """Return what orders shares: editing and the longest time last."""
        return self.access == "edit", self.datetime_end or datetime.max

    def _hand_over(self, lead):
        """Give ``lead``, into which theirs are merged, these shares: everybody the
        best that they had."""
        best = {}
        for share in (lead.share_ids + self).sorted(OpportunityShare._get_rank):
            best[share._get_recipient()] = share
        quiet = self.with_context(opportunity_share_quiet=QUIET)
        chosen = self.browse().union(*best.values())
        (lead.share_ids - chosen).with_env(quiet.env).unlink()
        quiet.create(
            [
                {**share.copy_data()[0], "lead_id": lead.id}
                for share in chosen - lead.share_ids
                if not share._get_refusal(lead)
            ]
        )

from odoo import api, fields, models

SHARE_CACHE = (
    "readable_share_lead_ids",
    "editable_share_lead_ids",
    "has_many_opportunity_shares",
)
LEAD_CACHE = ("is_shared_with_me", "is_editable_by_share", "is_of_my_teams")


class ResUsers(models.Model):
    """Users tell rules what they may see: options of custom fields, and what is shared
    with them.

    Shares are looked up once per transaction, which sees the same database all along;
    a change in it makes them looked up again.
    """

    _inherit = "res.users"

    readable_share_lead_ids = fields.Many2many(
        "crm.lead",
        compute="_compute_opportunity_shares",
        context={"active_test": False},
        groups=fields.NO_ACCESS,
    )
    editable_share_lead_ids = fields.Many2many(
        "crm.lead",
        compute="_compute_opportunity_shares",
        context={"active_test": False},
        groups=fields.NO_ACCESS,
    )
    has_many_opportunity_shares = fields.Boolean(
        compute="_compute_opportunity_shares", groups=fields.NO_ACCESS
    )

    @api.depends("active", "share", "group_ids", "crm_team_member_ids.active")
    def _compute_opportunity_shares(self):
        for user in self:
            access = user.with_user(user).env["opportunity.share"]._find_access()
            user.has_many_opportunity_shares = access is None
            access = access or {}
            user.readable_share_lead_ids = list(access)
            user.editable_share_lead_ids = [id_ for id_, edit in access.items() if edit]

    # === CRUD METHODS === #

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"active", "group_ids"}:
            self._forget_opportunity_shares()
        return result

    # === BUSINESS METHODS === #

    @api.model
    def _forget_opportunity_shares(self):
        """Have it looked up again what is shared with whom."""
        self.invalidate_model(SHARE_CACHE, flush=False)
        self.env["crm.lead"].invalidate_model(LEAD_CACHE, flush=False)

    def _may_be_given_opportunities(self):
        """Tell whether shares have an effect: for employees, as long as they are."""
        return self.active and not self.share

    def _get_opportunity_team_ids(self):
        """Return the ids of the sales teams of which the user is a member."""
        members = self.with_context(active_test=True).crm_team_member_ids
        return members.crm_team_id.ids

    def _get_readable_custom_field_ids(self):
        """Return the ids of the custom fields whose options the user reads.

        Odoo asks once and keeps them with the rule: a path to the groups would be
        joined whenever a chosen option is read.
        """
        # sudo: definitions are not for those who choose options
        fields_ = self.env["opportunity.custom.field"].sudo()
        readable = fields_.with_context(active_test=False).search(
            [("reader_ids", "in", self.all_group_ids.ids)]
        )
        return readable.ids

from odoo import fields, models


class OpportunityDealTeam(models.Model):
    """A colleague who usually works on the deals of a salesperson.

    All of them together are the salesperson's deal team, which one click adds to an
    opportunity. Each salesperson keeps their own; what was shared stays when it
    changes.
    """

    _name = "opportunity.deal.team"
    _description = "Member of a Deal Team"
    _order = "user_id, id"
    _rec_name = "member_id"

    user_id = fields.Many2one(
        "res.users",
        "Salesperson",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.user,
    )
    member_id = fields.Many2one(
        "res.users",
        "Colleague",
        required=True,
        domain=[("share", "=", False)],
        ondelete="cascade",
    )
    access = fields.Selection(
        [("read", "Can read"), ("edit", "Can edit")], required=True, default="edit"
    )
    role = fields.Char(help="The part in the deals, such as Sales Engineer.")

    _member_uniq = models.Constraint(
        "UNIQUE (user_id, member_id)", "This colleague is in the deal team already."
    )
    _not_oneself = models.Constraint(
        "CHECK (user_id <> member_id)", "You are on your deals anyway."
    )

    # === CRUD METHODS === #

    def write(self, vals):
        result = super().write(vals)
        # It must still be the user's: whom a deal team names gets opportunities.
        self.check_access("write")
        return result

    # === BUSINESS METHODS === #

    def _prepare_shares(self, lead):
        """Return the values of the shares that give ``lead`` to those who have it not
        yet; not to colleagues who left."""
        present = lead.share_ids.user_id + lead.user_id
        return [
            {
                "lead_id": lead.id,
                "user_id": member.member_id.id,
                "access": member.access,
                "role": member.role,
            }
            for member in self
            if member.member_id.active and member.member_id not in present
        ]

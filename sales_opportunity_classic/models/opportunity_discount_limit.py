from odoo import api, fields, models
from odoo.fields import Domain


class OpportunityDiscountLimit(models.Model):
    """How far the users of a group may go below the list price on their own.

    Of several groups the highest limit counts. Users without a limit, and sales
    managers, go as far as they like. Changed by sales managers, in force at once.
    """

    _name = "opportunity.discount.limit"
    _description = "Discount Limit"
    _order = "max_discount, id"
    _rec_name = "group_id"

    group_id = fields.Many2one(
        "res.groups",
        required=True,
        index=True,
        ondelete="cascade",
        help="Whom the limit is for, such as Sales / User: Own Documents Only.",
    )
    max_discount = fields.Float(
        "Highest Discount (%)",
        digits="Discount",
        help="What members of the group may take off the list price without asking, "
        "special price and discount together.",
    )

    _group_uniq = models.Constraint(
        "UNIQUE(group_id)", "There is a limit for this group already."
    )
    _max_discount_range = models.Constraint(
        "CHECK(max_discount >= 0 AND max_discount <= 100)",
        "A discount limit lies between 0 and 100 %.",
    )

    # === BUSINESS METHODS === #

    @api.model
    def _get_limits(self, users):
        """Return {user: percent} of the ``users`` that have a limit."""
        # sudo: limits are for everybody to obey; groups of users are the system's
        limits = self.sudo().search_fetch(Domain.TRUE, ["group_id", "max_discount"])
        manager_group = self.env.ref("sales_team.group_sale_manager")
        found = {}
        for user in users if limits else ():
            # sudo: see above
            groups = user.sudo().all_group_ids
            own = limits.filtered(lambda limit, groups=groups: limit.group_id in groups)
            if own and manager_group not in groups:
                found[user] = max(own.mapped("max_discount"))
        return found

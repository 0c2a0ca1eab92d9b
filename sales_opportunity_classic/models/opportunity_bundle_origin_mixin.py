from odoo import fields, models


class OpportunityBundleOriginMixin(models.AbstractModel):
    """Remembers the bundle that a line was taken from, and its revision then.

    Lines of one addition share a key, so that a bundle that was added twice is updated
    twice.
    """

    _name = "opportunity.bundle.origin.mixin"
    _description = "Origin in a Bundle"

    bundle_id = fields.Many2one(
        "opportunity.bundle",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        help="The bundle that this product was added with.",
    )
    bundle_revision = fields.Integer(readonly=True)
    bundle_key = fields.Char(readonly=True)

    # === ACTION METHODS === #

    def action_choose_bundle(self):
        """Return the dialog of the bundles that can be added; the list of products
        calls it."""
        return self.env["crm.lead"]._get_lead_of_bundles().action_choose_bundle()

    # === BUSINESS METHODS === #

    def _is_bundle_outdated(self):
        self.ensure_one()
        return self.bundle_id.active and self.bundle_revision < self.bundle_id.revision

    def _note_bundle_prices(self):
        """Note who made the bundles as those who gave, and approved, their prices."""
        special = self.filtered("special_by_id")
        for bundle, lines in special.grouped("bundle_id").items():
            # sudo: the system's own notes; only sales managers change bundles
            lines.sudo().write(
                {
                    "special_by_id": bundle.revised_by_id.id,
                    "special_date": bundle.revised_date,
                    "approved_by_id": bundle.revised_by_id.id,
                    "approved_date": bundle.revised_date,
                }
            )

from odoo import fields, models
from odoo.exceptions import UserError


class OpportunityBundle(models.Model):
    """Products that are sold together, added to an opportunity with one click.

    Sales managers define bundles. Opportunities take copies of the lines and remember
    the revision they took; each change of the lines or their prices makes a new one.
    """

    _name = "opportunity.bundle"
    _description = "Bundle"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    description = fields.Text(
        translate=True, help="Helps salespeople to choose. Customers do not see it."
    )
    company_id = fields.Many2one(
        "res.company",
        index=True,
        help="Leave empty to share the bundle between all companies.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        help="The currency of the special prices.",
    )
    line_ids = fields.One2many(
        "opportunity.bundle.line", "bundle_id", string="Products", copy=True
    )
    revision = fields.Integer(
        default=1,
        readonly=True,
        copy=False,
        help="Raised by each change of the products or their prices.",
    )
    revised_by_id = fields.Many2one(
        "res.users",
        default=lambda self: self.env.user,
        readonly=True,
        copy=False,
        help="Who gave the present prices. Salespeople need no approval for them.",
    )
    revised_date = fields.Datetime(
        "Revised On", default=fields.Datetime.now, readonly=True, copy=False
    )

    # === CRUD METHODS === #

    def write(self, vals):
        currencies = {bundle: bundle.currency_id for bundle in self}
        result = super().write(vals)
        if "currency_id" in vals:
            self.filtered(
                lambda bundle: bundle.currency_id != currencies[bundle]
            )._raise_revision()
        return result

    # === ACTION METHODS === #

    def action_add_to_opportunity(self):
        """Add the products to the opportunity that the dialog was opened from."""
        self.ensure_one()
        lead = self.env["crm.lead"]._get_lead_of_bundles()
        lead.action_add_bundle(self)
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS METHODS === #

    def _raise_revision(self):
        """Note a change of the products or their prices, and who made it."""
        for bundle in self:
            bundle.write(
                {
                    "revision": bundle.revision + 1,
                    "revised_by_id": self.env.uid,
                    "revised_date": fields.Datetime.now(),
                }
            )

    def _check_offered_by(self, company):
        """Refuse, with the reason, what a company cannot offer.

        :raise UserError: naming the bundle and what is wrong with it
        """
        for bundle in self:
            if not bundle.active:
                bundle._refuse(self.env._("it is archived"))
            if not bundle.filtered_domain(self._check_company_domain(company)):
                bundle._refuse(self.env._("it belongs to another company"))
            if not bundle.line_ids:
                bundle._refuse(self.env._("it has no products"))
            bundle.line_ids._check_offered_by(company)

    def _refuse(self, reason):
        raise UserError(
            self.env._(
                "The bundle “%(bundle)s” cannot be added: %(reason)s.",
                bundle=self.name,
                reason=reason,
            )
        )

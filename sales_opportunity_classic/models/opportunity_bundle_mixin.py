from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import clean_context


class OpportunityBundleMixin(models.AbstractModel):
    """Adds bundles to the products of an opportunity, and tells when one has changed.

    The lines are the opportunity's own from then on. An update replaces those of the
    bundles that have changed; what the salesperson added besides stays.
    """

    _name = "opportunity.bundle.mixin"
    _description = "Bundles of the Opportunity"

    bundle_ids = fields.Many2many(
        "opportunity.bundle",
        string="Bundles",
        compute="_compute_bundle_ids",
        search="_search_bundle_ids",
        context={"active_test": False},
        groups="base.group_user",
        help="Bundles that products were added with.",
    )
    outdated_bundle_ids = fields.Many2many(
        "opportunity.bundle",
        string="Changed Bundles",
        compute="_compute_outdated_bundle_ids",
        groups="base.group_user",
        help="Bundles that have changed since their products were added.",
    )

    # === COMPUTE METHODS === #

    @api.depends("line_ids.bundle_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_bundle_ids(self):
        for lead in self:
            lead.bundle_ids = lead.line_ids.bundle_id._filtered_access("read")

    def _search_bundle_ids(self, operator, value):
        return [("line_ids.bundle_id", operator, value)]

    @api.depends(
        "line_ids.bundle_id.active",
        "line_ids.bundle_id.revision",
        "line_ids.bundle_revision",
    )
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_outdated_bundle_ids(self):
        for lead in self:
            lines = lead.line_ids.filtered(
                lambda line, seen=lead.bundle_ids: line.bundle_id in seen
            )
            lead.outdated_bundle_ids = lines.filtered(
                lambda line: line._is_bundle_outdated()
            ).bundle_id

    # === ACTION METHODS === #

    def action_choose_bundle(self):
        """Return the dialog of the bundles that can be added, one click each."""
        self.ensure_one()
        self.check_access("write")
        Bundle = self.env["opportunity.bundle"]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add a Bundle"),
            "res_model": Bundle._name,
            "views": [(False, "kanban")],
            "target": "new",
            "domain": list(Bundle._check_company_domain(self._get_offer_company())),
            "context": {"order_id": self.id},
        }

    def action_add_bundle(self, bundle):
        """Add the products of a bundle, once more if they were added before.

        :param bundle: the bundle, or its id
        :raise UserError: naming why it cannot be added
        """
        self.ensure_one()
        self.check_access("write")
        bundle = self._find_bundle(bundle)
        if not self.pricelist_id:
            # Special prices are converted to its currency.
            self.pricelist_id = self._get_customer_pricelist()
        last = max(self.line_ids.mapped("sequence"), default=10)
        self._create_bundle_lines([(bundle, last)])
        return True

    def action_update_bundles(self):
        """Replace the products of bundles that have changed by the present ones."""
        self.check_access("write")
        for lead in self:
            lines = lead.line_ids.filtered(
                lambda line, outdated=lead.outdated_bundle_ids: (
                    line.bundle_id in outdated
                )
            )
            additions = lines.grouped(lambda line: (line.bundle_id, line.bundle_key))
            places = [
                (bundle, same[0].sequence) for (bundle, _key), same in additions.items()
            ]
            lines.unlink()
            lead._create_bundle_lines(places)
        return True

    # === BUSINESS METHODS === #

    @api.model
    def _get_lead_of_bundles(self):
        """Return the opportunity that the list of products, or the dialog, is of; the
        context names it as Odoo's product catalog does."""
        lead_id = self.env.context.get("order_id")
        lead = self.browse(lead_id if type(lead_id) is int else []).exists()
        if not lead:
            raise UserError(self.env._("This opportunity does not exist any more."))
        return lead

    def _find_bundle(self, bundle):
        """Return the bundle that a person, or a program, asks for."""
        bundle_id = bundle.id if isinstance(bundle, models.BaseModel) else bundle
        Bundle = self.env["opportunity.bundle"]
        found = Bundle.with_context(active_test=False).search(
            [("id", "=", bundle_id if type(bundle_id) is int else 0)]
        )
        if not found:
            raise UserError(
                self.env._(
                    "The bundle “%s” does not exist, or you may not use it.", bundle_id
                )
            )
        return found

    def _create_bundle_lines(self, additions):
        """Create the lines of several (bundle, sequence) at once."""
        vals_list = []
        for bundle, sequence in additions:
            bundle._check_offered_by(self._get_offer_company())
            shared = {"bundle_key": uuid4().hex, "sequence": sequence}
            vals_list += [
                {**line._prepare_opportunity_line(self), **shared}
                for line in bundle.line_ids
            ]
        # Defaults of a client would become prices that the bundle's maker approved.
        env = self.env(context=clean_context(self.env.context))
        env["opportunity.line"].create(vals_list)._note_bundle_prices()

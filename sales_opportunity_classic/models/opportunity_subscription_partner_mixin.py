from odoo import api, models
from odoo.exceptions import UserError


class OpportunitySubscriptionPartnerMixin(models.AbstractModel):
    """The subscriptions of a contact, with those of its people."""

    _name = "opportunity.subscription.partner.mixin"
    _description = "Subscriptions of the Contact"

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_subscriber(self):
        # sudo: also subscriptions that the user may not see need their customer
        sold = self.env["opportunity.subscription"].sudo()
        if sold := sold.search([("partner_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "%s has subscriptions. Archive instead of deleting, so that the "
                    "subscriptions keep their customer.",
                    sold.partner_id.name,
                )
            )

    # === ACTION METHODS === #

    def action_open_subscriptions(self):
        """Return the subscriptions of the contact and its people."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "sales_opportunity_classic.opportunity_subscription_action"
        )
        domain = [("partner_id", "child_of", self.id)]
        return action | {"domain": domain, "context": {}}

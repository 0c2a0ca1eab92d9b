from odoo import models


class CrmLead(models.Model):
    """An opportunity that holds one whole sales process.

    A table of contents: each line of ``_inherit`` is one feature in a file of its
    own. The mixins stand before ``crm.lead`` so that they wrap Odoo's methods.
    """

    _name = "crm.lead"
    _inherit = [
        # What the deal is
        "opportunity.next.action.mixin",
        "opportunity.expectation.mixin",
        "opportunity.party.mixin",
        "opportunity.folder.mixin",
        "opportunity.file.mixin",
        "opportunity.company.mixin",
        "opportunity.duplicate.guard.mixin",
        "opportunity.custom.view.mixin",
        "opportunity.custom.lead.mixin",
        # What is sold
        "opportunity.following.mixin",
        "opportunity.offer.mixin",
        "opportunity.bundle.mixin",
        "opportunity.buy.link.mixin",
        "opportunity.quotation.mixin",
        "opportunity.order.mixin",
        "opportunity.subscription.lead.mixin",
        # Who works on it
        "opportunity.share.mixin",
        "opportunity.share.access.mixin",
        "opportunity.share.guard.mixin",
        # What is printed
        "opportunity.letter.lead.mixin",
        "opportunity.postal.lead.mixin",
        # What happens
        "opportunity.timeline.lead.mixin",
        # How it is followed up
        "opportunity.sequence.lead.mixin",
        # What is sent
        "opportunity.click.mixin",
        # How it moves
        "opportunity.stage.discipline.mixin",
        "opportunity.outcome.mixin",
        "opportunity.stage.history.mixin",
        "opportunity.forecast.mixin",
        "crm.lead",
    ]

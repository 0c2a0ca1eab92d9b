from odoo import api, fields, models


class OpportunitySequencePartnerMixin(models.AbstractModel):
    """Contacts that are followed up, by themselves or on their opportunities."""

    _name = "opportunity.sequence.partner.mixin"
    _description = "Follow-Up of Contacts"
    _inherit = ["opportunity.sequence.mixin"]

    _follow_up_tags = "category_id"

    enrollment_ids = fields.One2many(
        "opportunity.sequence.enrollment",
        "partner_id",
        string="Follow-Up Sequences",
        groups="base.group_user",
        copy=False,
    )

    @api.model
    def _get_follow_up_field(self):
        return "partner_id"

    def _get_follow_up_contact(self):
        return self

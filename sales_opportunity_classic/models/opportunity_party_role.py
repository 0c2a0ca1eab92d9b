from odoo import fields, models


class OpportunityPartyRole(models.Model):
    """The part somebody plays in the customer's decision."""

    _name = "opportunity.party.role"
    _description = "Role in an Opportunity"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _name_uniq = models.Constraint("UNIQUE (name)", "This role already exists.")

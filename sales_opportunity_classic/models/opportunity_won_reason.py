from odoo import fields, models


class OpportunityWonReason(models.Model):
    """Why opportunities are won, the counterpart of Odoo's lost reasons."""

    _name = "opportunity.won.reason"
    _description = "Won Reason"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _name_uniq = models.Constraint("UNIQUE (name)", "This won reason already exists.")

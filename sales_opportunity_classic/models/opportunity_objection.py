from odoo import fields, models


class OpportunityObjection(models.Model):
    """A reason a customer gives against buying, noted while the deal is open."""

    _name = "opportunity.objection"
    _description = "Opportunity Objection"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer(export_string_translation=False)
    active = fields.Boolean(default=True)

    _name_uniq = models.Constraint("UNIQUE (name)", "This objection already exists.")

from odoo import fields, models


class OpportunityFileTag(models.Model):
    """A free label of files. Salespeople add their own; sales managers tidy up."""

    _name = "opportunity.file.tag"
    _description = "File Tag"
    _inherit = ["opportunity.text.mixin"]
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    color = fields.Integer()

    _name_uniq = models.Constraint("UNIQUE (name)", "This tag already exists.")

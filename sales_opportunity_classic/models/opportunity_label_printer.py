from odoo import fields, models


class OpportunityLabelPrinter(models.Model):
    """A printer that draws its paper in a little askew: how far labels are moved."""

    _name = "opportunity.label.printer"
    _inherit = ["opportunity.copy.mixin"]
    _description = "Label Printer"
    _order = "sequence, name, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    nudge_x = fields.Float(
        "Nudge Right (mm)",
        digits=(16, 1),
        help="How far this printer prints too far to the left, in millimetres. "
        "Negative if it prints too far to the right. A test page of a label format "
        "shows it.",
    )
    nudge_y = fields.Float(
        "Nudge Down (mm)",
        digits=(16, 1),
        help="How far this printer prints too high, in millimetres. Negative if it "
        "prints too low.",
    )

    _name_unique = models.UniqueIndex("(name)", "There is a printer of this name.")
    _check_nudge = models.Constraint(
        "CHECK (abs(nudge_x) <= 20 AND abs(nudge_y) <= 20)",
        "A nudge is at most 20 mm in each direction.",
    )

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.printing.drawing import draw_test_page
from ..tools.printing.geometry import Paper, Sheet, find_overruns, turn
from ..tools.printing.layout import Label, make_pages

REPORT = "sales_opportunity_classic.opportunity_label_report"
# What one PDF holds at most, so that nobody prints a forest by a slip.
MOST_LABELS = 50000
SIZES = (
    "paper_width",
    "paper_height",
    "columns",
    "rows",
    "label_width",
    "label_height",
    "margin_left",
    "margin_top",
    "pitch_x",
    "pitch_y",
    "padding",
    "nudge_x",
    "nudge_y",
)


class OpportunityLabelFormat(models.Model):
    """Labels of one size on a sheet, a roll of labels, or an envelope.

    Shipped formats follow the makers' sheets and may be changed; updates leave them
    alone.
    """

    _name = "opportunity.label.format"
    _inherit = ["opportunity.copy.mixin", "opportunity.print.mixin"]
    _description = "Label Format"
    _order = "sequence, name, id"

    name = fields.Char(required=True)
    code = fields.Char(help="The number of the product, as on its package.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [("sheet", "Sheet"), ("roll", "Roll"), ("envelope", "Envelope")],
        required=True,
        default="sheet",
        help="Text on a roll runs along the longer side. On an envelope the label is "
        "where the address stands; the sender stands in the upper left corner.",
    )
    paper_width = fields.Float("Paper Width (mm)", digits=(16, 2), default=210)
    paper_height = fields.Float("Paper Height (mm)", digits=(16, 2), default=297)
    columns = fields.Integer("Labels Across", default=1)
    rows = fields.Integer("Labels Down", default=1)
    label_width = fields.Float("Label Width (mm)", digits=(16, 2), default=70)
    label_height = fields.Float("Label Height (mm)", digits=(16, 2), default=36)
    margin_left = fields.Float(
        "Left Margin (mm)",
        digits=(16, 2),
        help="From the left edge of the paper to the first label.",
    )
    margin_top = fields.Float(
        "Top Margin (mm)",
        digits=(16, 2),
        help="From the upper edge of the paper to the first label.",
    )
    pitch_x = fields.Float(
        "Horizontal Pitch (mm)",
        digits=(16, 2),
        help="From the left edge of a label to that of the next one.",
    )
    pitch_y = fields.Float(
        "Vertical Pitch (mm)",
        digits=(16, 2),
        help="From the upper edge of a label to that of the one below.",
    )
    corner = fields.Float(
        "Corner Radius (mm)", digits=(16, 2), help="How round the corners are."
    )
    padding = fields.Float(
        "Padding (mm)",
        digits=(16, 2),
        default=3,
        help="How far the text keeps away from the edges of the label.",
    )
    nudge_x = fields.Float(
        "Nudge Right (mm)",
        digits=(16, 1),
        help="Moves all labels to the right, negative to the left. For one printer "
        "only, give it a nudge of its own.",
    )
    nudge_y = fields.Float(
        "Nudge Down (mm)",
        digits=(16, 1),
        help="Moves all labels down, negative up. For one printer only, give it a "
        "nudge of its own.",
    )
    capacity = fields.Integer("Labels per Sheet", compute="_compute_capacity")

    _name_unique = models.UniqueIndex("(name)", "There is a label format of this name.")
    _check_counts = models.Constraint(
        "CHECK (columns BETWEEN 1 AND 50 AND rows BETWEEN 1 AND 100)",
        "A sheet has 1 to 50 labels across and 1 to 100 down.",
    )
    _check_sizes = models.Constraint(
        "CHECK (label_width >= 5 AND label_height >= 5 AND padding >= 0"
        " AND corner >= 0 AND paper_width BETWEEN 10 AND 1200"
        " AND paper_height BETWEEN 10 AND 1200)",
        "Labels are at least 5 mm wide and high, paper 10 to 1200 mm; padding and "
        "corner are not negative.",
    )
    _check_nudge = models.Constraint(
        "CHECK (abs(nudge_x) <= 20 AND abs(nudge_y) <= 20)",
        "A nudge is at most 20 mm in each direction.",
    )

    # === COMPUTE METHODS === #

    @api.depends("columns", "rows")
    def _compute_capacity(self):
        for label_format in self:
            label_format.capacity = label_format.columns * label_format.rows

    # === CONSTRAINT METHODS === #

    @api.constrains(*SIZES, "kind")
    def _check_fits(self):
        for label_format in self:
            if overruns := find_overruns(label_format._make_sheet()):
                problems = label_format._describe_overruns(overruns)
                raise ValidationError(
                    self.env._(
                        "%(format)s: %(problems)s",
                        format=label_format.name,
                        problems=" ".join(problems),
                    )
                )
            if label_format.kind != "sheet" and label_format.capacity != 1:
                raise ValidationError(
                    self.env._(
                        "%(format)s: a roll or an envelope has one label a page.",
                        format=label_format.name,
                    )
                )

    def _describe_overruns(self, overruns):
        """Say in words which side labels go over, and by how much."""
        texts = {
            "left": self.env._("The left margin is negative (%s mm)."),
            "top": self.env._("The top margin is negative (%s mm)."),
            "right": self.env._("Labels go %s mm over the right edge of the paper."),
            "bottom": self.env._("Labels go %s mm over the lower edge of the paper."),
            "columns": self.env._("Columns overlap by %s mm: raise their pitch."),
            "rows": self.env._("Rows overlap by %s mm: raise their pitch."),
        }
        return [texts[side] % f"{by:.2f}" for side, by in overruns.items()]

    # === ACTIONS === #

    def action_print_test_page(self):
        """Print the outlines of all labels, with rulers."""
        report = "sales_opportunity_classic.opportunity_label_test_report"
        action = self.env.ref(report).report_action(self, config=False)
        return {**action, "close_on_report_download": False}

    # === BUSINESS METHODS === #

    def _make_sheet(self):
        """Return the sheet as it is set up."""
        width, height, *others = (self[field] for field in SIZES)
        return Sheet(Paper(width, height), *others)

    def _get_sheet(self, printer=None):
        """Return the sheet as printed: long labels of a roll lie on their side."""
        sheet = self._make_sheet()
        if self.kind == "roll" and sheet.label_height > sheet.label_width:
            sheet = turn(sheet)
        if printer:
            sheet = sheet._replace(
                nudge_x=sheet.nudge_x + printer.nudge_x,
                nudge_y=sheet.nudge_y + printer.nudge_y,
            )
        return sheet

    def _make_pages(self, labels, start_position=1, copies=1, printer=None):
        """Lay out labels, from a position on the first sheet; refuse what is not on
        the sheet, or too much."""
        self.ensure_one()
        self._check_order(len(labels), start_position, copies)
        labels = [label for label in labels for _copy in range(copies)]
        sheet = self._get_sheet(printer)
        return make_pages(sheet, labels, start_position, self.kind == "envelope")

    def _check_order(self, count, start_position, copies):
        if not 1 <= start_position <= self.capacity:
            raise UserError(
                self.env._(
                    "%(format)s has %(count)s labels a sheet: start at one of them, "
                    "not at %(start)s.",
                    format=self.name,
                    count=self.capacity,
                    start=start_position,
                )
            )
        if copies < 1 or count * copies > MOST_LABELS:
            raise UserError(
                self.env._(
                    "Print 1 to %(most)s labels at a time, not %(count)s.",
                    most=MOST_LABELS,
                    count=count * copies,
                )
            )

    def _render_labels(self, labels, **options):
        """Return the PDF of labels as bytes; for the options see ``_make_pages``."""
        pages = self._make_pages(labels, **options)
        if not pages:
            raise UserError(self.env._("There is no label to print."))
        paper = self._get_sheet().paper
        return self._print_pages(pages, paper, self.env.ref(REPORT))

    def _render_pdf(self, partners, start_position=1, copies=1):
        """Return a PDF with the address of each contact as bytes."""
        labels = [Label(address.text) for address in partners._get_postal_addresses()]
        options = {"start_position": start_position, "copies": copies}
        return self._render_labels(labels, **options)

    def _render_exactly(self, report):
        return draw_test_page(self._get_sheet(), self.name, self.corner)

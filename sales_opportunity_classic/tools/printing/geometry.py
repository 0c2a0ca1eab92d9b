"""Where the labels of a sheet are."""

from typing import NamedTuple

# A hundredth of a millimetre more or less is the rounding of inches.
TOLERANCE = 0.05


class Paper(NamedTuple):
    """The size of a page, and what stays free at its top, right, bottom and left."""

    width: float
    height: float
    margins: tuple = (0, 0, 0, 0)


class Box(NamedTuple):
    """A part of a page, from its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    def inset(self, by):
        """Return the box without a margin all around, at least a tenth of it."""
        by_x, by_y = min(by, self.width * 0.45), min(by, self.height * 0.45)
        return Box(
            self.x + by_x,
            self.y + by_y,
            self.width - 2 * by_x,
            self.height - 2 * by_y,
        )


class Sheet(NamedTuple):
    """Labels of one size in columns and rows, and how far a printer is off."""

    paper: Paper
    columns: int
    rows: int
    label_width: float
    label_height: float
    margin_left: float = 0.0
    margin_top: float = 0.0
    pitch_x: float = 0.0
    pitch_y: float = 0.0
    padding: float = 3.0
    nudge_x: float = 0.0
    nudge_y: float = 0.0

    @property
    def capacity(self):
        """The number of labels on the sheet."""
        return self.columns * self.rows

    def get_box(self, position):
        """Return the box of a label, counted from 0 by rows, where it is printed."""
        row, column = divmod(position, self.columns)
        return Box(
            self.margin_left + column * self.pitch_x + self.nudge_x,
            self.margin_top + row * self.pitch_y + self.nudge_y,
            self.label_width,
            self.label_height,
        )


def turn(sheet):
    """Return the sheet of one label lying on its side."""
    return sheet._replace(
        paper=Paper(sheet.paper.height, sheet.paper.width),
        label_width=sheet.label_height,
        label_height=sheet.label_width,
        margin_left=sheet.margin_top,
        margin_top=sheet.margin_left,
    )


def find_overruns(sheet):
    """Return how many millimetres the labels go over each side of the paper.

    Also by how much columns and rows overlap; a dictionary of what is wrong only.
    """
    right = sheet.margin_left + (sheet.columns - 1) * sheet.pitch_x + sheet.label_width
    bottom = sheet.margin_top + (sheet.rows - 1) * sheet.pitch_y + sheet.label_height
    overruns = {
        "left": -sheet.margin_left,
        "top": -sheet.margin_top,
        "right": right - sheet.paper.width,
        "bottom": bottom - sheet.paper.height,
        "columns": sheet.label_width - sheet.pitch_x if sheet.columns > 1 else 0,
        "rows": sheet.label_height - sheet.pitch_y if sheet.rows > 1 else 0,
    }
    return {side: by for side, by in overruns.items() if by > TOLERANCE}


def count_pages(sheet, start, count):
    """Return how many pages ``count`` labels need, the first at ``start`` (from 1)."""
    return -(-(start - 1 + count) // sheet.capacity) if count else 0

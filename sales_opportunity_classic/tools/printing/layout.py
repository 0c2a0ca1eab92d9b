"""Which text stands where on which page."""

import functools
from typing import NamedTuple

from . import fitting
from .bidi import is_rtl
from .geometry import Box, count_pages

SENDER_SIZE = 6 * fitting.MM_PER_POINT
ENVELOPE_SENDER_SIZE = 8 * fitting.MM_PER_POINT
# A code is as high as this part of the label, but scanners need some millimetres.
CODE_SHARE, CODE_LEAST, BARCODE_MOST = 0.3, 6.0, 10.0
GAP = 1.5
# Where the sender stands on an envelope.
ENVELOPE_MARGIN = 8.0


class Code(NamedTuple):
    """A barcode or QR code, by the name reportlab has for its kind."""

    kind: str
    value: str


class Label(NamedTuple):
    """What one label says."""

    lines: tuple
    sender: tuple = ()
    code: Code | None = None

    def is_plain(self):
        """Tell whether the font alone prints all lines rightly."""
        return all(map(fitting.is_plain, (*self.lines, *self.sender)))


class Line(NamedTuple):
    """One line of text in the width it may take, at its right end if ``rtl``."""

    x: float
    y: float
    width: float
    size: float
    text: str
    rtl: bool = False


class Page(NamedTuple):
    """Lines, and codes with their boxes; plain if the font alone prints it rightly."""

    lines: list
    codes: list
    is_plain: bool


def make_pages(sheet, labels, start=1, is_envelope=False):
    """Return the pages that hold all labels, the first one at position ``start``."""
    before, capacity = start - 1, sheet.capacity
    pages = []
    for number in range(count_pages(sheet, start, len(labels))):
        first = number * capacity - before
        chunk = labels[max(first, 0) : first + capacity]
        pages.append(_make_page(sheet, chunk, max(-first, 0), is_envelope))
    return pages


def _make_page(sheet, labels, position, is_envelope):
    plain = all(label.is_plain() for label in labels)
    place = functools.partial(_place, plain=plain)
    page = Page([], [], plain)
    for index, label in enumerate(labels, position):
        box = sheet.get_box(index)
        if is_envelope:
            corner = Box(sheet.nudge_x, sheet.nudge_y, box.x, box.y)
            corner = corner.inset(ENVELOPE_MARGIN)
            page.lines.extend(place(label.sender, corner, ENVELOPE_SENDER_SIZE))
            label = label._replace(sender=())
        _put_label(page, label, box.inset(sheet.padding), place)
    return page


def _put_label(page, label, box, place):
    """Add sender, address and code of a label to the page."""
    if label.sender:
        sender = box._replace(height=min(SENDER_SIZE * 1.6, box.height * 0.2))
        page.lines.extend(place((" · ".join(label.sender),), sender, SENDER_SIZE))
        top = sender.height
        box = box._replace(y=box.y + top, height=box.height - top)
    if label.code:
        code_box, box = _split_off_code(label.code, box)
        page.codes.append((label.code, code_box))
    page.lines.extend(place(label.lines, box, fitting.LARGEST))


def _split_off_code(code, box):
    """Return the boxes of code and rest: bars stand below, squares at the right."""
    if code.kind == "QR":
        side = min(max(box.width * CODE_SHARE, CODE_LEAST), box.height, box.width / 2)
        square = Box(box.x + box.width - side, box.y, side, side)
        return square, box._replace(width=max(box.width - side - GAP, box.width / 4))
    high = min(max(box.height * CODE_SHARE, CODE_LEAST), BARCODE_MOST, box.height / 2)
    bars = box._replace(y=box.y + box.height - high, height=high)
    return bars, box._replace(height=max(box.height - high - GAP, box.height / 4))


def _place(texts, box, largest, plain):
    """Return the texts as lines from the top of the box."""
    size, texts = fitting.fit(list(texts), box.width, box.height, plain, largest)
    rtl = not plain and any(map(is_rtl, texts[:1]))
    step = size * fitting.LEADING
    return [
        Line(box.x, box.y + number * step, box.width, size, text, rtl)
        for number, text in enumerate(texts)
    ]

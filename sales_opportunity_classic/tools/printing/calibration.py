"""By how much wkhtmltopdf shrinks what it prints.

Builds with an unpatched Qt print at three quarters of the size, by a factor of the
build and the paper. A page with two marks tells it.
"""

import io
from typing import NamedTuple

from odoo.tools.pdf import PdfReader

from .fitting import MM_PER_POINT

# The marks stand at a tenth and at nine tenths of the usual factor's page.
NEAR, FAR = 0.1, 0.9


def make_ruler(paper):
    """Return a page with two marks, as HTML."""
    marks = "".join(
        f'<div style="position:absolute;left:{share * paper.width:.4f}mm;'
        f'top:{share * paper.height:.4f}mm;font-size:2mm">{name}</div>'
        for name, share in (("A", NEAR), ("B", FAR))
    )
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8"/>'
        f'</head><body style="margin:0">{marks}</body></html>'
    )


def read_scale(pdf, paper):
    """Return the factor of a printed ruler."""
    near, far = (text.x for text in read_texts(pdf)[0][:2])
    return (far - near) / (FAR - NEAR) / paper.width


class Text(NamedTuple):
    """A text that was found: where it begins at the foot of its letters, its size."""

    text: str
    x: float
    y: float
    size: float


def read_texts(pdf):
    """Return the texts of each page of a PDF, in millimetres from the upper left."""
    return [_read_page(page) for page in PdfReader(io.BytesIO(pdf)).pages]


def _read_page(page):
    found, height = [], float(page.mediabox[3])

    def visit(text, cm, tm, _font, size):
        if text := " ".join(text.split()):
            x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
            y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            numbers = x, height - y, size * abs(tm[3] * cm[3])
            found.append(Text(text, *(number * MM_PER_POINT for number in numbers)))

    page.extract_text(visitor_text=visit)
    return found

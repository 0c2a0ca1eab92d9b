"""By how much wkhtmltopdf shrinks what it prints.

Builds with an unpatched Qt print at three quarters of the size, by a factor of the
build and the paper. A page with two marks tells it.
"""

import io

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
    near, far = (x for _text, x, _y in read_positions(pdf)[0][:2])
    return (far - near) / (FAR - NEAR) / paper.width


def read_positions(pdf):
    """Return per page where each text begins: (text, x, y) in millimetres.

    ``y`` is the foot of the letters, from the upper edge.
    """
    return [_read_page(page) for page in PdfReader(io.BytesIO(pdf)).pages]


def _read_page(page):
    found, height = [], float(page.mediabox[3])

    def visit(text, cm, tm, *_font):
        if text := text.strip():
            x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
            y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            found.append((text, x * MM_PER_POINT, (height - y) * MM_PER_POINT))

    page.extract_text(visitor_text=visit)
    return found

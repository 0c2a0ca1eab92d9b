"""Makes a PDF of pages, without any other program."""

import io

from reportlab.graphics import renderPDF
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from odoo.tools.barcode import createBarcodeDrawing

from .fitting import BASELINE, MM_PER_POINT, get_font
from .geometry import Box

HAIRLINE = 0.1


def draw_pages(pages, paper):
    """Return a PDF of plain pages as bytes."""
    font, _widths = get_font()
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(paper.width * mm, paper.height * mm))
    for page in pages:
        _draw_lines(canvas, page.lines, font, paper.height)
        for code, box in page.codes:
            _draw_code(canvas, code, box, paper.height)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def _draw_lines(canvas, lines, font, height):
    text, size = canvas.beginText(), None
    for line in lines:
        if line.size != size:
            size = line.size
            text.setFont(font, size / MM_PER_POINT)
        text.setTextOrigin(line.x * mm, (height - line.y - BASELINE * size) * mm)
        text.textOut(line.text)
    canvas.drawText(text)


def make_code(code, box):
    """Return reportlab's drawing of a code in the size of the box."""
    size = {"width": box.width * mm, "height": box.height * mm}
    border = {"barBorder": 0} if code.kind == "QR" else {"quiet": 0}
    return createBarcodeDrawing(code.kind, value=code.value, **size, **border)


def _draw_code(canvas, code, box, height):
    drawing = make_code(code, box)
    renderPDF.draw(drawing, canvas, box.x * mm, (height - box.y - box.height) * mm)


# === TEST PAGE === #


def draw_test_page(sheet, title):
    """Return a PDF with the outline of every label and rulers along two sides."""
    font, _widths = get_font()
    paper = sheet.paper
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(paper.width * mm, paper.height * mm))
    canvas.setLineWidth(HAIRLINE * mm)
    for position in range(sheet.capacity):
        _draw_outline(canvas, sheet.get_box(position), position + 1, font, paper.height)
    _draw_rulers(canvas, paper, font)
    canvas.setFont(font, 7)
    canvas.drawString(12 * mm, (paper.height - 12) * mm, title)
    canvas.save()
    return stream.getvalue()


def _draw_outline(canvas, box, number, font, height):
    """Draw the edge of a label, a cross where its upper left corner is, its number."""
    x, y = box.x * mm, (height - box.y) * mm
    canvas.rect(x, y - box.height * mm, box.width * mm, box.height * mm)
    canvas.line(x - 2 * mm, y, x + 2 * mm, y)
    canvas.line(x, y - 2 * mm, x, y + 2 * mm)
    middle = Box(*box).inset(min(box.width, box.height) * 0.4)
    canvas.setFont(font, min(box.height, 8) * 0.8 / MM_PER_POINT / 2)
    canvas.drawString(middle.x * mm, (height - middle.y - middle.height) * mm, f"{number}")


def _draw_rulers(canvas, paper, font):
    """Draw millimetres from the left and upper edge, along the middle of the page."""
    canvas.setFont(font, 4)
    for at in range(int(paper.width) + 1):
        high = 4 if at % 10 == 0 else 2.5 if at % 5 == 0 else 1.5
        canvas.line(at * mm, paper.height * mm, at * mm, (paper.height - high) * mm)
        if at and at % 10 == 0:
            canvas.drawString((at + 0.4) * mm, (paper.height - 4) * mm, f"{at}")
    for at in range(int(paper.height) + 1):
        long = 4 if at % 10 == 0 else 2.5 if at % 5 == 0 else 1.5
        y = (paper.height - at) * mm
        canvas.line(0, y, long * mm, y)
        if at and at % 10 == 0:
            canvas.drawString(2.8 * mm, y - 1.6 * mm, f"{at}")

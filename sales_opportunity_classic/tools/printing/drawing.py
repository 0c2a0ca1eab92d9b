"""Makes a PDF of pages, without any other program."""

import io

from reportlab.graphics import renderPDF
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from odoo.tools.barcode import createBarcodeDrawing

from .fitting import BASELINE, MM_PER_POINT, get_font

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


def draw_test_page(sheet, title, corner=0.0):
    """Return a PDF with the outline of every label and rulers along two sides."""
    font, _widths = get_font()
    paper = sheet.paper
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(paper.width * mm, paper.height * mm))
    canvas.setLineWidth(HAIRLINE * mm)
    for position in range(sheet.capacity):
        box = sheet.get_box(position)
        _draw_outline(canvas, box, corner, paper.height)
        _draw_number(canvas, box, position + 1, font, paper.height)
    _draw_rulers(canvas, paper, font)
    canvas.setFont(font, 7)
    canvas.drawCentredString(paper.width / 2 * mm, (paper.height - 8) * mm, title)
    canvas.save()
    return stream.getvalue()


def _draw_outline(canvas, box, corner, height):
    """Draw the edge of a label, and a cross where its upper left corner is."""
    x, y = box.x * mm, (height - box.y) * mm
    foot = y - box.height * mm
    canvas.roundRect(x, foot, box.width * mm, box.height * mm, corner * mm)
    canvas.line(x - 2 * mm, y, x + 2 * mm, y)
    canvas.line(x, y - 2 * mm, x, y + 2 * mm)


def _draw_number(canvas, box, number, font, height):
    size = min(box.height / 3, 4)
    canvas.setFont(font, size / MM_PER_POINT)
    middle = box.x + box.width / 2, box.y + box.height / 2 + size / 3
    canvas.drawCentredString(middle[0] * mm, (height - middle[1]) * mm, str(number))


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

"""Takes a PDF of many documents apart."""

import io
from itertools import pairwise

from odoo.tools.pdf import PdfReader, PdfWriter


def count_sheets(pdf):
    """Return how many pages a PDF has."""
    return len(PdfReader(io.BytesIO(pdf)).pages)


def find_sheets(pdf, mark):
    """Return the indexes of the pages on which a text stands."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return [
        index
        for index, page in enumerate(pages)
        if mark in "".join(page.extract_text().split())
    ]


def cut(pdf, starts):
    """Return PDFs that begin at the pages of these indexes and end before the next."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return [
        _join(pages[index] for index in range(first, end))
        for first, end in pairwise([*starts, len(pages)])
    ]


def _join(pages):
    writer, stream = PdfWriter(), io.BytesIO()
    for page in pages:
        writer.add_page(page)
    writer.write(stream)
    return stream.getvalue()

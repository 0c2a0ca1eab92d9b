"""How wide a text is, and in which size and lines it fits into a box."""

import functools
import re
import unicodedata

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from odoo.tools.misc import file_path

FONT = "OpportunityPrint"
FONT_FILE = "web/static/fonts/sign/NotoSans-Reg.ttf"
# Alphabets that need no shaping: Latin, Greek, Cyrillic, their signs.
PLAIN = ((0x20, 0x300), (0x370, 0x483), (0x48A, 0x530), (0x1E00, 0x2C00))
# Where another program chooses the font, the widest usual one is this much wider.
OTHER_FONT = 1.18
# Widths of what the font has not: Chinese and the like, emoji, all others.
WIDE, EMOJI, OTHER = 1.0, 1.4, 0.85

MM_PER_POINT = 25.4 / 72
LARGEST = 11 * MM_PER_POINT
# Rather in two lines than smaller than this.
COMFORTABLE = 8 * MM_PER_POINT
SHRINK = 0.96
LEADING = 1.2
# From the top of a line to the foot of its letters, in sizes of the font.
BASELINE = 0.946


@functools.cache
def get_font():
    """Return the name of the font and the widths of its plain characters, size 1."""
    try:
        pdfmetrics.registerFont(TTFont(FONT, file_path(FONT_FILE)))
    except (FileNotFoundError, TTFError):
        widths = {code: _measure("Helvetica", code) for code in range(0x20, 0x7F)}
        return "Helvetica", widths
    face = pdfmetrics.getFont(FONT).face
    return FONT, {
        code: face.charWidths.get(code, face.defaultWidth) / 1000
        for code in face.charToGlyph
        if any(low <= code < high for low, high in PLAIN)
    }


def _measure(font, code):
    return pdfmetrics.stringWidth(chr(code), font, 1)


def is_plain(text):
    """Tell whether the font alone prints the text rightly, letter by letter."""
    return get_font()[1].keys() >= set(map(ord, text))


def measure(text, plain=True):
    """Return the width of a text in size 1, rather too much where it is not plain."""
    widths = get_font()[1]
    if plain:
        return sum(map(widths.__getitem__, map(ord, text)))
    return OTHER_FONT * sum(
        widths[code] if (code := ord(char)) in widths else _estimate(char)
        for char in text
    )


@functools.lru_cache(4096)
def _estimate(char):
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0.0
    if ord(char) >= 0x1F000 or unicodedata.category(char) == "So":
        return EMOJI
    return WIDE if unicodedata.east_asian_width(char) in "WF" else OTHER


def clean(text):
    """Return one line of a text without control characters; spaces are one space."""
    text = "".join(" " if unicodedata.category(c) == "Cc" else c for c in text)
    return re.sub(r"\s+", " ", text).strip()


def fit(lines, width, height, plain=True, largest=LARGEST):
    """Return the size of font and the lines, broken where needed, that fill no more
    than the box. Nothing is left out: a long text becomes as small as it must; where
    there is no box there is no text."""
    if not lines or min(width, height) <= 0:
        return largest, []
    widths = [measure(line, plain) for line in lines]
    size = min(largest, height / (LEADING * len(lines)), width / (max(widths) or 1))
    if size >= min(COMFORTABLE, largest):
        return size, lines
    while largest > size:
        broken = _break_all(lines, width / largest, plain)
        if broken and len(broken) * LEADING * largest <= height:
            return largest, broken
        largest *= SHRINK
    return size, lines


def _break_all(lines, width, plain):
    """Return all lines broken, or nothing if a word is wider than ``width``."""
    parts = [_break(line, width, plain) for line in lines]
    return [part for broken in parts for part in broken] if all(parts) else []


def _break(line, width, plain):
    """Return the line in parts of at most ``width``, or nothing."""
    parts, used, space = [], 0.0, measure(" ", plain)
    for word in line.split(" "):
        needed = measure(word, plain)
        if needed > width:
            return []
        if parts and used + space + needed <= width:
            parts[-1] += f" {word}"
            used += space + needed
        else:
            parts.append(word)
            used = needed
    return parts

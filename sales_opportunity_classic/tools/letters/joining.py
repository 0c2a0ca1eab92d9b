"""Keeps the letters of Arabic words together.

A wkhtmltopdf with an unpatched Qt prints Arabic letters over each other, or beside the
paper, where digits or signs are in the same run of text: each word gets a box of its
own, and what belongs together goes from the right, whatever is around it.
"""

import re

from lxml import html

# Letters and marks, without digits and signs
ARABIC = (
    "\u0610-\u061a\u0620-\u065f\u066e-\u06d3\u06d5-\u06ef\u06fa-\u074f\u0750-\u077f"
    "\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc"
)
WORD = re.compile(f"([{ARABIC}]+)")
PHRASE = re.compile(rf"([{ARABIC}]+(?:[\W\d_\u0590-\u05ff]*[{ARABIC}]+)*)")


def has_joined(text):
    """Tell whether a text has letters that are joined."""
    return bool(text and WORD.search(text))


def keep_together(root):
    """Put the Arabic words of a tree into boxes, in place."""
    for element in list(root.iter()):
        if has_joined(element.text):
            element.text, boxes = _split(element.text)
            element[:0] = boxes
        if element is not root and has_joined(element.tail):
            parent = element.getparent()
            after = parent.index(element) + 1
            element.tail, boxes = _split(element.tail)
            parent[after:after] = boxes


def _split(text):
    """Return the text before the first phrase, and each phrase with what follows."""
    before, *rest = PHRASE.split(text)
    pairs = zip(rest[::2], rest[1::2], strict=True)
    return before, [_make_phrase(phrase, tail) for phrase, tail in pairs]


def _make_phrase(phrase, tail):
    span = html.Element("span", {"dir": "rtl"})
    span.tail = tail
    words = WORD.split(phrase)[1:]
    for word, after in zip(words[::2], words[1::2], strict=True):
        box = html.Element("span", {"class": "o_letter_word"})
        box.text, box.tail = word, after
        span.append(box)
    return span

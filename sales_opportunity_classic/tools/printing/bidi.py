"""The order in which parts of a line stand that is written in two directions.

wkhtmltopdf prints parts of different directions over each other, so it gets them one by
one, in the order in which they are seen. A short form of Unicode's algorithm: without
the control characters for directions, which no address has.
"""

import unicodedata

LEFT, RIGHT = "L", ("R", "AL")
BRACKETS = {"(": ")", "[": "]"}
NUMBERS, IN_NUMBERS = ("EN", "AN"), ("ES", "CS", "ET")


def is_rtl(text):
    """Tell whether the first letter with a direction is written from the right."""
    for char in text:
        direction = unicodedata.bidirectional(char)
        if direction == LEFT or direction in RIGHT:
            return direction != LEFT
    return False


def split_runs(text):
    """Return the parts of a line from left to right: (text, whether it is written from
    the right)."""
    levels = _get_levels(text, int(is_rtl(text)))
    pairs = _split(zip(levels, text, strict=True), key=lambda pair: pair[0])
    runs = [(level, "".join(char for _level, char in part)) for level, part in pairs]
    for level in range(max(levels, default=0), 0, -1):
        runs = _reverse(runs, level)
    return [piece for level, part in runs for piece in _strip(part, level % 2 == 1)]


def _strip(text, rtl):
    """Return a run word by word: in one run with signs and spaces wkhtmltopdf moves
    Arabic letters."""
    if not rtl:
        return [(text, rtl)]
    words = ["".join(word) for _of, word in _split(text, _is_of_letters)]
    return [(word, not word.isspace()) for word in reversed(words)]


def _split(items, key):
    """Return the sequences of items with the same key, each with it."""
    parts = []
    for item in items:
        if not parts or parts[-1][0] != key(item):
            parts.append((key(item), []))
        parts[-1][1].append(item)
    return parts


def _is_of_letters(char):
    return unicodedata.bidirectional(char) in (*RIGHT, "NSM")


def _get_levels(text, base):
    """Return how deep each character is in directions: odd ones are from the right."""
    kinds = [unicodedata.bidirectional(char) for char in text]
    levels, left = [], not base
    for index, kind in enumerate(kinds):
        if kind == LEFT or kind in RIGHT:
            left = kind == LEFT
        if kind in NUMBERS or _is_in_number(kinds, index):
            levels.append(base * 2 if left else 2)
        elif kind in RIGHT:
            levels.append(1)
        elif kind == LEFT:
            levels.append(base * 2)
        else:
            levels.append(levels[-1] if kind == "NSM" and levels else None)
    _pair_brackets(text, levels, base)
    return _fill(levels, base)


def _is_in_number(kinds, index):
    around = kinds[max(index - 1, 0) : index] + kinds[index + 1 : index + 2]
    inside = kinds[index] in IN_NUMBERS and len(around) == 2
    return inside and all(kind in NUMBERS for kind in around)


def _pair_brackets(text, levels, base):
    """Give both brackets of a pair one direction: that of the line, unless what is
    before them and all within goes the other way."""
    opened = []
    for index, char in enumerate(text):
        if char in BRACKETS:
            opened.append(index)
        elif opened and char == BRACKETS[text[opened[-1]]]:
            first = opened.pop()
            before = _get_side(_find(reversed(levels[:first]), base), base)
            inside = {_get_side(x, base) for x in levels[first:index] if x is not None}
            levels[first] = levels[index] = base if base in inside else before


def _fill(levels, base):
    """Give what has no direction that of both its neighbours, or of the line."""
    filled = list(levels)
    for index, level in enumerate(levels):
        if level is None:
            sides = {
                _get_side(_find(reversed(levels[:index]), base), base),
                _get_side(_find(levels[index:], base), base),
            }
            filled[index] = sides.pop() if len(sides) == 1 else base
    return filled


def _find(levels, base):
    """Return the first level that is known."""
    return next((level for level in levels if level is not None), base)


def _get_side(level, base):
    """Return the level a neighbour gives: numbers are of the text around them."""
    return 1 if level == 2 and not base else level


def _reverse(runs, level):
    """Turn round each sequence of runs at least as deep as ``level``."""
    turned = []
    for deep, part in _split(runs, lambda run: run[0] >= level):
        turned += reversed(part) if deep else part
    return turned

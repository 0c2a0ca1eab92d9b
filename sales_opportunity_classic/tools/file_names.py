"""Names of files as people and programs give them: shown, but never trusted."""

import unicodedata

NAME_LENGTH = 255

# They turn the text around them, so that "gpj.exe" shows as "exe.jpg".
DIRECTION_MARKS = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
# Control characters, halves of characters, separators of lines.
UNPRINTABLE = frozenset(("Cc", "Cs", "Zl", "Zp"))


def clean_name(name):
    """Return the name without what cannot be stored or would deceive its reader.

    Everything else stays as given; names that are too long keep their extension.
    """
    kept = (char for char in name if is_shown(char))
    name = "".join(kept).strip()
    if len(name) <= NAME_LENGTH:
        return name
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension) > NAME_LENGTH // 2:
        return name[:NAME_LENGTH]
    return stem[: NAME_LENGTH - len(extension) - 1] + dot + extension


def is_shown(char):
    """Tell whether a character may be part of a name."""
    return char not in DIRECTION_MARKS and unicodedata.category(char) not in UNPRINTABLE


def get_extensions(name):
    """Return the extensions, in lower case, that systems may see in a name.

    They ignore dots and spaces at the end, and some what follows a colon.
    """
    name = unicodedata.normalize("NFKC", clean_name(name)).casefold()
    name = name.replace("\\", "/").rpartition("/")[2]
    return {_get_last_part(name), _get_last_part(name.partition(":")[0])} - {""}


def _get_last_part(name):
    _stem, dot, extension = name.rstrip(". ").rpartition(".")
    return extension.strip() if dot else ""


def split_extensions(text):
    """Return the set of extensions in a list such as ``exe, .BAT com``."""
    return {word.strip(".").casefold() for word in text.replace(",", " ").split()}

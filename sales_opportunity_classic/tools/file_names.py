"""Names of files as people and programs give them: shown, but never trusted."""

import unicodedata
from collections import Counter

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


# Names that mean a device on Windows, whatever their extension.
DEVICES = frozenset(
    ("aux", "con", "nul", "prn")
    + tuple(f"{port}{number}" for port in ("com", "lpt") for number in range(10))
)
# What separates folders or is forbidden in a name on some system.
SEPARATORS = str.maketrans(dict.fromkeys('/\\:*?"<>|', "_"))


def make_archive_names(names):
    """Return names that every system unpacks into the one folder, each another one."""
    taken, counts, result = set(), Counter(), []
    for name in map(make_safe_name, names):
        stem, extension = split_name(name)
        key, unique = name.casefold(), name
        while unique.casefold() in taken:
            counts[key] += 1
            unique = fit_bytes(stem, f" ({counts[key] + 1}){extension}")
        taken.add(unique.casefold())
        result.append(unique)
    return result


def make_safe_name(name):
    """Return a name that names one file in a folder, on every system."""
    name = unicodedata.normalize("NFC", clean_name(name)).translate(SEPARATORS)
    stem, extension = split_name(name.strip(". ") or "_")
    if stem.partition(".")[0].strip().casefold() in DEVICES:
        stem = f"_{stem}"
    return fit_bytes(stem, extension)


def split_name(name):
    """Return a name without its extension, and that with its dot; a very long
    extension is none."""
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension.encode()) > NAME_LENGTH // 4:
        return name, ""
    return stem, dot + extension


def fit_bytes(stem, ending):
    """Return both together, the stem cut so that file systems take the name."""
    room = NAME_LENGTH - len(ending.encode())
    return stem.encode()[:room].decode(errors="ignore") + ending

"""Labels as people write them, and the technical names made from them."""

import re
import unicodedata

PREFIX = "x_"
LONGEST_LABEL = 128
LONGEST_TEXT = 500
# Relation tables are named after the model's table, the field and "_rel", and
# PostgreSQL's names have at most 63 bytes.
LONGEST_NAME = 40
TECHNICAL_NAME = re.compile(r"x_[a-z0-9][a-z0-9_]*")
# Characters beside control characters and surrogates that XML cannot hold
NO_CHARACTERS = "\ufffe\uffff"


def clean_label(text):
    """Return a label without control characters, which XML cannot hold, and without
    white space at its ends or doubled within."""
    printable = (
        character if _is_printable(character) else " " for character in text or ""
    )
    return " ".join("".join(printable).split())


def _is_printable(character):
    category = unicodedata.category(character)
    return category not in ("Cc", "Cs") and character not in NO_CHARACTERS


def is_technical_name(name):
    """Whether a name can be that of a custom field."""
    return bool(TECHNICAL_NAME.fullmatch(name)) and len(name) <= LONGEST_NAME


def propose_key(label, taken, fallback):
    """Return a short ASCII key for a label that is not among those ``taken``."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode()
    key = re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_") or fallback
    return make_unique(key[: LONGEST_NAME - len(PREFIX)].rstrip("_"), taken)


def propose_name(label, taken):
    """Return a technical name for a label that is not among those ``taken``."""
    plain_names = {
        name.removeprefix(PREFIX) for name in taken if name.startswith(PREFIX)
    }
    return PREFIX + propose_key(label, plain_names, "field")


def make_unique(key, taken):
    """Return the key, or the key with the first number that makes it new."""
    longest = LONGEST_NAME - len(PREFIX)
    unique, number = key, 2
    while unique in taken:
        unique = f"{key[: longest - len(str(number)) - 1]}_{number}"
        number += 1
    return unique

"""Reads the file of a definition: what is not one of ours never gets further.

Every key is known, and every value is of the kind that belongs there: what a file says
beyond tabs, headers, fields and options (a computation, a domain, another model) is
refused with the place where it stands.
"""

import json
import re
import unicodedata
from collections import Counter

from .changes import get_options
from .naming import LONGEST_LABEL, clean_label, is_technical_name
from .types import FIELD_TYPES

LARGEST_FILE = 1_000_000
MOST_FIELDS = 500
DEEPEST = 50
KEY = re.compile(r"[a-z0-9_]{1,64}")
GROUPS = re.compile(r"(\w+\.[\w.-]+(,\w+\.[\w.-]+)*)?", re.ASCII)
FLAGS = ("active", "required", "tracked", "wide", "in_list", "in_list_at_once")
FLAGS += ("in_search", "in_kanban", "in_group_by")


class DocumentError(ValueError):
    """Why a file is no definition: ``reason`` is a word, ``place`` where it stands,
    ``value`` what is wrong there."""

    def __init__(self, reason, place="", value=""):
        super().__init__(reason, place, value)
        self.reason, self.place, self.value = reason, place, str(value)[:80]


def read_document(content, model):
    """Return the tabs in the bytes of a file.

    :param model: name of the model whose definition it must be
    :raises DocumentError: where it is not
    """
    if len(content) > LARGEST_FILE:
        raise DocumentError("size")
    document = _parse(content)
    if not isinstance(document, dict) or not {"model", "tabs"} <= document.keys():
        raise DocumentError("kind")
    if document["model"] != model:
        raise DocumentError("model", value=document["model"])
    tabs = _read(document, {"model": (_read_text, None), "tabs": _TABS}, "")["tabs"]
    _check_once(tabs)
    return tabs


def _parse(content):
    try:
        return json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise DocumentError("kind") from error
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", "")
        raise DocumentError("json", value=line) from error


# === PARTS === #


def _read(row, shape, place):
    """Return a dictionary with exactly the keys of a shape.

    :param shape: {key: (function that reads the value, what it is if missing)}; with
        ``None`` the value cannot be missing
    """
    if not isinstance(row, dict):
        raise DocumentError("value", place, row)
    for key in row.keys() - shape.keys():
        raise DocumentError("key", place, key)
    read = {}
    for key, (read_value, missing) in shape.items():
        if key not in row and missing is None:
            raise DocumentError("missing", place, key)
        read[key] = read_value(row.get(key, missing), f"{place} / {key}".strip(" /"))
    return read


def _read_rows(shape, label):
    """Return a function that reads a list of dictionaries, named by their label."""

    def read(rows, place):
        if not isinstance(rows, list):
            raise DocumentError("value", place, rows)
        return [_read(row, shape, _name(place, row, label)) for row in rows]

    return read


def _name(place, row, label):
    name = row.get(label) if isinstance(row, dict) else ""
    return f"{place} / “{str(name)[:40]}”"


def _read_options(rows, place):
    if place.count("options") > DEEPEST:
        raise DocumentError("value", place[:80], "...")
    return _read_rows(_OPTION, "name")(rows, place)


# === VALUES === #


def _read_text(value, place):
    if not isinstance(value, str) or any(map(_is_unprintable, value)):
        raise DocumentError("value", place, ascii(value))
    return value


def _is_unprintable(character):
    return unicodedata.category(character) in ("Cc", "Cs") and character not in "\r\n\t"


def _read_label(value, place):
    label = clean_label(_read_text(value, place))
    if not 0 < len(label) <= LONGEST_LABEL:
        raise DocumentError("label", place, label)
    return label


def _read_flag(value, place):
    if not isinstance(value, bool):
        raise DocumentError("value", place, value)
    return value


def _read_texts(value, place):
    if not isinstance(value, list):
        raise DocumentError("value", place, value)
    return [_read_text(text, place) for text in value]


def _one_of(values):
    def read(value, place):
        # 1 and True are equal, and lists are in nothing.
        if type(value) not in (int, str) or value not in values:
            raise DocumentError("value", place, value)
        return value

    return read


def _matching(form):
    def read(value, place):
        if not form(_read_text(value, place)):
            raise DocumentError("value", place, value)
        return value

    return read


_read_groups = _matching(GROUPS.fullmatch)
_OPTION = {
    "key": (_matching(KEY.fullmatch), None),
    "name": (_read_label, None),
    "color": (_one_of(range(12)), 0),
    "active": (_read_flag, True),
    "options": (_read_options, []),
}
_FIELD = {
    "name": (_matching(is_technical_name), None),
    "label": (_read_label, None),
    "type": (_one_of(FIELD_TYPES), None),
    "help": (_read_text, ""),
    "placeholder": (_read_text, ""),
    "default": (_read_text, ""),
    **{flag: (_read_flag, flag == "active") for flag in FLAGS},
    "stage": (_read_text, ""),
    "visible_to": (_read_groups, ""),
    "editors": (_read_groups, ""),
    "options": (_read_options, []),
}
_GROUP = {
    "name": (_read_label, None),
    "columns": (_one_of((1, 2)), 2),
    "fields": (_read_rows(_FIELD, "label"), None),
}
_TAB = {
    "name": (_read_label, None),
    "teams": (_read_texts, []),
    "visible_to": (_read_groups, ""),
    "groups": (_read_rows(_GROUP, "name"), None),
}
_TABS = (_read_rows(_TAB, "name"), None)


# === WHOLE === #


def _check_once(tabs):
    """Refuse what is there twice, and more fields than a table can take."""
    fields = [
        field for tab in tabs for group in tab["groups"] for field in group["fields"]
    ]
    if len(fields) > MOST_FIELDS:
        raise DocumentError("fields", value=len(fields))
    _refuse_twice("tabs", [field["name"] for field in fields])
    for field in fields:
        keys = [option["key"] for option in get_options(field)]
        _refuse_twice(f"“{field['label']}” / options", keys)


def _refuse_twice(place, names):
    for name, count in Counter(names).items():
        if count > 1:
            raise DocumentError("twice", place, name)

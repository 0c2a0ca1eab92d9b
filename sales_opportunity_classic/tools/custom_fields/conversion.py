"""From the value of one kind of field to that of another. Plain functions, no ORM.

A value is first read as what it is by nature: a text, a number, a date, a moment in
the time zone of the user, or a list of texts. The other kind is made from that. What
would be lost on the way is refused, so that people see it.
"""

import dataclasses
import datetime
import decimal
import re
import zoneinfo
from collections.abc import Mapping

from markupsafe import escape

from odoo.tools.mail import html2plaintext

from .naming import LONGEST_LABEL, clean_label, propose_key
from .types import is_accepted

LEVELS = " / "
LIST_SEPARATORS = re.compile(r"[,;\n]")
UTC = zoneinfo.ZoneInfo("UTC")

PLAIN = ("text", "text_area", "name")
CONTACT = ("phone_number", "email", "website", "social_security_number")
NUMBERS = ("whole_number", "decimal_number", "percent", "currency")
FIXED = ("month", "day_of_week", "yes_no", "stars")
ONE_OPTION = ("dropdown", "radio", "drilldown")
OPTIONS = (*ONE_OPTION, "list_box")
LINKS = ("state", "user", "contact", "product")
PARTS_OF_DATE = ("year", "month", "day_of_week")

_FROM_TEXT = (*PLAIN, *CONTACT, "html", *NUMBERS, "year", "date", "date_time")
_FROM_TEXT += (*FIXED, *OPTIONS, *LINKS, "user_list_box", "color")
_FROM_CHOICE = (*PLAIN, *OPTIONS, *NUMBERS, "year", "date", *FIXED)
_TARGETS = {
    **dict.fromkeys(PLAIN, _FROM_TEXT),
    **dict.fromkeys((*CONTACT, "html", "color", *LINKS), PLAIN),
    "decimal_number": (*PLAIN, *NUMBERS),
    **dict.fromkeys(
        ("percent", "currency"), (*PLAIN, "whole_number", "decimal_number")
    ),
    "whole_number": (*PLAIN, *NUMBERS, *OPTIONS, "year", "month", "stars"),
    "year": (*PLAIN, *OPTIONS, "whole_number"),
    "date": (*PLAIN, "date_time", *PARTS_OF_DATE),
    "date_time": (*PLAIN, "date", *PARTS_OF_DATE),
    "month": (*PLAIN, *OPTIONS, "whole_number"),
    "stars": (*PLAIN, *OPTIONS, "whole_number"),
    "day_of_week": (*PLAIN, *OPTIONS),
    "yes_no": (*PLAIN, *OPTIONS),
    "dropdown": _FROM_CHOICE,
    "radio": _FROM_CHOICE,
    "drilldown": (*PLAIN, *OPTIONS),
    "list_box": (*PLAIN, *OPTIONS),
    "user": (*PLAIN, "user_list_box"),
    "user_list_box": (*PLAIN, "user"),
}


@dataclasses.dataclass(frozen=True)
class Options:
    """What a conversion needs to know beside the value.

    ``labels`` is {stored value: text} of the choices or records of the old field,
    ``choices`` {text in small letters: stored value} of those of the new one. Texts are
    read and written as in the user's language and time zone.
    """

    labels: Mapping = dataclasses.field(default_factory=dict)
    choices: Mapping = dataclasses.field(default_factory=dict)
    time_zone: str = "UTC"
    date_format: str = "%Y-%m-%d"
    time_format: str = "%H:%M:%S"
    decimal_point: str = "."
    thousands_separator: str = ","


def get_targets(from_type):
    """The types that values of a type can become, without itself."""
    return [kind for kind in _TARGETS.get(from_type, ()) if kind != from_type]


def convert(value, from_type, to_type, options):
    """Return a stored value as one of another type, ``None`` for nothing.

    :raises ValueError: where the value has no equal of that type
    """
    if to_type not in get_targets(from_type):
        raise ValueError(to_type)
    try:
        if shortcut := _SHORTCUTS.get((from_type, to_type)):
            return shortcut(value)
        found = _read(value, from_type, options)
        return None if found in ("", []) else _make(found, from_type, to_type, options)
    except (ArithmeticError, LookupError, TypeError) as error:
        raise ValueError(value) from error


def tell(value, from_type, options):
    """Return a stored value as the text that people know it by."""
    try:
        return _make_text(_read(value, from_type, options), options)
    except (ArithmeticError, LookupError, TypeError, ValueError):
        return str(value)


def get_labels(value, from_type, to_type, options):
    """Return the options of the new field that a value stands for, by their names.

    :raises ValueError: where one could not be the name of an option
    """
    return _get_labels(_read(value, from_type, options), from_type, to_type, options)


def _make(found, from_type, to_type, options):
    if to_type in (*OPTIONS, *LINKS, "user_list_box"):
        labels = _get_labels(found, from_type, to_type, options)
        value = _choose(labels, to_type, options)
    else:
        value = _MAKERS[to_type](found, options)
    if not is_accepted(to_type, value):
        raise ValueError(value)
    return value


def _get_only(values):
    [value] = values
    return value


# What needs no detour by texts: records, and keys that are numbers
_SHORTCUTS = {
    ("user", "user_list_box"): lambda user: [user],
    ("user_list_box", "user"): _get_only,
    ("month", "whole_number"): int,
    ("stars", "whole_number"): int,
}


# === WHAT A VALUE IS BY NATURE === #


def _read(value, from_type, options):
    return _READERS.get(from_type, _read_plain)(value, options)


def _read_plain(value, options):
    return value.strip()


def _read_label(value, options):
    return options.labels[value]


def _read_labels(value, options):
    return [options.labels[one] for one in value]


def _read_number(value, options):
    if isinstance(value, float):
        # What a float cannot hold exactly is not what people entered.
        return decimal.Decimal(f"{value:.15g}")
    return decimal.Decimal(value)


class _Percentage(decimal.Decimal):
    """A number that people read with a percent sign."""


def _read_moment(value, options):
    zone = zoneinfo.ZoneInfo(options.time_zone)
    return value.replace(tzinfo=UTC).astimezone(zone)


_READERS = {
    "html": lambda value, options: html2plaintext(value).strip(),
    "whole_number": _read_number,
    "decimal_number": _read_number,
    "currency": _read_number,
    "year": _read_number,
    "percent": lambda value, options: _Percentage(_read_number(value, options) * 100),
    "date": lambda value, options: value,
    "date_time": _read_moment,
    **dict.fromkeys((*FIXED, *ONE_OPTION, *LINKS), _read_label),
    **dict.fromkeys(("list_box", "user_list_box"), _read_labels),
}


# === TEXTS === #


def _make_text(found, options):
    if isinstance(found, list):
        return ", ".join(found)
    if isinstance(found, decimal.Decimal):
        return _write_number(found, options)
    if isinstance(found, datetime.datetime):
        return found.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(found, datetime.date):
        return found.isoformat()
    return found


def _write_number(number, options):
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".").replace(".", options.decimal_point)
    return f"{text} %" if isinstance(number, _Percentage) else text


def _make_line(found, options):
    return " ".join(_make_text(found, options).split())


def _make_html(found, options):
    return "".join(f"<p>{escape(line)}</p>" for line in found.splitlines())


def _matching(pattern):
    """Return a maker of texts of a certain form."""
    form = re.compile(pattern)

    def make(found, options):
        if not form.fullmatch(found):
            raise ValueError(found)
        return found

    return make


# === NUMBERS === #


def _make_number(found, options):
    if isinstance(found, decimal.Decimal):
        return found
    point, separator = map(
        re.escape, (options.decimal_point, options.thousands_separator)
    )
    grouped = rf"\d{{1,3}}(?:{separator}\d{{3}})+" if separator else r"\d+"
    if not re.fullmatch(rf"[+-]?(?:\d+|{grouped})(?:{point}\d+)?", found, re.ASCII):
        raise ValueError(found)
    if separator:
        found = found.replace(options.thousands_separator, "")
    return decimal.Decimal(found.replace(options.decimal_point, "."))


def _make_whole_number(found, options):
    number = _make_number(found, options)
    if number != int(number):
        raise ValueError(found)
    return int(number)


def _make_float(found, options):
    return float(_make_number(found, options))


def _make_percent(found, options):
    if isinstance(found, str):
        found = found.removesuffix("%").rstrip()
    return float(_make_number(found, options) / 100)


def _make_year(found, options):
    if isinstance(found, datetime.date):
        return found.year
    return _make_whole_number(found, options)


# === DATES === #


def _make_date(found, options):
    if isinstance(found, datetime.datetime):
        return found.date()
    if isinstance(found, datetime.date):
        return found
    return _parse(found, datetime.date.fromisoformat, options.date_format).date()


def _parse(text, parse_iso, pattern):
    """Return a moment from ISO 8601, else from the language's pattern."""
    try:
        date = parse_iso(text)
    except ValueError:
        return datetime.datetime.strptime(text, pattern)
    if isinstance(date, datetime.datetime):
        return date
    return datetime.datetime.combine(date, datetime.time())


def _make_moment(found, options):
    """Return the moment as stored, in UTC; a date begins at midnight of the zone."""
    if isinstance(found, str):
        pattern = f"{options.date_format} {options.time_format}"
        found = _parse(found, datetime.datetime.fromisoformat, pattern)
    elif not isinstance(found, datetime.datetime):
        found = datetime.datetime.combine(found, datetime.time())
    if not found.tzinfo:
        found = found.replace(tzinfo=zoneinfo.ZoneInfo(options.time_zone))
    return found.astimezone(UTC).replace(tzinfo=None, microsecond=0)


# === CHOICES === #


def _make_choice(found, options):
    return options.choices[_make_text(found, options).casefold()]


def _make_month(found, options):
    is_date = isinstance(found, datetime.date)
    return str(found.month) if is_date else _make_choice(found, options)


def _make_day_of_week(found, options):
    is_date = isinstance(found, datetime.date)
    return str(found.weekday()) if is_date else _make_choice(found, options)


def _get_labels(found, from_type, to_type, options):
    if isinstance(found, list):
        labels = found
    else:
        labels = [_make_text(found, options)]
        if from_type in PLAIN and to_type in ("list_box", "user_list_box"):
            labels = LIST_SEPARATORS.split(labels[0])
    labels = [label for label in map(clean_label, labels) if label]
    if to_type in OPTIONS and any(map(_is_too_long, labels)):
        raise ValueError(found)
    return labels


def _is_too_long(label):
    return any(len(part) > LONGEST_LABEL for part in label.split(LEVELS))


def _choose(labels, to_type, options):
    values = [options.choices[label.casefold()] for label in labels]
    if to_type in ("list_box", "user_list_box"):
        return list(dict.fromkeys(values))
    return _get_only(values)


def plan_options(labels, is_tree):
    """Return descriptions of options with these names, each name once; in a tree, those
    of its levels are parted by " / "."""
    rows, taken, by_path = [], set(), {}
    for label in labels:
        path, level = "", rows
        for name in label.split(LEVELS) if is_tree else [label]:
            path = f"{path}{LEVELS}{name}".casefold()
            if path not in by_path:
                key = propose_key(name, taken, "option")
                taken.add(key)
                by_path[path] = _describe_option(key, name)
                level.append(by_path[path])
            level = by_path[path]["options"]
    return rows


def flatten_options(rows, above=""):
    """Return the options of a tree one after the other, under their complete names."""
    flat = []
    for row in rows:
        name = f"{above}{LEVELS}{row['name']}" if above else row["name"]
        flat.append({**row, "name": name, "options": []})
        flat += flatten_options(row["options"], name)
    return flat


def _describe_option(key, name):
    return {"key": key, "name": name, "color": 0, "active": True, "options": []}


_MAKERS = {
    "text": _make_line,
    "text_area": _make_text,
    "name": _make_line,
    "html": _make_html,
    "phone_number": _matching(r"\+?[\d\s()/.-]{3,}(?:\s*(?:x|ext\.?)\s*\d+)?"),
    "email": _matching(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+"),
    "website": _matching(r"(?:https?://)?[^\s/@]+\.[^\s/@.]{2,}(?:/\S*)?"),
    "social_security_number": _make_line,
    "color": _matching(r"#[0-9a-fA-F]{6}"),
    "whole_number": _make_whole_number,
    "decimal_number": _make_float,
    "currency": _make_float,
    "percent": _make_percent,
    "year": _make_year,
    "date": _make_date,
    "date_time": _make_moment,
    "month": _make_month,
    "day_of_week": _make_day_of_week,
    "yes_no": _make_choice,
    "stars": _make_choice,
}

"""The kinds of custom field, and which values each of them accepts."""

import dataclasses
import datetime
import math
import re

COLOR = re.compile(r"#[0-9a-fA-F]{6}")
LARGEST_INTEGER = 2**31 - 1
YEARS = range(1, 10000)


@dataclasses.dataclass(frozen=True)
class FieldType:
    """How one kind of custom field is stored and shown.

    ``column`` is Odoo's field type, ``choices`` tells where the values of a choice
    come from: "fixed" by the type, "own" options of the field as keys of a selection,
    "records" options of the field as records.
    """

    label: str
    column: str
    widget: str = ""
    options: str = ""
    relation: str = ""
    domain: str = "[]"
    choices: str = ""
    indexed: bool = False
    wide: bool = False
    groupable: bool = False

    @property
    def trackable(self):
        """Whether Odoo's chatter can note what the value was."""
        return self.column not in ("binary", "html")


def _choice(label, choices="own", **details):
    return FieldType(
        label, "selection", choices=choices, indexed=True, groupable=True, **details
    )


def _link(label, relation, **details):
    return FieldType(
        label, "many2one", relation=relation, indexed=True, groupable=True, **details
    )


OPTION = "opportunity.custom.option"
INTERNAL_USERS = "[('share', '=', False)]"
NO_CREATE = "{'no_create': True}"

FIELD_TYPES = {
    "text": FieldType("Text", "char"),
    "text_area": FieldType("Text Area", "text", wide=True),
    "name": FieldType("Name", "char"),
    "whole_number": FieldType("Whole Number", "integer"),
    "decimal_number": FieldType("Decimal Number", "float"),
    "percent": FieldType("Percent", "float", widget="percentage"),
    "currency": FieldType("Currency", "monetary"),
    "date": FieldType("Date", "date", groupable=True),
    "date_time": FieldType("Date & Time", "datetime", groupable=True),
    "year": FieldType("Year", "integer", options="{'enable_formatting': False}"),
    "month": _choice("Month", "fixed"),
    "day_of_week": _choice("Day of Week", "fixed"),
    "yes_no": _choice("Yes/No", "fixed", widget="selection_badge"),
    "phone_number": FieldType("Phone Number", "char", widget="phone"),
    "email": FieldType("Email", "char", widget="email"),
    "website": FieldType("Website", "char", widget="url"),
    "social_security_number": FieldType(
        "Social Security Number", "char", widget="opportunity_masked"
    ),
    "state": _link("State", "res.country.state", options=NO_CREATE),
    "dropdown": _choice("Drop-down", widget="opportunity_dropdown"),
    "radio": _choice("Radio Buttons", widget="opportunity_radio"),
    "list_box": FieldType(
        "List Box",
        "many2many",
        relation=OPTION,
        widget="many2many_tags",
        options="{'no_create': True, 'color_field': 'color'}",
        choices="records",
        groupable=True,
    ),
    "drilldown": _link(
        "Drill-down",
        OPTION,
        widget="opportunity_drilldown",
        options=NO_CREATE,
        choices="records",
    ),
    "user": _link(
        "User",
        "res.users",
        widget="many2one_avatar_user",
        options=NO_CREATE,
        domain=INTERNAL_USERS,
    ),
    "user_list_box": FieldType(
        "User List Box",
        "many2many",
        relation="res.users",
        widget="many2many_avatar_user",
        options=NO_CREATE,
        domain=INTERNAL_USERS,
        groupable=True,
    ),
    "html": FieldType("Rich Text", "html", wide=True),
    "image": FieldType("Image", "binary", widget="image", options="{'size': [0, 90]}"),
    "file": FieldType("File", "binary"),
    "contact": _link("Contact", "res.partner", widget="res_partner_many2one"),
    "product": _link("Product", "product.product"),
    "stars": _choice("Stars", "fixed", widget="priority"),
    "color": FieldType("Color", "char", widget="color"),
}


def get_file_name_field(name):
    """The companion field that keeps the name of an uploaded file."""
    return f"{name}_filename"


def get_column_names(field):
    """The names of the columns of a described field: its own, and a companion's."""
    if field["type"] == "file":
        return [field["name"], get_file_name_field(field["name"])]
    return [field["name"]]


def is_accepted(field_type, value):
    """Whether a value written to a field is one its kind can hold.

    Emptiness always is. Texts that are numbers are left to Odoo's conversion.
    """
    if value in (None, False, ""):
        return True
    check = _CHECKS.get(field_type)
    return check is None or check(value)


def _is_whole_number(value):
    return isinstance(value, int | float) and abs(value) <= LARGEST_INTEGER


def _is_number(value):
    # Integers beyond a float's range cannot even be compared.
    try:
        return math.isfinite(float(value)) and abs(float(value)) < 1e15
    except (OverflowError, TypeError, ValueError):
        return False


def _is_year(value):
    return value == 0 or value in YEARS


def _is_color(value):
    return isinstance(value, str) and bool(COLOR.fullmatch(value))


_CHECKS = {
    "whole_number": _is_whole_number,
    "decimal_number": _is_number,
    "percent": _is_number,
    "currency": _is_number,
    "year": _is_year,
    "color": _is_color,
}


def parse_default(field_type, text, choices=()):
    """Turn the text of a default into the value it stands for.

    :param choices: keys of the choices, where the type has any
    :raises ValueError: where the text is no value of the type
    """
    kind = FIELD_TYPES[field_type]
    if kind.choices in ("fixed", "own"):
        return _parse_choice(text, choices)
    if parse := _PARSERS.get(kind.column):
        value = parse(text.strip())
        if is_accepted(field_type, value):
            return value
    raise ValueError(text)


def _parse_choice(text, choices):
    if text not in choices:
        raise ValueError(text)
    return text


def _parse_moment(text):
    return datetime.datetime.fromisoformat(text).strftime("%Y-%m-%d %H:%M:%S")


_PARSERS = {
    "char": str,
    "text": str,
    "html": str,
    "integer": int,
    "float": float,
    "monetary": float,
    "date": lambda text: datetime.date.fromisoformat(text).isoformat(),
    "datetime": _parse_moment,
}

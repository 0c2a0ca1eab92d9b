"""The fields of the benchmarks of custom fields, and their values. No Odoo here."""

import dataclasses

TABS = 10
COUNT = 200
# What a sales team asks for, over and over: kinds of custom field in their order.
MIXTURE = (
    *("text", "dropdown", "date", "currency", "contact"),
    *("text", "whole_number", "yes_no", "date", "list_box"),
    *("text", "decimal_number", "dropdown", "phone_number", "user"),
    *("text", "percent", "radio", "date", "email"),
    *("text_area", "currency", "whole_number", "date_time", "website"),
)
OPTIONS = tuple(f"Option {number}" for number in range(1, 9))
YES_NO = (("yes", "Yes"), ("no", "No"))
# The same kinds as somebody makes them in Odoo, without the addon's definitions.
BY_HAND = {
    "text": {"ttype": "char"},
    "text_area": {"ttype": "text"},
    "whole_number": {"ttype": "integer"},
    "decimal_number": {"ttype": "float"},
    "percent": {"ttype": "float"},
    "currency": {"ttype": "monetary", "currency_field": "company_currency"},
    "date": {"ttype": "date"},
    "date_time": {"ttype": "datetime"},
    "yes_no": {"ttype": "selection", "index": True},
    "phone_number": {"ttype": "char"},
    "email": {"ttype": "char"},
    "website": {"ttype": "char"},
    "dropdown": {"ttype": "selection", "index": True},
    "radio": {"ttype": "selection", "index": True},
    "list_box": {"ttype": "many2many", "relation": "crm.tag"},
    "user": {"ttype": "many2one", "relation": "res.users", "index": True},
    "contact": {"ttype": "many2one", "relation": "res.partner", "index": True},
}
WIDGETS = {
    "percent": "percentage",
    "yes_no": "radio",
    "phone_number": "phone",
    "email": "email",
    "website": "url",
    "radio": "radio",
    "list_box": "many2many_tags",
    "user": "many2one_avatar_user",
    "contact": "res_partner_many2one",
}


@dataclasses.dataclass(frozen=True)
class Field:
    """One field: `kind` is a type of custom field."""

    number: int
    kind: str

    @property
    def label(self):
        """What people read."""
        return f"Field {self.number}"

    @property
    def name(self):
        """The technical name."""
        return f"x_field_{self.number}"

    @property
    def choices(self):
        """Keys and labels of a choice that is no link."""
        if self.kind == "yes_no":
            return YES_NO
        if self.kind in ("dropdown", "radio"):
            return tuple((to_key(option), option) for option in OPTIONS)
        return ()

    def value(self, lead, links):
        """What a lead holds; every fourth field of it is empty.

        `links` are the ids of the records that a field may link to.
        """
        if (lead + self.number) % 4 == 0:
            return False
        if self.choices:
            return self.choices[lead % len(self.choices)][0]
        if links:
            chosen = links[lead % len(links)]
            return [(6, 0, [chosen])] if self.kind == "list_box" else chosen
        return PLAIN_VALUES[self.kind](lead)


PLAIN_VALUES = {
    "text": "Text {}".format,
    "text_area": "Several words,\nnumber {}".format,
    "whole_number": int,
    "decimal_number": lambda lead: lead + 0.5,
    "percent": lambda lead: lead % 100 / 100,
    "currency": lambda lead: 1000.0 * lead,
    "date": lambda lead: f"2025-06-{1 + lead % 30:02}",
    "date_time": lambda lead: f"2025-06-{1 + lead % 30:02} 12:00:00",
    "phone_number": "+1 555 0{}".format,
    "email": "buyer{}@example.com".format,
    "website": "https://www.example.com/{}".format,
}


def make_fields(count=COUNT):
    """As many fields of the mixture."""
    return [
        Field(number, MIXTURE[(number - 1) % len(MIXTURE)])
        for number in range(1, count + 1)
    ]


def deal_out(fields, parts):
    """Cut a list into as many parts of the same length."""
    size = -(-len(fields) // parts)
    return [fields[start : start + size] for start in range(0, len(fields), size)]


def to_key(option):
    """The key under which an option is stored."""
    return option.lower().replace(" ", "_")

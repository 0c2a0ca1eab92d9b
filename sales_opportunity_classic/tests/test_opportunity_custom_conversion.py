from datetime import date, datetime

from odoo.tests import BaseCase, tagged

from ..tools.custom_fields import conversion
from ..tools.custom_fields.conversion import Options, convert
from ..tools.custom_fields.types import FIELD_TYPES

GERMAN = Options(
    time_zone="Europe/Berlin",
    date_format="%d.%m.%Y",
    decimal_point=",",
    thousands_separator=".",
)
LABELS = Options(
    labels={"a": "Alpha", "n": "12", "yes": "Yes", "3": "March", 7: "Ada", 8: "Bob"},
    choices={
        "alpha": 1,
        "beta": 2,
        "europe / france": 3,
        "12": 4,
        "march": "3",
        "3": "3",
        "wednesday": "2",
        "yes": "yes",
        "ada": 7,
        "bob": 8,
    },
)
NOON = datetime(2026, 7, 1, 12, 30)

# (from, to, value, converted), by ENGLISH unless options stand at the end
CONVERTED = [
    # Texts
    ("text", "whole_number", " 1,234 ", 1234),
    ("text", "whole_number", "1.234", 1234, GERMAN),
    ("text", "whole_number", "7.0", 7),
    ("text", "whole_number", "-7", -7),
    ("text", "decimal_number", "1,234.5", 1234.5),
    ("text", "decimal_number", "1.234,5", 1234.5, GERMAN),
    ("text", "percent", "25 %", 0.25),
    ("text", "percent", "12.5", 0.125),
    ("text", "currency", "1000", 1000.0),
    ("text", "year", "1999", 1999),
    ("text", "date", "2026-12-31", date(2026, 12, 31)),
    ("text", "date", "31.12.2026", date(2026, 12, 31), GERMAN),
    ("text", "date_time", "2026-07-01 14:30", NOON, GERMAN),
    ("text", "date_time", "2026-07-01T14:30:00+02:00", NOON),
    ("text", "date_time", "01.07.2026 14:30:00", NOON, GERMAN),
    ("text", "email", "ada@example.com", "ada@example.com"),
    ("text", "phone_number", "+1 (555) 010-99 x12", "+1 (555) 010-99 x12"),
    ("text", "website", "https://example.com/a?b", "https://example.com/a?b"),
    ("text", "website", "example.com", "example.com"),
    ("text", "color", "#A0b1C2", "#A0b1C2"),
    ("text_area", "text", "one\ntwo ", "one two"),
    ("text_area", "html", "a <b>\nc", "<p>a &lt;b&gt;</p><p>c</p>"),
    ("text", "month", "march", "3", LABELS),
    ("text", "month", "3", "3", LABELS),
    ("text", "day_of_week", "Wednesday", "2", LABELS),
    ("text", "yes_no", "YES", "yes", LABELS),
    ("text", "dropdown", "  ALPHA ", 1, LABELS),
    ("text", "radio", "beta", 2, LABELS),
    ("text", "drilldown", "Europe / France", 3, LABELS),
    ("text", "list_box", "alpha; Beta, ALPHA", [1, 2], LABELS),
    ("text", "user", "Ada", 7, LABELS),
    ("text", "user_list_box", "Ada, Bob", [7, 8], LABELS),
    ("text", "contact", "bob", 8, LABELS),
    ("html", "text", "<p>Hello <b>you</b></p>", "Hello *you*"),
    ("email", "text", "ada@example.com", "ada@example.com"),
    ("color", "text", "#ffffff", "#ffffff"),
    # Numbers
    ("whole_number", "text", 12, "12"),
    ("decimal_number", "text", 0.1 + 0.2, "0.3"),
    ("decimal_number", "text", 1234.5, "1234,5", GERMAN),
    ("decimal_number", "whole_number", 4.0, 4),
    ("decimal_number", "percent", 25.0, 0.25),
    ("decimal_number", "currency", 0.07, 0.07),
    ("whole_number", "percent", 25, 0.25),
    ("whole_number", "year", 2026, 2026),
    ("whole_number", "month", 3, "3", LABELS),
    ("whole_number", "dropdown", 12, 4, LABELS),
    ("percent", "text", 0.07, "7 %"),
    ("percent", "decimal_number", 0.125, 12.5),
    ("currency", "whole_number", 100.0, 100),
    ("year", "text", 2026, "2026"),
    # Dates
    ("date", "text", date(2026, 12, 31), "2026-12-31"),
    ("date", "date_time", date(2026, 7, 1), datetime(2026, 6, 30, 22), GERMAN),
    ("date", "year", date(2026, 7, 1), 2026),
    ("date", "month", date(2026, 7, 1), "7"),
    ("date", "day_of_week", date(2026, 7, 1), "2"),
    ("date_time", "date", datetime(2026, 6, 30, 22, 30), date(2026, 7, 1), GERMAN),
    ("date_time", "text", NOON, "2026-07-01 14:30:00", GERMAN),
    # Choices and records
    ("dropdown", "text", "a", "Alpha", LABELS),
    ("dropdown", "radio", "a", 1, LABELS),
    ("radio", "list_box", "a", [1], LABELS),
    ("dropdown", "whole_number", "n", 12, LABELS),
    ("drilldown", "dropdown", "a", 1, LABELS),
    ("yes_no", "text", "yes", "Yes", LABELS),
    ("month", "whole_number", "3", 3, Options(labels={"3": "March"})),
    ("month", "text", "3", "March", LABELS),
    ("stars", "whole_number", "2", 2, Options(labels={"2": "2 stars"})),
    ("list_box", "text", [7, 8], "Ada, Bob", LABELS),
    ("list_box", "dropdown", [7], 7, LABELS),
    ("user", "text", 7, "Ada", LABELS),
    ("user", "user_list_box", 7, [7]),
    ("user_list_box", "user", [7], 7),
    ("user_list_box", "text", [7, 8], "Ada, Bob", LABELS),
    ("state", "text", 7, "Ada", LABELS),
    # Nothing stays nothing
    ("text", "whole_number", "  ", None),
    ("html", "text", "<p><br></p>", None),
    ("text", "list_box", " ", None, LABELS),
]

REFUSED = [
    ("text", "whole_number", "7.5"),
    ("text", "whole_number", "seven"),
    ("text", "whole_number", "1,23"),
    ("text", "whole_number", "99999999999"),
    ("text", "whole_number", "٣"),
    ("text", "decimal_number", "1e5"),
    ("text", "decimal_number", "nan"),
    ("text", "decimal_number", "9" * 400),
    ("text", "currency", "$ 10"),
    ("text", "percent", "%"),
    ("text", "year", "12026"),
    ("text", "date", "31.12.2026"),
    ("text", "date", "2026-02-30"),
    ("text", "date_time", "0001-01-01 00:00:00", GERMAN),
    ("text", "email", "Ada <ada@example.com>"),
    ("text", "email", "ada@example"),
    ("text", "phone_number", "call me"),
    ("text", "website", "not a site"),
    ("text", "color", "red"),
    ("text", "month", "Brumaire", LABELS),
    ("text", "dropdown", "x" * 129, LABELS),
    ("text", "user", "Nobody", LABELS),
    ("text", "list_box", "alpha, gamma", LABELS),
    ("decimal_number", "whole_number", 1.5),
    ("currency", "whole_number", 1.01),
    ("whole_number", "year", 10000),
    ("whole_number", "month", 13, LABELS),
    ("dropdown", "whole_number", "a", LABELS),
    ("dropdown", "text", "gone", LABELS),
    ("list_box", "dropdown", [7, 8], LABELS),
    ("user_list_box", "user", [7, 8]),
]


class ConversionCase(BaseCase):
    """Reads a row of the tables."""

    def _unpack(self, row, width):
        return row if len(row) > width else (*row, Options())


@tagged("post_install", "-at_install")
class TestOpportunityCustomConversion(ConversionCase):
    def test_values_become_their_equals(self):
        for row in CONVERTED:
            from_type, to_type, value, expected, options = self._unpack(row, 4)
            with self.subTest(pair=f"{from_type} -> {to_type}", value=value):
                converted = convert(value, from_type, to_type, options)
                self.assertEqual(converted, expected)
                self.assertIs(type(converted), type(expected))

    def test_values_without_equal_are_refused(self):
        for row in REFUSED:
            from_type, to_type, value, options = self._unpack(row, 3)
            with (
                self.subTest(pair=f"{from_type} -> {to_type}", value=value),
                self.assertRaises(ValueError),
            ):
                convert(value, from_type, to_type, options)

    def test_every_value_is_told(self):
        self.assertEqual(conversion.tell([7, 8], "list_box", LABELS), "Ada, Bob")
        self.assertEqual(conversion.tell("gone", "dropdown", LABELS), "gone")
        self.assertEqual(conversion.tell(0.5, "percent", LABELS), "50 %")

    def test_offered_pairs_are_of_known_types_and_lead_elsewhere(self):
        for from_type in FIELD_TYPES:
            targets = conversion.get_targets(from_type)
            self.assertLessEqual(set(targets), FIELD_TYPES.keys())
            self.assertNotIn(from_type, targets)
            self.assertEqual(len(targets), len(set(targets)), from_type)

    def test_what_becomes_a_text_comes_back(self):
        for from_type in FIELD_TYPES:
            if "text" in conversion.get_targets(from_type):
                targets = {"text_area", *conversion.get_targets("text_area")}
                self.assertIn(from_type, targets)

    def test_pairs_without_sense_are_not_offered(self):
        for pair in [
            ("image", "text"),
            ("file", "image"),
            ("date", "whole_number"),
            ("percent", "currency"),
            ("user", "contact"),
            ("email", "website"),
        ]:
            self.assertNotIn(pair[1], conversion.get_targets(pair[0]))
            with self.assertRaises(ValueError):
                convert(1, *pair, Options())

    def test_options_are_planned_once_with_their_levels(self):
        rows = conversion.plan_options(
            ["Europe / France", "europe / Spain", "Asia", "ASIA"], is_tree=True
        )
        names = [row["name"] for row in conversion.flatten_options(rows)]
        self.assertEqual(names, ["Europe", "Europe / France", "Europe / Spain", "Asia"])
        flat = conversion.plan_options(["A / B", "a / b", "???"], is_tree=False)
        self.assertEqual(
            [(row["key"], row["name"]) for row in flat],
            [("a_b", "A / B"), ("option", "???")],
        )

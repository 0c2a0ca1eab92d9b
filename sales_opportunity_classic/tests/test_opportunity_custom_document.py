import json

from odoo.tests import BaseCase, tagged
from odoo.tools import file_open

from ..tools.custom_fields.document import (
    LARGEST_FILE,
    MOST_FIELDS,
    DocumentError,
    read_document,
)
from ..tools.custom_fields.types import FIELD_TYPES


def make_document(**field):
    """Return the file of one field, with these of its keys."""
    field = {"name": "x_budget", "label": "Budget", "type": "currency", **field}
    group = {"name": "Money", "fields": [field]}
    return {"model": "crm.lead", "tabs": [{"name": "Deal", "groups": [group]}]}


@tagged("post_install", "-at_install")
class TestOpportunityCustomDocument(BaseCase):
    """Which files are definitions, and where the others go wrong."""

    def _read(self, document):
        content = document if isinstance(document, bytes) else json.dumps(document)
        if isinstance(content, str):
            content = content.encode()
        return read_document(content, "crm.lead")

    def _assert_refused(self, document, reason, place=None, value=None):
        with self.assertRaises(DocumentError) as caught:
            self._read(document)
        self.assertEqual(caught.exception.reason, reason)
        if place is not None:
            self.assertEqual(caught.exception.place, place)
        if value is not None:
            self.assertEqual(caught.exception.value, value)

    def test_what_is_left_out_is_as_in_a_new_field(self):
        [tab] = self._read(make_document(label="  Bud\tget "))
        self.assertEqual(tab["teams"], [])
        [field] = tab["groups"][0]["fields"]
        self.assertEqual(field["label"], "Bud get")
        self.assertTrue(field["active"])
        self.assertFalse(field["required"])
        self.assertEqual(field["options"], [])

    def test_files_that_are_no_definition(self):
        for content in (b"[]", b"null", b'{"a": 1}', b"\xff\xfe\x00", b'"tabs"'):
            self._assert_refused(content, "kind")
        for content in (b"", b'{\n"model": "crm.lead",\n"tabs": [', b"PK\x03\x04"):
            self._assert_refused(content, "json")
        self._assert_refused(b'{\n"model": x', "json", value="2")
        self._assert_refused(b"[" * 100_000, "json")

    def test_files_of_other_records(self):
        document = {**make_document(), "model": "res.partner"}
        self._assert_refused(document, "model", value="res.partner")
        self._assert_refused({**make_document(), "model": ["crm.lead"]}, "model")

    def test_gigantic_files(self):
        self._assert_refused(b" " * (LARGEST_FILE + 1), "size")
        document = make_document()
        [field] = document["tabs"][0]["groups"][0]["fields"]
        document["tabs"][0]["groups"][0]["fields"] = [
            {**field, "name": f"x_{n}"} for n in range(MOST_FIELDS + 1)
        ]
        self._assert_refused(document, "fields", value=str(MOST_FIELDS + 1))

    def test_smuggled_keys(self):
        place = "tabs / “Deal” / groups / “Money” / fields / “Budget”"
        for key in ("compute", "related", "domain", "groups", "relation", "access"):
            self._assert_refused(make_document(**{key: "x"}), "key", place, key)
        document = make_document()
        document["tabs"][0]["id"] = 1
        self._assert_refused(document, "key", "tabs / “Deal”", "id")
        self._assert_refused({**make_document(), "live": {}}, "key", "", "live")

    def test_values_of_the_wrong_kind(self):
        for key, value in [
            ("type", "many2one"),
            ("type", ["text"]),
            ("name", "name"),
            ("name", "x_a; DROP TABLE"),
            ("name", 7),
            ("required", 1),
            ("stage", 3),
            ("help", "\u0000"),
            ("default", "\ud800"),
            ("visible_to", "base.group_user or 1"),
            ("visible_to", "hr"),
            ("editors", ["base.group_user"]),
            ("options", {}),
            ("options", ["a"]),
            ("options", [{"key": "A b", "name": "A"}]),
            ("options", [{"key": "a", "name": "A", "color": True}]),
            ("options", [{"key": "a", "name": "A", "color": 99}]),
        ]:
            with self.subTest(key=key, value=value):
                self._assert_refused(make_document(**{key: value}), "value")
        for label in ("", " \t", "x" * 129):
            self._assert_refused(make_document(label=label), "label")

    def test_what_is_missing(self):
        document = make_document()
        del document["tabs"][0]["groups"][0]["fields"]
        place = "tabs / “Deal” / groups / “Money”"
        self._assert_refused(document, "missing", place, "fields")

    def test_what_is_there_twice(self):
        document = make_document()
        document["tabs"] *= 2
        self._assert_refused(document, "twice", value="x_budget")
        below = {"key": "b", "name": "B"}
        options = [below, {"key": "a", "name": "A", "options": [below]}]
        self._assert_refused(make_document(options=options), "twice", value="b")

    def test_endless_levels_of_options(self):
        options = []
        for _level in range(100):
            options = [{"key": "a", "name": "A", "options": options}]
        self._assert_refused(make_document(options=options), "value")

    def test_the_examples_are_definitions_of_many_types(self):
        types = set()
        for name in ("real_estate_deal", "software_deal"):
            path = f"sales_opportunity_classic/data/examples/{name}.json"
            with file_open(path, "rb") as example:
                tabs = read_document(example.read(), "crm.lead")
            fields = [f for tab in tabs for g in tab["groups"] for f in g["fields"]]
            self.assertGreater(len(fields), 20)
            types |= {field["type"] for field in fields}
        self.assertEqual(FIELD_TYPES.keys() - types, {"social_security_number"})

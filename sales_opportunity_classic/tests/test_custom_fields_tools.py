from lxml import etree

from odoo.tests import BaseCase, tagged

from ..tools.custom_fields import arch, changes, naming, types


def make_field(name, **details):
    return {
        "name": name,
        "label": name.upper(),
        "type": "text",
        "active": True,
        "placeholder": "",
        "requirement": "",
        "wide": False,
        "in_list": False,
        "in_list_at_once": False,
        "in_search": False,
        "in_kanban": False,
        "in_group_by": False,
        "access": "base.group_user",
        "editors": "",
        "options": [],
        **details,
    }


def make_definition(*fields, tab="Launch", header="Dates", columns=2):
    header = {"id": 7, "name": header, "columns": columns, "fields": list(fields)}
    return {
        "tabs": [
            {
                "id": 3,
                "name": tab,
                "teams": [],
                "visible_to": "",
                "condition": "",
                "groups": [header],
            }
        ]
    }


@tagged("post_install", "-at_install")
class TestNaming(BaseCase):
    def test_names_are_proposed_from_labels(self):
        for label, name in (
            ("Budget", "x_budget"),
            ("  Größe in m² ", "x_groe_in_m2"),
            ("'; DROP TABLE crm_lead;--", "x_drop_table_crm_lead"),
            ("🚀🚀", "x_field"),
            ("שלום", "x_field"),
            ("select", "x_select"),
            ('"/><field name="password"/>', "x_field_name_password"),
        ):
            with self.subTest(label=label):
                self.assertEqual(naming.propose_name(label, set()), name)
                self.assertTrue(naming.is_technical_name(name))

    def test_a_taken_name_gets_a_number(self):
        taken = {"x_budget", "x_budget_2"}
        self.assertEqual(naming.propose_name("Budget", taken), "x_budget_3")

    def test_long_labels_give_names_that_a_relation_table_can_have(self):
        name = naming.propose_name("a" * 300, set())
        self.assertEqual(len(name), naming.LONGEST_NAME)
        second = naming.propose_name("a" * 300, {name})
        self.assertEqual(len(second), naming.LONGEST_NAME)
        self.assertNotEqual(name, second)
        self.assertLess(len(f"res_partner_{name}_rel"), 64)

    def test_labels_lose_what_xml_cannot_hold(self):
        self.assertEqual(naming.clean_label("a\x00b\x0b c\n\t d"), "a b c d")
        self.assertEqual(naming.clean_label("\ud800x"), "x")


@tagged("post_install", "-at_install")
class TestTypes(BaseCase):
    def test_all_kinds_of_keap_are_there(self):
        self.assertEqual(len(types.FIELD_TYPES), 31)
        for name, kind in types.FIELD_TYPES.items():
            with self.subTest(name=name):
                self.assertEqual(bool(kind.relation), kind.column.startswith("many2"))

    def test_values(self):
        for field_type, value, accepted in (
            ("year", 2026, True),
            ("year", 10000, False),
            ("year", "2026", False),
            ("color", "#00ff7F", True),
            ("color", "red", False),
            ("color", "#fff;background:url(x)", False),
            ("whole_number", 2**31 - 1, True),
            ("whole_number", 2**31, False),
            ("decimal_number", 10**400, False),
            ("decimal_number", float("nan"), False),
            ("currency", -5.5, True),
            ("text", "anything", True),
            ("color", False, True),
        ):
            with self.subTest(field_type=field_type, value=value):
                self.assertEqual(types.is_accepted(field_type, value), accepted)

    def test_defaults(self):
        for field_type, text, value in (
            ("text", "abc", "abc"),
            ("whole_number", " 7 ", 7),
            ("decimal_number", "7.5", 7.5),
            ("date", "2026-02-28", "2026-02-28"),
            ("date_time", "2026-02-28 10:30", "2026-02-28 10:30:00"),
            ("dropdown", "one", "one"),
        ):
            with self.subTest(field_type=field_type):
                self.assertEqual(types.parse_default(field_type, text, ["one"]), value)

    def test_wrong_defaults(self):
        for field_type, text in (
            ("whole_number", "seven"),
            ("whole_number", "99999999999"),
            ("date", "2026-02-30"),
            ("dropdown", "three"),
            ("color", "red"),
            ("user", "2"),
            ("list_box", "one"),
        ):
            with self.subTest(field_type=field_type), self.assertRaises(ValueError):
                types.parse_default(field_type, text, ["one"])


@tagged("post_install", "-at_install")
class TestChanges(BaseCase):
    def _find(self, before, after):
        found = changes.find_changes(before, after)
        return [(change.kind, change.what, change.label) for change in found]

    def test_nothing_changed(self):
        definition = make_definition(make_field("x_a"), make_field("x_b"))
        self.assertEqual(self._find(definition, definition), [])

    def test_from_nothing(self):
        self.assertEqual(
            self._find({"tabs": []}, make_definition(make_field("x_a"))),
            [
                ("add", "tab", "Launch"),
                ("add", "group", "Dates"),
                ("add", "field", "X_A"),
            ],
        )

    def test_kinds_of_changes(self):
        before = make_definition(
            make_field("x_a"), make_field("x_b"), make_field("x_c"), make_field("x_d")
        )
        after = make_definition(
            make_field("x_a", label="Name"),
            make_field("x_b", active=False),
            make_field("x_c", placeholder="e.g. 5"),
            tab="Start",
        )
        self.assertEqual(
            self._find(before, after),
            [
                ("rename", "tab", "Start"),
                ("rename", "field", "Name"),
                ("archive", "field", "X_B"),
                ("change", "field", "X_C"),
                ("delete", "field", "X_D"),
            ],
        )

    def test_only_what_moved_is_told(self):
        names = ("x_a", "x_b", "x_c", "x_d")
        before = make_definition(*map(make_field, names))
        after = make_definition(*map(make_field, ("x_d", "x_a", "x_b", "x_c")))
        self.assertEqual(self._find(before, after), [("move", "field", "X_D")])

    def test_options(self):
        def option(key, *below, **details):
            row = {"key": key, "name": key, "color": 0, "active": True}
            return {**row, "options": list(below), **details}

        before = make_field("x_a", options=[option("eu", option("fr")), option("us")])
        after = make_field(
            "x_a", options=[option("eu", name="Europe"), option("fr"), option("us")]
        )
        self.assertEqual(
            self._find(make_definition(before), make_definition(after)),
            [("rename", "option", "Europe"), ("change", "option", "fr")],
        )


@tagged("post_install", "-at_install")
class TestArch(BaseCase):
    def _add_pages(self, *fields, **details):
        form = etree.fromstring("<form><sheet><notebook/></sheet></form>")
        arch.add_pages(form, make_definition(*fields, **details)["tabs"])
        return form

    def test_labels_never_become_markup(self):
        evil = '"/><field name="password"/><script>alert(1)</script>'
        field = make_field("x_a", placeholder=evil)
        form = self._add_pages(field, tab=evil, header=evil)
        parsed = etree.fromstring(etree.tostring(form))
        self.assertEqual([n.get("name") for n in parsed.iter("field")], ["x_a"])
        self.assertFalse(parsed.findall(".//script"))
        self.assertEqual(parsed.find(".//page").get("string"), evil)

    def test_titles_are_no_expressions(self):
        evil = "${alert(1)} C:\\users"
        form = self._add_pages(make_field("x_a"), tab=evil, header=evil)
        page, group = form.find(".//page"), form.find(".//page/group")
        for title in (page.get("string"), group.get("string")):
            self.assertNotIn("${", title)
            self.assertEqual(title.replace("\u2060", "")[:11], evil[:11])
        # In a page's title a single backslash would escape what follows.
        self.assertIn("C:\\\\users", page.get("string"))
        self.assertTrue(group.get("string").endswith("C:\\users"))

    def test_columns_are_read_from_top_to_bottom(self):
        fields = [make_field(f"x_{letter}") for letter in "abcde"]
        form = self._add_pages(*fields)
        columns = form.findall(".//page/group/group")
        self.assertEqual(
            [[node.get("name") for node in column] for column in columns],
            [["x_a", "x_b", "x_c"], ["x_d", "x_e"]],
        )

    def test_a_wide_field_stands_alone(self):
        form = self._add_pages(
            make_field("x_a"), make_field("x_b", wide=True), make_field("x_c")
        )
        columns = form.findall(".//page/group/group")
        widths = [column.get("colspan") for column in columns]
        self.assertEqual(widths, [None, "2", None])

    def test_editors_get_a_field_and_others_a_read_only_one(self):
        form = self._add_pages(make_field("x_a", editors="base.group_system"))
        editable, readonly = form.iter("field")
        self.assertEqual(editable.get("groups"), "base.group_system")
        self.assertEqual(readonly.get("groups"), "!base.group_system")
        self.assertEqual(readonly.get("readonly"), "1")

    def test_an_empty_tab_is_left_out(self):
        self.assertIsNone(self._add_pages().find(".//page"))

    def test_a_form_without_notebook_stays_as_it_is(self):
        form = etree.fromstring("<form><field name='name'/></form>")
        shown = arch.add_pages(form, make_definition(make_field("x_a"))["tabs"])
        self.assertEqual(shown, [])
        self.assertEqual(len(form), 1)

    def test_search_items(self):
        search = etree.fromstring(
            "<search><field name='name'/><filter name='mine'/><group>"
            "<filter name='s' context=\"{'group_by': 'stage_id'}\"/></group></search>"
        )
        field = make_field("x_a", in_search=True, in_group_by=True)
        arch.add_search_items(search, [field])
        self.assertEqual(
            [node.get("name") for node in search], ["name", "x_a", "mine", None]
        )
        self.assertEqual(search.find("group")[1].get("context"), "{'group_by': 'x_a'}")

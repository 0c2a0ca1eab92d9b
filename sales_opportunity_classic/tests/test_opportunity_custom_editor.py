from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged, users

from .common import OpportunityCommon

ADDON = "sales_opportunity_classic"


@tagged("post_install", "-at_install")
class TestOpportunityCustomEditor(OpportunityCommon):
    """What the editor of custom fields is given, and to whom."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.menu = cls.env.ref(f"{ADDON}.opportunity_custom_definition_menu")
        cls.definition = cls.env["opportunity.custom.definition"]._get("crm.lead")
        cls.tab = cls.env["opportunity.custom.tab"].create(
            {
                "name": "Launch",
                "sequence": 3,
                "header_ids": [Command.create({"name": "Dates", "sequence": 4})],
            }
        )
        cls.field = cls.env["opportunity.custom.field"].create(
            {"label": "Go Live", "group_id": cls.tab.header_ids.id, "sequence": 5}
        )

    @users("user_sales_manager")
    def test_each_part_has_its_place_and_state(self):
        definition = self.definition.with_user(self.env.user)
        tab = next(
            tab for tab in definition.get_editor()["tabs"] if tab["id"] == self.tab.id
        )
        [header] = tab["groups"]
        [field] = header["fields"]
        self.assertEqual(
            (tab["sequence"], header["sequence"], field["sequence"]), (3, 4, 5)
        )
        self.assertEqual((field["id"], field["is_applied"]), (self.field.id, False))

    @users("user_sales_salesman")
    def test_salespeople_have_no_editor(self):
        with self.assertRefused(AccessError):
            self.definition.with_user(self.env.user).get_editor()
        menus = self.env["ir.ui.menu"]._visible_menu_ids()
        menu = self.env.ref(
            "sales_opportunity_classic.opportunity_custom_definition_menu"
        )
        self.assertNotIn(menu.id, menus)

    @users("user_sales_manager")
    def test_managers_have_the_menu(self):
        menus = self.env["ir.ui.menu"]._visible_menu_ids()
        menu = self.env.ref(
            "sales_opportunity_classic.opportunity_custom_definition_menu"
        )
        self.assertIn(menu.id, menus)

    @users("user_sales_manager")
    def test_the_form_asks_for_what_the_type_can_do(self):
        field = self.field.with_user(self.env.user)
        abilities = ["has_options", "is_groupable", "is_trackable"]
        for kind, expected in (
            ("text", (False, False, True)),
            ("dropdown", (True, True, True)),
            ("drilldown", (True, True, True)),
            ("html", (False, False, False)),
        ):
            field.field_type = kind
            self.assertEqual(tuple(field[name] for name in abilities), expected, kind)

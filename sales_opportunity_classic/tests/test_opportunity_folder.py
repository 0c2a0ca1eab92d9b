from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged, users

from .common import OpportunityCommon


@tagged("post_install", "-at_install")
class TestOpportunityFolder(OpportunityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.europe, cls.america = cls.env["opportunity.folder"].create(
            [{"name": "Europe"}, {"name": "America"}]
        )
        cls.france = cls.europe.create({"name": "France", "parent_id": cls.europe.id})
        cls.opportunity.folder_id = cls.france

    def test_counts_include_subfolders(self):
        self._create_opportunity(folder_id=self.europe.id)
        folders = (self.europe + self.france + self.america).with_user(
            self.user_sales_salesman
        )
        self.assertEqual(folders.mapped("lead_count"), [2, 1, 0])

    def test_counts_follow_the_reader(self):
        self._create_opportunity(self.user_sales_leads, folder_id=self.europe.id)
        europe = self.europe.with_user(self.user_sales_salesman)
        self.assertEqual(europe.lead_count, 1)
        self.assertEqual(europe.with_user(self.user_sales_leads).lead_count, 2)

    @users("user_sales_salesman")
    def test_the_panel_counts_up_the_tree(self):
        panel = self.env["crm.lead"].search_panel_select_range(
            "folder_id", enable_counters=True, expand=True
        )
        counts = {row["display_name"]: row["__count"] for row in panel["values"]}
        self.assertEqual((counts["Europe"], counts["France"]), (1, 1))
        self.assertEqual(panel["parent_field"], "parent_id")

    def test_the_panel_is_there_with_the_first_folder(self):
        def has_panel():
            views = self.Lead.get_views(
                [(self.env.ref("crm.view_crm_case_opportunities_filter").id, "search")]
            )
            return "searchpanel" in views["views"]["search"]["arch"]

        self.assertTrue(has_panel())
        self.env["opportunity.folder"].search([]).unlink()
        self.assertFalse(has_panel())
        self.env["opportunity.folder"].create({"name": "The first"})
        self.assertTrue(has_panel())

    def test_the_name_is_the_path_and_is_found_by_it(self):
        self.assertEqual(self.france.display_name, "Europe / France")
        found = self.france.name_search("Europe / Fra")
        self.assertEqual(found, [(self.france.id, "Europe / France")])
        self.europe.name = "Old World"
        self.assertEqual(self.france.display_name, "Old World / France")

    def test_the_parent_is_a_folder(self):
        for parent in ("abc", [self.america.id], "1", ["abc"]):
            with self.assertRefused(ValidationError, "is no folder"):
                self.europe.write({"parent_id": parent})
            with self.assertRefused(ValidationError, "is no folder"):
                self.europe.create({"name": "New", "parent_id": parent})
        self.france.write({"parent_id": False})
        self.france.write({"parent_id": self.america})
        self.assertEqual(self.france.parent_id, self.america)

    def test_no_cycles(self):
        for parent in (self.europe, self.france):
            with self.assertRefused(ValidationError, "into itself"):
                self.europe.parent_id = parent

    def test_deleting_a_folder_hands_its_content_to_the_parent(self):
        germany = self.europe.create({"name": "Germany", "parent_id": self.france.id})
        self.opportunity.action_archive()
        self.france.with_user(self.user_sales_manager).unlink()
        self.assertEqual(self.opportunity.folder_id, self.europe)
        self.assertEqual(germany.parent_id, self.europe)
        (self.europe + germany).unlink()
        self.assertFalse(self.opportunity.folder_id)
        self.assertTrue(self.opportunity.exists())

    def test_moving_in_bulk(self):
        leads = self.opportunity + self._create_opportunity()
        self.env["opportunity.folder.move"].with_user(self.user_sales_salesman).create(
            {
                "lead_ids": [Command.set(leads.ids)],
                "folder_id": self.america.id,
            }
        ).action_move()
        self.assertEqual(leads.folder_id, self.america)

    def test_nobody_moves_what_they_cannot_write(self):
        foreign = self._create_opportunity(self.user_sales_manager)
        wizard = self.env["opportunity.folder.move"].with_user(self.user_sales_salesman)
        with self.assertRefused(AccessError):
            wizard.create({"lead_ids": [Command.set(foreign.ids)]}).action_move()

    @users("user_sales_salesman")
    def test_only_managers_make_folders(self):
        with self.assertRefused(AccessError):
            self.env["opportunity.folder"].create({"name": "Mine"})

    def test_a_folder_of_another_company(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        folder = self.europe.create({"name": "Foreign", "company_id": company.id})
        self.assertNotIn(
            folder, self.europe.with_user(self.user_sales_salesman).search([])
        )

    def test_open_shows_the_folder_and_its_subfolders(self):
        action = self.europe.with_user(self.user_sales_salesman).action_view_leads()
        leads = self.Lead.with_user(self.user_sales_salesman).search(action["domain"])
        self.assertEqual(leads, self.opportunity)

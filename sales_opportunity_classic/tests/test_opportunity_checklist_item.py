from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged, users

from .common import OpportunityCommon


@tagged("post_install", "-at_install")
class TestOpportunityChecklistItem(OpportunityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.item = cls.env["opportunity.checklist.item"].create(
            {"name": "Budget", "stage_id": cls.stage_first.id, "required": True}
        )
        cls.opportunity.checklist_done_ids = [Command.link(cls.item.id)]

    @users("user_sales_manager")
    def test_ticked_items_are_archived_not_deleted(self):
        item = self.item.with_env(self.env)
        with self.assertRefused(UserError, "Budget.*Archive"):
            item.unlink()
        item.action_archive()
        self.assertEqual(self.opportunity.checklist_tick_ids.item_id, item)

    @users("user_sales_manager")
    def test_a_stage_with_ticks_is_not_deleted(self):
        self.opportunity.with_env(self.env).stage_id = self.stage_second
        with self.assertRefused(UserError, "Prospecting.*ticked"):
            self.stage_first.with_env(self.env).unlink()

    @users("user_sales_manager")
    def test_items_go_with_their_stage(self):
        stage = self.env["crm.stage"].create({"name": "Short-lived"})
        item = self.item.with_env(self.env).create(
            {"name": "Nobody ticked", "stage_id": stage.id}
        )
        stage.unlink()
        self.assertFalse(item.exists())

    @users("user_sales_salesman")
    def test_salespeople_do_not_define_checklists(self):
        item = self.item.with_env(self.env)
        for operation in (
            lambda: item.write({"required": False}),
            lambda: item.copy(),
            lambda: item.unlink(),
        ):
            with self.assertRefused(AccessError):
                operation()

    def test_required_items_wear_an_asterisk(self):
        self.assertEqual(self.item.display_name, "Budget *")
        self.item.required = False
        self.assertEqual(self.item.display_name, "Budget")

from datetime import datetime

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged, users
from odoo.tools import mute_logger

from .common import OpportunityCommon


@tagged("post_install", "-at_install")
class TestOpportunityChecklistTick(OpportunityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.item, cls.other = cls.env["opportunity.checklist.item"].create(
            [
                {"name": name, "stage_id": cls.stage_first.id, "required": True}
                for name in ("Budget", "Need")
            ]
        )

    @freeze_time("2026-05-04 10:00:00")
    @users("user_sales_salesman")
    def test_ticking_says_who_and_when(self):
        lead = self.opportunity.with_env(self.env)
        lead.checklist_done_ids = [Command.link(self.item.id)]
        self.assertRecordValues(
            lead.checklist_tick_ids,
            [
                {
                    "item_id": self.item.id,
                    "user_id": self.env.uid,
                    "date": datetime(2026, 5, 4, 10),
                }
            ],
        )
        self.assertTrue(lead.has_checklist)

    @users("user_sales_salesman")
    def test_unticking_and_ticking_others(self):
        lead = self.opportunity.with_env(self.env)
        lead.checklist_done_ids = [Command.set((self.item + self.other).ids)]
        kept = lead.checklist_tick_ids.filtered(lambda tick: tick.item_id == self.other)
        lead.checklist_done_ids = [Command.unlink(self.item.id)]
        self.assertEqual(lead.checklist_tick_ids, kept)

    @freeze_time("2026-05-04 10:00:00")
    @users("user_sales_salesman")
    def test_nobody_ticks_in_another_name(self):
        tick = self.env["opportunity.checklist.tick"].create(
            {
                "lead_id": self.opportunity.id,
                "item_id": self.item.id,
                "user_id": self.user_sales_manager.id,
                "date": "2020-01-01 00:00:00",
            }
        )
        self.assertEqual(tick.user_id, self.env.user)
        self.assertEqual(tick.date, datetime(2026, 5, 4, 10))
        with self.assertRefused(AccessError):
            tick.date = "2020-01-01 00:00:00"

    @freeze_time("2026-05-04 10:00:00")
    def test_the_superuser_signs_for_nobody_else(self):
        forged = {
            "item_id": self.item.id,
            "user_id": self.user_sales_manager.id,
            "date": "2020-01-01 00:00:00",
        }
        lead = self.Lead.sudo().create(
            {"name": "Forged", "checklist_tick_ids": [Command.create(forged)]}
        )
        tick = lead.checklist_tick_ids
        self.assertEqual(tick.user_id, self.env.user)
        self.assertEqual(tick.date, datetime(2026, 5, 4, 10))
        for operation in (
            lambda: tick.write({"user_id": self.user_sales_manager.id}),
            lambda: self.opportunity.sudo().write(
                {"checklist_tick_ids": [Command.link(tick.id)]}
            ),
        ):
            with self.assertRefused(AccessError, "Untick"):
                operation()

    def test_it_follows_the_rights_on_the_opportunity(self):
        foreign = self._create_opportunity(self.user_sales_leads)
        foreign.checklist_done_ids = [Command.link(self.item.id)]
        hidden = foreign.checklist_tick_ids.with_user(self.user_sales_salesman)
        self.assertFalse(hidden.search([("lead_id", "=", foreign.id)]))
        for operation in (
            lambda: hidden.read(["date"]),
            lambda: hidden.unlink(),
            lambda: hidden.create({"lead_id": foreign.id, "item_id": self.other.id}),
        ):
            with self.assertRefused(AccessError):
                operation()

    @mute_logger("odoo.sql_db")
    def test_an_item_is_ticked_once(self):
        self.opportunity.checklist_done_ids = [Command.link(self.item.id)]
        with self.assertRefused(UniqueViolation):
            self.opportunity.checklist_tick_ids.copy()

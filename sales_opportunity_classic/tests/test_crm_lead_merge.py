from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .common import OpportunityCommon


@tagged("post_install", "-at_install")
class TestCrmLeadMerge(OpportunityCommon):
    """Merging opportunities loses nothing of ours."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.loser = cls._create_opportunity(name="The loser")
        cls.opportunity.stage_id = cls.stage_second
        cls.anna, cls.bert = cls.env["res.partner"].create(
            [{"name": "Anna"}, {"name": "Bert"}]
        )
        cls.folder = cls.env["opportunity.folder"].create({"name": "Europe"})

    def _back_date(self, lead, days):
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE opportunity_stage_move SET date = date - %s WHERE lead_id = %s",
                timedelta(days=days),
                lead.id,
            )
        )
        self.env.invalidate_all()

    def _create_items(self, *names, **values):
        return self.env["opportunity.checklist.item"].create(
            [
                {"name": name, "stage_id": self.stage_first.id, **values}
                for name in names
            ]
        )

    def _merge(self):
        merged = (self.opportunity + self.loser).merge_opportunity()
        self.env.flush_all()
        self.assertEqual(merged, self.opportunity)
        self.assertFalse(self.loser.exists())
        return merged

    def test_history_is_taken_over_marked_and_outside_the_durations(self):
        self._back_date(self.loser, 30)
        self._back_date(self.opportunity, 10)
        before = self.opportunity._get_seconds_per_stage()
        rows = self.opportunity.stage_move_ids + self.loser.stage_move_ids
        merged = self._merge()
        self.assertEqual(merged.stage_move_ids.sorted("id"), rows.sorted("id"))
        taken_over = merged.stage_move_ids.filtered("origin")
        self.assertEqual(taken_over.mapped("origin"), ["The loser"])
        self.assertEqual(merged._get_seconds_per_stage(), before)
        self.assertEqual(sum(before[merged.id].values()), 10 * 86400)

    def test_the_next_move_follows_the_survivors_own(self):
        self._back_date(self.opportunity, 10)
        own = self.opportunity.stage_move_ids[0]
        merged = self._merge()
        merged.stage_id = self.stage_first
        self.assertEqual(merged.stage_move_ids[0].previous_date, own.date)

    def test_losers_that_stay_keep_what_is_theirs(self):
        item = self._create_items("A")
        self.loser.checklist_done_ids = item
        self.loser.party_ids = [Command.create({"partner_id": self.anna.id})]
        rows = self.loser.stage_move_ids
        merged = (self.opportunity + self.loser).merge_opportunity(auto_unlink=False)
        self.env.invalidate_all()
        self.assertEqual(self.loser.stage_move_ids, rows)
        self.assertFalse(merged.stage_move_ids.filtered("origin"))
        for lead in merged + self.loser:
            self.assertEqual(lead.checklist_tick_ids.item_id, item)
            self.assertEqual(lead.party_ids.partner_id, self.anna)

    def test_losers_that_the_conversion_deletes_hand_over_their_history(self):
        new_lead = self._create_opportunity(name="Found again", type="lead")
        rows = self.opportunity.stage_move_ids + new_lead.stage_move_ids
        wizard = self.env["crm.lead2opportunity.partner"].with_user(
            self.user_sales_salesman
        )
        wizard.with_context(
            active_model="crm.lead", active_id=new_lead.id, active_ids=new_lead.ids
        ).create(
            {
                "name": "merge",
                "lead_id": new_lead.id,
                "duplicated_lead_ids": [Command.set((self.opportunity + new_lead).ids)],
            }
        ).action_apply()
        self.assertFalse(new_lead.exists())
        self.assertLessEqual(rows, self.opportunity.stage_move_ids)
        self.assertIn("Found again", self.opportunity.stage_move_ids.mapped("origin"))

    def test_losers_of_a_chain_hand_over_to_the_one_that_stays(self):
        third = self._create_opportunity(name="The third", stage_id=self.stage_won.id)
        leads = self.opportunity + self.loser + third
        rows = leads.stage_move_ids
        merged = (self.opportunity + self.loser).merge_opportunity(auto_unlink=False)
        last = (merged + third).merge_opportunity(auto_unlink=False)
        self.assertEqual(last, third)
        # Odoo runs the hooks of the commit with every savepoint.
        self.flush_tracking()
        (leads - last).sudo().unlink()
        self.assertLessEqual(rows, last.stage_move_ids)

    def test_what_one_may_only_read_is_not_merged(self):
        foreign = self._create_opportunity(self.user_sales_leads, name="Hers")
        self.env["ir.rule"].create(
            {
                "name": "Salespeople read everything",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "groups": [
                    Command.link(self.env.ref("sales_team.group_sale_salesman").id)
                ],
                "domain_force": "[(1, '=', 1)]",
                "perm_write": False,
                "perm_create": False,
                "perm_unlink": False,
            }
        )
        leads = self.opportunity + foreign.with_user(self.user_sales_salesman)
        self.assertEqual(foreign.with_user(self.user_sales_salesman).name, "Hers")
        with self.assertRefused(AccessError):
            leads.merge_opportunity()
        self.assertTrue(foreign.exists())
        leads.with_user(self.user_sales_leads).merge_opportunity()
        self.assertFalse(foreign.exists())

    def test_closed_ones_are_merged_by_whom_the_setting_allows(self):
        self.loser.action_set_lost()
        self._set_parameter("closed_edit", "managers")
        leads = self.opportunity + self.loser
        with self.assertRefused(UserError, "Only sales managers.*The loser"):
            leads.merge_opportunity()
        leads.with_user(self.user_sales_manager).merge_opportunity()
        self.assertFalse(self.loser.exists())

    def test_required_items_of_all_merged_ones_are_asked(self):
        item = self._create_items("Budget", required=True)
        leads = self.opportunity + self.loser
        with self.assertRefused(ValidationError, "Ten desks: Budget"):
            leads.merge_opportunity()
        self.assertTrue(self.loser.exists())
        self.loser.checklist_done_ids = item
        self.assertEqual(self._merge().checklist_tick_ids.item_id, item)

    def test_managers_merge_over_open_items_and_it_is_logged(self):
        self._create_items("Budget", required=True)
        leads = self.opportunity + self.loser
        merged = leads.with_user(self.user_sales_manager).merge_opportunity()
        self.assertIn("Budget", " ".join(merged.message_ids.mapped("body")))

    def test_parties_once_each(self):
        self.opportunity.party_ids = [Command.create({"partner_id": self.anna.id})]
        self.loser.party_ids = [
            Command.create({"partner_id": partner.id})
            for partner in (self.anna, self.bert)
        ]
        self.assertEqual(self._merge().party_ids.partner_id, self.anna + self.bert)

    def test_values_of_the_loser_fill_what_is_empty(self):
        objections = self.env["opportunity.objection"].search([], limit=2)
        self.opportunity.objection_ids = objections[0]
        self.loser.write(
            {
                "folder_id": self.folder.id,
                "revenue_low": 10,
                "revenue_high": 20,
                "objection_ids": [Command.set(objections[1].ids)],
                "competitor_ids": [Command.set(self.bert.ids)],
            }
        )
        self.assertRecordValues(
            self._merge(),
            [
                {
                    "folder_id": self.folder.id,
                    "revenue_low": 10.0,
                    "revenue_high": 20.0,
                    "objection_ids": objections.ids,
                    "competitor_ids": self.bert.ids,
                }
            ],
        )

    def test_ranges_are_not_mixed(self):
        self.opportunity.revenue_low = 100
        self.loser.revenue_high = 50
        self.assertRecordValues(
            self._merge(), [{"revenue_low": 100.0, "revenue_high": 0.0}]
        )

    def test_ticks_are_handed_over(self):
        items = self._create_items("A", "B")
        self.opportunity.checklist_done_ids = items[0]
        colleague = self.loser.with_user(self.user_sales_manager)
        with freeze_time("2026-05-04 10:00:00"):
            colleague.checklist_done_ids = items
        kept = self.opportunity.checklist_tick_ids
        merged = self._merge()
        self.assertEqual(merged.checklist_tick_ids.item_id, items)
        self.assertIn(kept, merged.checklist_tick_ids)
        self.assertRecordValues(
            merged.checklist_tick_ids - kept,
            [
                {
                    "user_id": self.user_sales_manager.id,
                    "date": datetime(2026, 5, 4, 10),
                }
            ],
        )

    def test_next_action_is_the_earliest_of_both(self):
        self.opportunity.next_action_date = "2026-05-10"
        self.loser.next_action_date = "2026-05-02"
        merged = self._merge()
        self.assertEqual(str(merged.next_action_date), "2026-05-02")
        self.assertEqual(len(merged.activity_ids), 2)

    def test_the_summary_tells_what_the_loser_had(self):
        self.loser.write({"folder_id": self.folder.id, "revenue_high": 20})
        body = (
            self._merge()
            .message_ids.filtered(lambda message: "The loser" in (message.body or ""))[
                :1
            ]
            .body
        )
        self.assertIn("Europe", body)
        self.assertIn("Revenue Range", body)

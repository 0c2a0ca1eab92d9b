from datetime import timedelta

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
        items = self.env["opportunity.checklist.item"].create(
            [{"name": name, "stage_id": self.stage_first.id} for name in ("A", "B")]
        )
        self.opportunity.checklist_done_ids = items[0]
        self.loser.checklist_done_ids = items
        kept = self.opportunity.checklist_tick_ids
        merged = self._merge()
        self.assertEqual(merged.checklist_tick_ids.item_id, items)
        self.assertIn(kept, merged.checklist_tick_ids)

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

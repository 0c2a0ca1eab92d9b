from datetime import date

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import OpportunityCommon


@tagged("post_install", "-at_install")
class TestRegressions(OpportunityCommon):
    """What reviewers broke once."""

    def test_the_dialog_wins_with_the_context_of_its_button(self):
        lead = self.opportunity.with_context(opportunity_ask_outcome=True)
        action = lead.action_set_won_rainbowman()
        dialog = (
            self.env["opportunity.mark.won"]
            .with_user(self.user_sales_salesman)
            .with_context(**action["context"], opportunity_ask_outcome=True)
            .create({})
        )
        dialog.action_mark_won()
        self.assertEqual(self.opportunity.won_status, "won")

    def test_the_dialog_wins_a_lost_opportunity(self):
        self.opportunity.action_set_lost()
        self._set_parameter("require_won_reason", "True")
        action = self.opportunity.action_get_closing_dialog(self.stage_won.id)
        dialog = self.env["opportunity.mark.won"].with_user(self.user_sales_salesman)
        dialog = dialog.with_context(**action["context"]).create(
            {"won_reason_id": self.won_reason.id}
        )
        dialog.action_mark_won()
        self.assertEqual(self.opportunity.won_status, "won")
        self.assertEqual(self.opportunity.stage_id, self.stage_won)

    def test_the_history_sums_amounts_by_currency(self):
        groups = (
            self.env["opportunity.stage.move"]
            .with_user(self.user_sales_salesman)
            .formatted_read_group(
                [("lead_id", "=", self.opportunity.id)],
                ["to_stage_name"],
                [
                    "company_currency:array_agg_distinct",
                    "expected_revenue:sum",
                    "expected_revenue:sum_currency",
                ],
            )
        )
        self.assertEqual(groups[0]["expected_revenue:sum"], 1000.0)
        self.assertEqual(
            groups[0]["company_currency:array_agg_distinct"],
            self.env.company.currency_id.ids,
        )

    def test_done_activities_are_no_next_action_even_when_archived_are_shown(self):
        lead = self.opportunity
        done = lead.activity_schedule(date_deadline=date(2026, 3, 1), summary="Done")
        lead.activity_schedule(date_deadline=date(2026, 3, 9), summary="Open")
        done.action_feedback()
        lead.with_context(active_test=False).next_action_date = "2026-03-12"
        self.assertEqual(done.date_deadline, date(2026, 3, 1))
        self.assertEqual(lead.next_action_note, "Open")

    def test_ticks_of_archived_items_stay(self):
        items = self.env["opportunity.checklist.item"].create(
            [{"name": name, "stage_id": self.stage_first.id} for name in ("A", "B")]
        )
        self.opportunity.checklist_done_ids = items[0]
        items[0].action_archive()
        self.env.invalidate_all()
        self.opportunity.checklist_done_ids = [Command.link(items[1].id)]
        self.assertEqual(self.opportunity.checklist_tick_ids.item_id, items)

    def test_ticking_and_moving_in_one_write(self):
        item = self.env["opportunity.checklist.item"].create(
            {"name": "A", "stage_id": self.stage_first.id, "required": True}
        )
        with self.assertRefused(ValidationError):
            self.opportunity.stage_id = False
        self.opportunity.write(
            {
                "stage_id": self.stage_second.id,
                "checklist_done_ids": [Command.link(item.id)],
            }
        )
        self.assertEqual(self.opportunity.stage_id, self.stage_second)

    def test_defaults_of_the_context_sign_no_tick(self):
        item = self.env["opportunity.checklist.item"].create(
            {"name": "A", "stage_id": self.stage_first.id}
        )
        lead = self.opportunity.with_context(
            default_user_id=self.user_sales_manager.id, default_date="2001-01-01"
        )
        lead.checklist_done_ids = item
        tick = self.opportunity.checklist_tick_ids
        self.assertEqual(tick.user_id, self.user_sales_salesman)
        self.assertGreater(tick.date.year, 2001)

    def test_confirming_an_order_of_a_closed_opportunity(self):
        self._set_parameter("closed_edit", "managers")
        self.opportunity.sudo().company_id = self.env.company
        self.opportunity.action_set_won()
        order = self.env["sale.order"].create(
            {
                "partner_id": self.contact_1.id,
                "opportunity_id": self.opportunity.id,
                "user_id": self.user_sales_salesman.id,
                "order_line": [Command.create({"name": "Desk", "price_unit": 5000})],
            }
        )
        order.order_line.product_id = self.env["product.product"].create(
            {"name": "Desk"}
        )
        order.order_line.price_unit = 5000
        order.with_user(self.user_sales_salesman).action_confirm()
        self.assertEqual(self.opportunity.expected_revenue, 5000.0)
        with self.assertRefused(UserError):
            self.opportunity.expected_revenue = 1

    def test_an_impossible_date_of_the_past_stays_usable(self):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET date_deadline = '9999-12-31' WHERE id = %s",
            [self.opportunity.id],
        )
        self.env.invalidate_all()
        self.opportunity.activity_schedule(summary="Call").action_feedback()
        self.opportunity.stage_id = self.stage_second
        self.assertEqual(self.opportunity.stage_id, self.stage_second)

    def test_a_lost_one_in_a_probable_stage_stays_lost(self):
        self.stage_second.default_probability = 30
        self.opportunity.action_set_lost()
        self.opportunity.stage_id = self.stage_second
        self.assertEqual(self.opportunity.won_status, "lost")

    def test_lost_then_won_at_once_forgets_the_loss(self):
        self.opportunity.action_set_lost(
            awarded_to_id=self.contact_1.id, actual_close_date="2020-01-01"
        )
        self.opportunity.stage_id = self.stage_won
        self.assertFalse(self.opportunity.awarded_to_id)
        self.assertNotEqual(self.opportunity.actual_close_date, date(2020, 1, 1))

    def test_a_stage_that_becomes_won(self):
        self.stage_first.is_won = True
        self.env.flush_all()
        kinds = self.opportunity.stage_move_ids.sorted("id").mapped("kind")
        self.assertEqual(kinds, ["created", "won"])
        seconds = self.opportunity._get_seconds_per_stage()[self.opportunity.id]
        self.assertEqual(list(seconds), [self.stage_first.id])

    def test_merged_contacts_do_not_block_other_parties(self):
        contacts = self.env["res.partner"].create([{"name": "A"}, {"name": "B"}])
        self.opportunity.party_ids = [
            Command.create({"partner_id": contact.id}) for contact in contacts
        ]
        self.env["base.partner.merge.automatic.wizard"]._merge(
            contacts.ids, contacts[0]
        )
        self.env.invalidate_all()
        self.opportunity.party_ids = [Command.create({"partner_id": self.contact_1.id})]
        self.assertEqual(
            self.opportunity.party_ids.partner_id, contacts[0] + self.contact_1
        )

    def test_a_very_long_stay_is_searched(self):
        found = self.Lead.search_count([("days_in_stage", ">", 10**9)])
        self.assertEqual(found, 0)

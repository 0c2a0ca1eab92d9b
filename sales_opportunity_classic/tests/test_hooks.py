from datetime import date, datetime

from odoo.tests import tagged
from odoo.tools import SQL

from ..hooks import post_init_hook, pre_init_hook
from .common import OpportunityCommon


@tagged("post_install", "-at_install")
class TestHooks(OpportunityCommon):
    """The addon comes to a database that already has a past."""

    def test_activities_become_next_actions_unchanged(self):
        activity = self.opportunity.activity_schedule(
            date_deadline=date(2026, 3, 5),
            summary="Call",
            note="<p><b>Dear</b> one</p>",
        )
        other = self.opportunity.activity_schedule(date_deadline=date(2026, 3, 9))
        note = activity.note
        self._forget("next_action_date", "next_action_note")
        pre_init_hook(self.env)
        post_init_hook(self.env)
        self.env.invalidate_all()
        self.assertEqual(self.opportunity.next_action_date, date(2026, 3, 5))
        self.assertEqual(self.opportunity.next_action_note, "Call\n*Dear* one")
        self.assertRecordValues(
            activity + other,
            [
                {"summary": "Call", "note": note, "date_deadline": date(2026, 3, 5)},
                {
                    "summary": other.summary,
                    "note": other.note,
                    "date_deadline": date(2026, 3, 9),
                },
            ],
        )

    def test_closed_ones_get_what_odoo_knew(self):
        lost = self._create_opportunity()
        lost.action_set_lost()
        self.opportunity.action_set_won()
        closed = self.opportunity + lost
        closed.sudo().write({"date_closed": datetime(2025, 4, 3, 12)})
        self._forget("actual_close_date", "actual_revenue")
        post_init_hook(self.env)
        self.assertRecordValues(
            closed,
            [
                {"actual_close_date": date(2025, 4, 3), "actual_revenue": 1000.0},
                {"actual_close_date": date(2025, 4, 3), "actual_revenue": 0.0},
            ],
        )

    def test_offers_start_in_the_currency_of_their_company(self):
        euro = self.env.ref("base.EUR")
        abroad = self.env["res.company"].create(
            {"name": "Abroad", "currency_id": euro.id}
        )
        foreign = self.Lead.create({"name": "Foreign", "company_id": abroad.id})
        columns = ("offer_currency_id", "follow_lines", "offer_mrr")
        self.env.flush_all()
        for column in columns:
            self.env.cr.execute(
                SQL("ALTER TABLE crm_lead DROP COLUMN %s", SQL.identifier(column))
            )
        pre_init_hook(self.env)
        self.env.invalidate_all()
        self.assertRecordValues(
            self.Lead.browse([self.opportunity.id, foreign.id]),
            [
                {
                    "offer_currency_id": currency.id,
                    "follow_lines": True,
                    "offer_mrr": 0.0,
                }
                for currency in (self.env.company.currency_id, euro)
            ],
        )

    def test_a_second_time_changes_nothing(self):
        self.opportunity.action_set_won()
        self.opportunity.actual_revenue = 5
        rows = self.opportunity.stage_move_ids
        post_init_hook(self.env)
        self.env.invalidate_all()
        self.assertEqual(self.opportunity.actual_revenue, 5.0)
        self.assertEqual(self.opportunity.stage_move_ids, rows)

    def _forget(self, *columns):
        """Empty columns, as they are on the day of the installation."""
        self.env.flush_all()
        for column in columns:
            self.env.cr.execute(
                SQL("UPDATE crm_lead SET %s = NULL", SQL.identifier(column))
            )
        self.env.invalidate_all()

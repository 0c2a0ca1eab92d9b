from odoo.fields import Command
from odoo.tests import tagged, users
from odoo.tests.common import warmup

from .common import OpportunityCommon

# What the form reads of every opportunity.
FORM = {"name": {}, "user_id": {}, "company_id": {}}


@tagged("post_install", "-at_install")
class TestPerformance(OpportunityCommon):
    """Query counts: one statement per batch, not per opportunity."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leads = cls.Lead.with_user(cls.user_sales_leads).create(
            [
                {
                    "name": f"Lead {number}",
                    "type": "opportunity",
                    "stage_id": cls.stage_first.id,
                }
                for number in range(20)
            ]
        )
        cls.env.flush_all()

    def _count_stage_write(self, leads, stage):
        """Queries of a stage write without Odoo's tracking, which is per lead."""
        leads = leads.with_context(tracking_disable=True)
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        leads.write({"stage_id": stage.id})
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def test_a_stage_write_costs_the_same_for_one_and_twenty(self):
        self._count_stage_write(self.leads[0], self.stage_second)
        one = self._count_stage_write(self.leads[0], self.stage_first)
        many = self._count_stage_write(self.leads[1:], self.stage_second)
        self.assertEqual(one, many)

    @warmup
    def test_durations_of_many_in_one_query(self):
        leads = self.leads
        leads.flush_recordset()
        with self.assertQueryCount(1):
            leads._get_seconds_per_stage()

    def _count_queries(self, record, specification):
        """Queries of a form that reads a record, of which nothing is in memory."""
        record.web_read(specification)
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        record.web_read(specification)
        return self.cr.sql_log_count - before

    @users("user_sales_salesman")
    def test_each_list_on_the_form_costs_one_query(self):
        item = self.env["opportunity.checklist.item"].sudo()
        item = item.create({"name": "Budget", "stage_id": self.stage_first.id})
        lead = self.opportunity.with_env(self.env)
        lead.checklist_done_ids = item.sudo(False)
        lead.party_ids = [Command.create({"partner_id": self.contact_1.id})]
        lists = {
            "party_ids": {"fields": {"influence": {}, "note": {}}},
            "stage_move_ids": {"fields": {"date": {}, "kind": {}, "days": {}}},
            "checklist_tick_ids": {"fields": {"date": {}}},
        }
        alone = self._count_queries(lead, FORM)
        self.assertEqual(self._count_queries(lead, {**FORM, **lists}), alone + 3)

    @users("user_sales_salesman")
    def test_ticks_cost_nothing_where_there_are_no_checklists(self):
        # sudo: only managers change checklists
        items = self.env["opportunity.checklist.item"].sudo()
        items = items.with_context(active_test=False).search([])
        items.tick_ids.unlink()
        items.unlink()
        lead = self.opportunity.with_env(self.env)
        fields = ("checklist_tick_ids", "checklist_done_ids", "has_checklist")
        checklist = {name: {} for name in fields}
        alone = self._count_queries(lead, FORM)
        self.assertEqual(self._count_queries(lead, {**FORM, **checklist}), alone)

    def test_scheduling_in_bulk_does_not_search_per_lead(self):
        activities = self.env["mail.activity"]
        searches = []
        search = type(activities).search
        self.patch(
            type(activities),
            "search",
            lambda *args, **kwargs: searches.append(1) or search(*args, **kwargs),
        )
        self.leads.write({"next_action_date": "2026-05-05"})
        self.leads.write({"next_action_note": "Call"})
        self.env.flush_all()
        self.assertLess(len(searches), len(self.leads))

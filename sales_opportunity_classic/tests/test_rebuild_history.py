from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.sql_db import db_connect
from odoo.tests import tagged
from odoo.tools import SQL

from ..tools.stage_history import rebuild
from .common import OpportunityCommon


@tagged("post_install", "-at_install")
class TestRebuildHistory(OpportunityCommon):
    """The past, rebuilt from Odoo's tracking, as on the day of the installation."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Move = cls.env["opportunity.stage.move"]
        cls.start = datetime(2026, 1, 5, 8)
        cls.lead = cls._create_opportunity().sudo()
        cls._set_past(cls.lead, cls.start)

    @classmethod
    def _set_past(cls, lead, created):
        """A lead of ``created`` without any history row."""
        cls.env.flush_all()
        cls.env.cr.execute(
            SQL("UPDATE crm_lead SET create_date = %s WHERE id = %s", created, lead.id)
        )
        cls._forget(lead)

    @classmethod
    def _forget(cls, leads):
        cls.env.flush_all()
        cls.env.cr.execute(
            SQL("DELETE FROM opportunity_stage_move WHERE lead_id = ANY(%s)", leads.ids)
        )
        cls.env.invalidate_all()

    def _track(self, lead, name, date, user=None, **values):
        """A tracked change of Odoo, at ``date``."""
        message = self.env["mail.message"].create(
            {"model": "crm.lead", "res_id": lead.id, "date": date}
        )
        tracking = self.env["mail.tracking.value"].create(
            {
                "mail_message_id": message.id,
                "field_id": self.env["ir.model.fields"]._get("crm.lead", name).id,
                **values,
            }
        )
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE mail_tracking_value SET create_date = %s, create_uid = %s "
                "WHERE id = %s",
                date,
                (user or self.user_sales_leads).id,
                tracking.id,
            )
        )
        return tracking

    def _track_stage(self, lead, old, new, date, user=None):
        return self._track(
            lead,
            "stage_id",
            date,
            user,
            old_value_integer=old.id,
            old_value_char=old.name,
            new_value_integer=new.id,
            new_value_char=new.name,
        )

    def _rebuild(self, leads=None):
        added = self.Move._rebuild_history(self.lead if leads is None else leads)
        self.env.invalidate_all()
        return added

    def _kinds(self):
        return self.lead.stage_move_ids.sorted(lambda m: (m.date, m.id)).mapped("kind")

    def assertEqualsOdoo(self, leads):
        """Seconds per stage equal Odoo's own, stage by stage."""
        ours = leads._get_seconds_per_stage()
        for lead in leads:
            theirs = {int(k): v for k, v in lead.duration_tracking.items()}
            self.assertEqual(ours[lead.id].keys(), theirs.keys())
            for stage, seconds in theirs.items():
                self.assertAlmostEqual(ours[lead.id][stage], seconds, delta=1)

    def test_moves_with_who_when_and_how_long(self):
        self._track_stage(
            self.lead,
            self.stage_first,
            self.stage_second,
            self.start + timedelta(days=2),
        )
        self._track_stage(
            self.lead, self.stage_second, self.stage_won, self.start + timedelta(days=5)
        )
        self.lead.with_context(tracking_disable=True).stage_id = self.stage_won
        self._forget(self.lead)
        self.assertEqual(self._rebuild(), 3)
        created, moved, won = self.lead.stage_move_ids.sorted("date")
        self.assertRecordValues(
            created + moved + won,
            [
                {"kind": "created", "to_stage_name": "Prospecting", "days": 0.0},
                {"kind": "moved", "to_stage_name": "Engaging", "days": 2.0},
                {"kind": "won", "to_stage_name": "Signed", "days": 3.0},
            ],
        )
        self.assertEqual((moved + won).user_id, self.user_sales_leads)
        self.assertEqual(won.previous_date, moved.date)
        self.assertEqualsOdoo(self.lead)

    def test_a_lead_without_tracking(self):
        self.assertEqual(self._rebuild(), 1)
        self.assertRecordValues(
            self.lead.stage_move_ids,
            [{"kind": "created", "date": self.start, "to_stage_name": "Prospecting"}],
        )
        self.assertEqualsOdoo(self.lead)

    def test_a_second_run_adds_nothing(self):
        self._track_stage(
            self.lead,
            self.stage_second,
            self.stage_first,
            self.start + timedelta(days=1),
        )
        self.assertEqual(self._rebuild(), 2)
        self.assertEqual(self._rebuild(), 0)
        self.assertEqual(self._rebuild(self.Lead.browse()), 0)

    def test_resumes_where_rows_are_missing(self):
        other = self._create_opportunity().sudo()
        self._set_past(other, self.start)
        self._rebuild(self.lead)
        self.assertEqual(self._rebuild(self.lead + other), 1)

    def test_in_batches(self):
        leads = self.lead
        for __ in range(4):
            leads += self._create_opportunity().sudo()
        self._forget(leads)
        with patch.object(rebuild, "REBUILD_BATCH", 2):
            self.assertEqual(self._rebuild(leads), 5)

    def test_movements_recorded_meanwhile_are_joined(self):
        self._track_stage(
            self.lead,
            self.stage_second,
            self.stage_first,
            self.start + timedelta(days=1),
        )
        self.lead.stage_id = self.stage_won
        self.assertEqual(self._kinds(), ["won"])
        self.assertEqual(self._rebuild(), 2)
        self.assertEqual(self._kinds(), ["created", "moved", "won"])
        won = self.lead.stage_move_ids[0]
        self.assertEqual(won.previous_date, self.start + timedelta(days=1))
        self.assertAlmostEqual(
            won.days, (won.date - won.previous_date).total_seconds() / 86400, 2
        )

    def test_lost_and_restored(self):
        labels = dict(self.Lead._fields["won_status"].selection)
        for days, old, new in ((1, "pending", "lost"), (4, "lost", "pending")):
            self._track(
                self.lead,
                "won_status",
                self.start + timedelta(days=days),
                old_value_char=labels[old],
                new_value_char=labels[new],
            )
        self.assertEqual(self._rebuild(), 3)
        self.assertEqual(self._kinds(), ["created", "lost", "restored"])
        restored = self.lead.stage_move_ids[0]
        self.assertRecordValues(
            restored, [{"days": 3.0, "to_stage_name": "Prospecting"}]
        )
        self.assertEqualsOdoo(self.lead)

    def test_owner_and_revenue_of_that_time(self):
        self._track_stage(
            self.lead,
            self.stage_second,
            self.stage_first,
            self.start + timedelta(days=1),
        )
        self._track(
            self.lead,
            "user_id",
            self.start + timedelta(hours=3),
            old_value_integer=self.user_sales_manager.id,
            new_value_integer=self.user_sales_salesman.id,
        )
        self._track(
            self.lead,
            "expected_revenue",
            self.start + timedelta(days=3),
            old_value_float=750.0,
            new_value_float=1000.0,
        )
        self._rebuild()
        created, moved = self.lead.stage_move_ids.sorted("date")
        self.assertEqual(created.owner_id, self.user_sales_manager)
        self.assertEqual(moved.owner_id, self.user_sales_salesman)
        self.assertEqual((created + moved).mapped("expected_revenue"), [750.0, 750.0])

    def test_a_deleted_stage_keeps_its_name(self):
        gone = self.env["crm.stage"].create({"name": "Gone", "sequence": 12})
        self._track_stage(
            self.lead, self.stage_first, gone, self.start + timedelta(days=1)
        )
        self._track_stage(
            self.lead, gone, self.stage_first, self.start + timedelta(days=2)
        )
        gone.unlink()
        self._rebuild()
        names = self.lead.stage_move_ids.sorted("date").mapped("to_stage_name")
        self.assertEqual(names, ["Prospecting", "Gone", "Prospecting"])

    def test_tracking_from_before_the_creation_is_not_its_own(self):
        self._track_stage(
            self.lead,
            self.stage_second,
            self.stage_first,
            self.start - timedelta(days=9),
        )
        self.assertEqual(self._rebuild(), 1)

    def test_without_the_tracking_tables(self):
        self._track_stage(
            self.lead,
            self.stage_second,
            self.stage_first,
            self.start + timedelta(days=1),
        )
        with patch.object(rebuild, "table_exists", lambda cr, table: False):
            self.assertEqual(self._rebuild(), 1)
        self.assertEqual(self._kinds(), ["created"])

    def test_equals_odoo_for_leads_with_any_past(self):
        leads = self.lead
        stages = self.stage_first + self.stage_second + self.stage_gen_1
        for number in range(12):
            lead = self._create_opportunity(
                stage_id=stages[number % 3].id, name=f"Past {number}"
            ).sudo()
            self._set_past(lead, self.start + timedelta(seconds=number * 1.3))
            chain = [stages[(number * step) % 3] for step in range(number)]
            chain.append(lead.stage_id)
            for step in range(len(chain) - 1):
                self._track_stage(
                    lead,
                    chain[step],
                    chain[step + 1],
                    self.start + timedelta(hours=5.7 * (step + 1), seconds=number),
                )
            leads += lead
        self._forget(leads)
        self._rebuild(leads)
        self.assertEqualsOdoo(leads)

    def test_changes_of_one_moment_keep_their_order(self):
        day = self.start + timedelta(days=1)
        stages = (self.stage_first, self.stage_second, self.stage_gen_1) * 5
        for old, new in zip(stages, stages[1:] + (self.stage_first,), strict=True):
            self._track_stage(self.lead, old, new, day)
        self._rebuild()
        moves = self.lead.stage_move_ids.sorted("id")
        self.assertEqual(len(moves), 16)
        self.assertEqual(
            [move.from_stage_id for move in moves[1:]],
            [move.to_stage_id for move in moves[:-1]],
        )
        self.assertEqual(moves[-1].to_stage_id, self.lead.stage_id)
        self.assertEqualsOdoo(self.lead)

    def test_equals_odoo_for_live_movements(self):
        lead = self._create_opportunity().sudo().with_context(tracking_disable=False)
        self.flush_tracking()
        for stage in (self.stage_second, self.stage_first, self.stage_won):
            lead.stage_id = stage
            self.flush_tracking()
        self.assertEqualsOdoo(lead)

    def test_who_comes_second_leaves_the_work_to_the_first(self):
        with db_connect(self.env.cr.dbname).cursor() as first:
            self.assertTrue(rebuild.Rebuild(first, {}, None).lock())
            self.assertEqual(self._rebuild(), 0)
            self.assertFalse(self.lead.stage_move_ids)
        self.assertEqual(self._rebuild(), 1)

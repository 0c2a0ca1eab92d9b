from contextlib import closing
from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import api
from odoo.exceptions import AccessError
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .sequence_common import SequenceCommon


@tagged("post_install", "-at_install")
class TestOpportunitySequenceRun(SequenceCommon):
    """Who sees what was done."""

    def test_it_follows_the_opportunity_and_nobody_writes_it(self):
        run = self._enroll().run_ids
        self._run_engine()
        run = self.opportunity.enrollment_ids.run_ids
        mine = run.with_user(self.user_sales_salesman)
        self.assertEqual(mine.search([("id", "=", run.id)]).name, run.name)
        for user in (self.user_sales_salesman, self.user_sales_manager):
            theirs = run.with_user(user)
            for operation in (
                lambda theirs=theirs: theirs.write({"state": "skipped"}),
                lambda theirs=theirs: theirs.unlink(),
                lambda theirs=theirs: theirs.copy(),
            ):
                with self.assertRefused(AccessError):
                    operation()
        self.opportunity.sudo().user_id = self.user_sales_leads
        self.env.invalidate_all()
        self.assertFalse(mine.search([("id", "=", run.id)]))
        with self.assertRefused(AccessError):
            mine.read(["name"])


@tagged("post_install", "-at_install")
class TestOpportunitySequenceWorkers(TransactionCase):
    """Workers with connections of their own, on four contacts that all of them see."""

    def setUp(self):
        super().setUp()
        self.connect = db_connect(self.env.cr.dbname).cursor
        with closing(self.connect()) as made:
            self._fill(made)
            made.commit()
        self.addCleanup(self._empty)

    def _get_env(self, cr):
        return api.Environment(cr, api.SUPERUSER_ID, {})

    def _fill(self, cr):
        env = self._get_env(cr)
        partners = env["res.partner"].create(
            [{"name": f"Worker test {number}"} for number in range(5)]
        )
        step = {"step_type": "note", "body_html": "<p>Hi</p>"}
        admin = env.ref("base.user_admin")
        sequence = env["opportunity.sequence"].create(
            {
                "name": "Workers",
                "model": "res.partner",
                "user_id": admin.id,
                "step_ids": [(0, 0, {**step, "delay_count": n}) for n in (0, 1, 1)],
            }
        )
        sequence.with_user(admin)._enroll(partners[:4].with_user(admin))
        self.sequence_id, self.partner_ids = sequence.id, partners.ids

    def _empty(self):
        with closing(self.connect()) as made:
            env = self._get_env(made)
            env["opportunity.sequence"].browse(self.sequence_id).unlink()
            env["res.partner"].browse(self.partner_ids).unlink()
            made.commit()

    def _run_batch(self, cr, size):
        engine = self._get_env(cr)["opportunity.sequence.enrollment"]
        done = engine._run_batch(size)
        engine.env.flush_all()
        return done

    def _count(self):
        """Return how many steps are noted, and how many notes there are."""
        with closing(self.connect()) as cr:
            env = self._get_env(cr)
            runs = env["opportunity.sequence.run"].search_count(
                [("sequence_id", "=", self.sequence_id)]
            )
            notes = env["mail.message"].search_count(
                [
                    ("model", "=", "res.partner"),
                    ("res_id", "in", self.partner_ids),
                    ("body", "like", "Hi"),
                ]
            )
            return runs, notes

    def test_two_workers_share_what_is_due(self):
        with closing(self.connect()) as first, closing(self.connect()) as second:
            self.assertEqual(self._run_batch(first, 3), 3)
            self.assertEqual(self._run_batch(second, 9), 1)
            self.assertEqual(self._run_batch(second, 9), 0)
            second.commit()
            first.commit()
        self.assertEqual(self._count(), (4, 4))

    def test_what_a_dead_worker_did_has_not_happened(self):
        with closing(self.connect()) as dead:
            self.assertEqual(self._run_batch(dead, 9), 4)
        self.assertEqual(self._count(), (0, 0))
        with closing(self.connect()) as next_one:
            self.assertEqual(self._run_batch(next_one, 9), 4)
            next_one.commit()
        self.assertEqual(self._count(), (4, 4))

    def test_who_stops_it_waits_for_its_step_or_comes_first(self):
        with closing(self.connect()) as user, closing(self.connect()) as worker:
            enrollments = self._get_env(user)["opportunity.sequence.enrollment"]
            enrollments._stop_where(
                [("sequence_id", "=", self.sequence_id)], "replied", "stop_on_reply"
            )
            enrollments.env.flush_all()
            self.assertEqual(self._run_batch(worker, 9), 0)
            user.commit()
            worker.commit()
            self.assertEqual(self._run_batch(worker, 9), 0)
        self.assertEqual(self._count(), (0, 0))

    @mute_logger("odoo.sql_db")
    def test_a_reply_is_not_lost_while_the_engine_is_at_work(self):
        with closing(self.connect()) as worker, closing(self.connect()) as gateway:
            self.assertEqual(self._run_batch(worker, 9), 4)
            worker.commit()
            runs = self._get_env(gateway)["opportunity.sequence.run"]
            runs = runs.search([("sequence_id", "=", self.sequence_id)])
            with freeze_time(datetime.now() + timedelta(days=2)):
                self.assertEqual(self._run_batch(worker, 9), 4)
                worker.commit()
                runs[0]._note_reply()
                runs[1]._note_bounce()
                gateway.commit()
            with freeze_time(datetime.now() + timedelta(days=4)):
                self.assertEqual(self._run_batch(worker, 9), 4)
            enrollments = self._get_env(worker)[runs.enrollment_id._name]
            ended = enrollments.browse(runs[:2].enrollment_id.ids)
            self.assertEqual(ended.mapped("stop_reason"), ["replied", "bounced"])
            self.assertEqual(ended.run_ids.mapped("state"), ["done"] * 4)
            worker.commit()

    @mute_logger("odoo.sql_db")
    def test_of_two_that_enter_at_once_one_enters(self):
        with closing(self.connect()) as first, closing(self.connect()) as second:
            for cr in (first, second):
                env = self._get_env(cr)
                # Both see that nobody is in it yet.
                self.assertFalse(env["res.partner"].browse(self.partner_ids[4:]).ref)
            for made in (first, second):
                env = self._get_env(made)
                sequence = env["opportunity.sequence"].browse(self.sequence_id)
                partner = env["res.partner"].browse(self.partner_ids[4:])
                sequence._enroll_automatically(partner)
                made.commit()
        with closing(self.connect()) as cr:
            partner = self._get_env(cr)["res.partner"].browse(self.partner_ids[4:])
            self.assertEqual(partner.enrollment_ids.mapped("state"), ["active"])

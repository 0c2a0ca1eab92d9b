from contextlib import closing

from odoo import api
from odoo.exceptions import AccessError
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged

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
            [{"name": f"Worker test {number}"} for number in range(4)]
        )
        step = {"step_type": "note", "body_html": "<p>Hi</p>", "delay_count": 0}
        sequence = env["opportunity.sequence"].create(
            {"name": "Workers", "model": "res.partner", "step_ids": [(0, 0, step)]}
        )
        admin = env.ref("base.user_admin")
        sequence.with_user(admin)._enroll(partners.with_user(admin))
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

from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .report_common import NOW, ReportCommon

MODEL = "opportunity.report.stage"
DAY = timedelta(days=1)


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestOpportunityReportStage(ReportCommon):
    # === THE SAME FIGURES APART === #

    def _get_visits(self, user):
        """Return the visits of what a user may read, from the raw rows."""
        leads = self._read_leads(user)
        visits = []
        for lead in leads.values():
            if lead["type"] == "opportunity":
                visits += self._get_visits_of(lead)
        return visits

    def _get_visits_of(self, lead):
        moves = self._read_rows(
            "SELECT * FROM opportunity_stage_move WHERE lead_id = %s AND origin IS NULL"
            " ORDER BY date, id",
            lead["id"],
        )
        visits, is_lost = [], False
        for move, following in zip(moves, [*moves[1:], None], strict=True):
            if move["kind"] != "moved":
                is_lost = move["kind"] == "lost"
            if not is_lost:
                visits.append(self._get_visit(lead, move, following))
        return visits

    def _get_visit(self, lead, move, following):
        stage = self.env["crm.stage"].browse(move["to_stage_id"])
        is_archived = not following and not lead["active"]
        end = following["date"] if following else NOW
        start = move["date"]
        revenue = (following or lead)["expected_revenue"]
        return {
            "stage": stage,
            "left": bool(following),
            "kind": following["kind"] if following else None,
            "is_archived": is_archived,
            "days": None if stage.is_won else (end - start) / DAY,
            "working_days": None if stage.is_won else self._count_weekdays(start, end),
            "revenue": self._exchange(revenue, lead),
        }

    def _count_weekdays(self, start, end):
        """Return the days that are neither Saturday nor Sunday, day by day."""
        total, day = timedelta(), datetime(start.year, start.month, start.day)
        while day < end:
            if day.weekday() < 5:
                total += min(end, day + DAY) - max(start, day)
            day += DAY
        return total / DAY

    def _assert_figures(self, user):
        figures = self._get_figures(
            user,
            MODEL,
            "stage_id",
            "__count",
            "left_count:sum",
            "won_count:sum",
            "lost_count:sum",
            "days:avg",
            "days_median:median",
            "days_percentile_90:percentile_90",
            "working_days:avg",
            "expected_revenue:sum",
        )
        visits = self._get_visits(user)
        self.assertEqual({visit["stage"] for visit in visits}, set(figures))
        for stage, (count, left, won, lost, *amounts) in figures.items():
            own = [visit for visit in visits if visit["stage"] == stage]
            self.assertEqual(count, len(own))
            self.assertEqual(left, sum(visit["left"] for visit in own))
            self.assertEqual(won, sum(visit["kind"] == "won" for visit in own))
            self.assertEqual(lost, sum(visit["kind"] == "lost" for visit in own))
            self._assert_amounts(own, *amounts)

    def _assert_amounts(self, visits, mean, median, ninth, working, revenue):
        self.assertAlmostEqual(revenue, sum(v["revenue"] for v in visits), 6)
        days = [visit["days"] for visit in visits if visit["days"] is not None]
        if not days:
            self.assertEqual([mean, median, ninth, working], [False] * 4)
            return
        self.assertAlmostEqual(mean, sum(days) / len(days), 6)
        self.assertAlmostEqual(median, self._percentile(days, 5), 6)
        self.assertAlmostEqual(ninth, self._percentile(days, 9), 6)
        weekdays = [visit["working_days"] for visit in visits]
        self.assertAlmostEqual(working, sum(weekdays) / len(weekdays), 6)

    # === TESTS === #

    def test_figures_of_a_manager(self):
        self._assert_figures(self.user_sales_manager)

    def test_figures_of_a_salesperson(self):
        self._assert_figures(self.seller)
        visits = self.env[MODEL].with_user(self.seller).search([])
        self.assertEqual(visits.lead_id, self.quick + self.slow + self.archived)

    def test_figures_of_the_other_company(self):
        manager = self.user_sales_manager
        report = self.env[MODEL].with_user(manager)
        report = report.with_context(allowed_company_ids=self.elsewhere.ids)
        visits = report.search([])
        self.assertEqual(visits.lead_id, self.foreign + self.abroad)
        self.assertEqual(visits.currency_id, self.euro)
        abroad = visits.filtered(lambda visit: visit.lead_id == self.abroad)
        self.assertEqual(abroad.mapped("expected_revenue"), [33.33, 33.33])

    def test_what_came_of_each_visit(self):
        def outcomes(lead):
            visits = self.env[MODEL].search([("lead_id", "=", lead.id)])
            return visits.sorted("date_entered").mapped("outcome")

        self.assertEqual(outcomes(self.quick), ["forward", "won", "open"])
        self.assertEqual(outcomes(self.slow), ["lost", "forward", "open"])
        self.assertEqual(outcomes(self.lost), ["forward", "back", "lost"])
        self.assertEqual(outcomes(self.archived), ["archived"])
        self.assertEqual(outcomes(self.prospect), [])

    def test_working_days_in_the_time_zone_of_the_reader(self):
        # Saturday at 8:00 in London, Friday at 22:00 in Honolulu
        self._write_history(
            self.slow,
            [
                ("2026-01-10 08:00:00", "created", self.stage_first),
                ("2026-01-12 08:00:00", "moved", self.stage_second),
            ],
        )
        domain = [("lead_id", "=", self.slow.id), ("date_left", "!=", False)]
        for tz, days in (("UTC", 8 / 24), ("Pacific/Honolulu", 2 / 24)):
            visit = self.env[MODEL].with_context(tz=tz).search(domain)
            self.assertAlmostEqual(visit.working_days, days)
            visit.invalidate_recordset()

    def test_over_target(self):
        self.stage_first.target_days = 10
        figures = self._get_figures(
            self.user_sales_manager, MODEL, "stage_id", "over_target_count:sum"
        )
        self.assertEqual(figures[self.stage_first], (3,))
        self.assertEqual(figures[self.stage_second], (0,))

    def test_conversion_is_of_what_left(self):
        figures = self._get_figures(
            self.user_sales_manager,
            MODEL,
            "stage_id",
            "forward_count:sum",
            "conversion_rate:avg",
        )
        self.assertEqual(figures[self.stage_first], (5, 5 / 7))
        self.assertEqual(figures[self.stage_second], (1, 1 / 2))

    def test_merged_deals_are_counted_once(self):
        merged = (self.slow + self.quick).with_user(self.user_sales_manager)
        before = self.env[MODEL].search([])
        survivor = merged.merge_opportunity(auto_unlink=True)
        self.env.flush_all()
        after = self.env[MODEL].search([])
        self.assertNotIn(merged - survivor, after.lead_id)
        self.assertEqual(
            len(after.filtered(lambda visit: visit.lead_id == survivor)),
            len(survivor.stage_move_ids.filtered(lambda move: not move.origin))
            - (survivor == self.slow),
        )
        self.assertLess(len(after), len(before))

    def test_a_share_shows_the_visits_at_once(self):
        visits = self.env[MODEL].with_user(self.seller)
        domain = [("lead_id", "=", self.lost.id)]
        self.assertFalse(visits.search(domain))
        self.env["opportunity.share"].with_user(self.user_sales_manager).create(
            {"lead_id": self.lost.id, "user_id": self.seller.id, "access": "read"}
        )
        self.assertEqual(len(visits.search(domain)), 3)

    def test_rows_of_others_do_not_exist(self):
        visit = self.env[MODEL].search([("lead_id", "=", self.lost.id)], limit=1)
        foreign = visit.with_user(self.seller)
        self.assertEqual(foreign.read(["days"]), [])
        self.assertFalse(foreign.has_access("read"))
        self.assertTrue(visit.with_user(self.other).read(["days"]))

    def test_nobody_writes(self):
        visit = self.env[MODEL].with_user(self.user_sales_manager).search([], limit=1)
        for operation in (
            lambda: visit.write({"days": 1}),
            lambda: visit.unlink(),
            lambda: visit.create({"lead_id": self.quick.id}),
        ):
            with self.assertRefused(AccessError):
                operation()

    def test_reading_writes_nothing(self):
        self.env.flush_all()
        with self.cr.savepoint():
            self.cr.execute("SET TRANSACTION READ ONLY")
            self._assert_figures(self.seller)
            self.env[MODEL].with_user(self.seller).web_search_read([], {"days": {}})

    def test_a_figure_opens_its_opportunity(self):
        visit = self.env[MODEL].with_user(self.seller).search([], limit=1)
        action = visit.action_open_lead()
        self.assertEqual(action["res_model"], "crm.lead")
        self.assertEqual(action["res_id"], visit.lead_id.id)

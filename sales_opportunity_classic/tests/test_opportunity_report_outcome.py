from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .report_common import NOW, ReportCommon

MODEL = "opportunity.report.outcome"
FIGURES = (
    "__count",
    "won_count:sum",
    "lost_count:sum",
    "win_rate:avg",
    "won_revenue:sum",
    "lost_revenue:sum",
    "win_rate_revenue:ratio",
    "average_revenue:avg",
    "awarded_revenue:avg",
    "days_to_close:avg",
    "days_to_close_median:median",
)


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestOpportunityReportOutcome(ReportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Objection = cls.env["opportunity.objection"]
        cls.price, cls.timing = Objection.create(
            [{"name": "Too dear"}, {"name": "Not now, later"}]
        )
        cls.rival, cls.giant = cls.env["res.partner"].create(
            [{"name": "Rival"}, {"name": "Giant"}]
        )
        cls.desk = cls.env["product.product"].create({"name": "Desk"})
        cls.cheaper = cls.env["crm.lost.reason"].create({"name": "Cheaper elsewhere"})
        cls.lost.write(
            {
                "objection_ids": [Command.set((cls.price + cls.timing).ids)],
                "competitor_ids": [Command.set((cls.rival + cls.giant).ids)],
                "awarded_to_id": cls.rival.id,
                "awarded_revenue": 350,
                "lost_reason_id": cls.cheaper.id,
            }
        )
        cls.quick.write(
            {
                "objection_ids": [Command.set(cls.price.ids)],
                "won_reason_id": cls.won_reason.id,
                "follow_lines": False,
            }
        )
        cls.env["opportunity.line"].create(
            [
                {"lead_id": lead.id, "product_id": cls.desk.id, "is_optional": optional}
                for lead, optional in (
                    (cls.quick, False),
                    (cls.quick, False),
                    (cls.foreign, True),
                )
            ]
        )
        # what the products come to is no part of this
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE crm_lead SET actual_revenue = 1100 WHERE id = %s", [cls.quick.id]
        )
        cls.env.invalidate_all()

    # === THE SAME FIGURES APART === #

    def _get_closed(self, user):
        """Return the closed opportunities that a user may read, from the raw rows."""
        return [
            lead
            for lead in self._read_leads(user).values()
            if lead["won_status"] != "pending" and lead["type"] == "opportunity"
        ]

    def _work_out(self, leads):
        """Return the figures of closed opportunities, in the order of the report."""
        won = [lead for lead in leads if lead["won_status"] == "won"]
        lost = [lead for lead in leads if lead["won_status"] == "lost"]
        revenue = sum(self._exchange(lead["actual_revenue"], lead) for lead in won)
        missed = sum(self._exchange(lead["expected_revenue"], lead) for lead in lost)
        awarded = [
            self._exchange(lead["awarded_revenue"], lead)
            for lead in leads
            if lead["awarded_revenue"]
        ]
        days = [
            (lead["actual_close_date"] - lead["create_date"].date()).days
            for lead in leads
        ]
        return (
            len(leads),
            len(won),
            len(lost),
            len(won) / len(leads),
            revenue,
            missed,
            revenue / (revenue + missed),
            revenue / len(won) if won else False,
            sum(awarded) / len(awarded) if awarded else False,
            sum(days) / len(days),
            self._percentile(days, 5),
        )

    def _assert_same(self, figures, leads):
        for name, value, expected in zip(
            FIGURES, figures, self._work_out(leads), strict=True
        ):
            self.assertAlmostEqual(value, expected, 6, name)

    # === TESTS === #

    def test_figures_by_salesperson(self):
        for user in (self.user_sales_manager, self.seller, self.other):
            figures = self._get_figures(user, MODEL, "user_id", *FIGURES)
            closed = self._get_closed(user)
            owners = {lead["user_id"] for lead in closed}
            self.assertEqual({owner.id for owner in figures}, owners)
            for owner, values in figures.items():
                own = [lead for lead in closed if lead["user_id"] == owner.id]
                self._assert_same(values, own)

    def test_a_salesperson_sees_their_own(self):
        outcomes = self.env[MODEL].with_user(self.seller).search([])
        self.assertEqual(outcomes.lead_id, self.quick)

    def test_lists_count_once_in_the_total(self):
        report = self.env[MODEL].with_user(self.user_sales_manager)
        groups, [total] = report.formatted_read_grouping_sets(
            [], [["objection_ids"], []], ["lost_revenue:sum", "__count"]
        )
        self.assertEqual(sum(group["lost_revenue:sum"] for group in groups), 800)
        self.assertEqual(total["lost_revenue:sum"], 400)
        self.assertEqual(total["__count"], 3)

    def test_by_objection_and_competitor(self):
        manager = self.user_sales_manager
        figures = self._get_figures(
            manager, MODEL, "objection_ids", "won_count:sum", "lost_revenue:sum"
        )
        self.assertEqual(figures[self.price], (1, 400))
        self.assertEqual(figures[self.timing], (0, 400))
        figures = self._get_figures(
            manager, MODEL, "competitor_ids", "lost_count:sum", "lost_revenue:sum"
        )
        self.assertEqual(figures[self.rival], (1, 400))
        self.assertEqual(figures[self.giant], (1, 400))

    def test_by_who_was_awarded_the_business(self):
        figures = self._get_figures(
            self.user_sales_manager,
            MODEL,
            "awarded_to_id",
            "awarded_revenue:avg",
            "awarded_difference:avg",
        )
        self.assertEqual(figures[self.rival], (350, 50))

    def test_two_lines_of_a_product_are_one(self):
        figures = self._get_figures(
            self.user_sales_manager, MODEL, "product_ids", "__count", "won_revenue:sum"
        )
        self.assertEqual(figures[self.desk], (1, 1100))

    def test_reasons_of_the_outcome_alone(self):
        manager = self.user_sales_manager
        figures = self._get_figures(manager, MODEL, "won_reason_id", "__count")
        self.assertEqual(figures[self.won_reason], (1,))
        figures = self._get_figures(manager, MODEL, "lost_reason_id", "__count")
        self.assertEqual(figures[self.cheaper], (1,))

    def test_a_reopened_deal_leaves_the_report(self):
        self.quick.stage_id = self.stage_first
        outcomes = self.env[MODEL].search([("lead_id", "=", self.quick.id)])
        self.assertFalse(outcomes)

    def test_the_rate_of_the_closing_date(self):
        outcome = self.env[MODEL].search([("lead_id", "=", self.foreign.id)])
        self.assertAlmostEqual(outcome.won_revenue, 133.2)
        self.foreign.actual_close_date = "2026-02-02"
        outcome.invalidate_recordset()
        self.assertAlmostEqual(outcome.won_revenue, 266.4)

    def test_the_closing_date_of_the_reader_has_the_rate(self):
        self.env.cr.execute(
            "UPDATE crm_lead SET date_closed = '2026-01-31 20:00:00',"
            " actual_close_date = NULL WHERE id = %s",
            [self.foreign.id],
        )
        report = self.env[MODEL].with_user(self.user_sales_manager)
        for tz, day, revenue in (
            ("UTC", "2026-01-31", 133.2),
            ("Asia/Kolkata", "2026-02-01", 266.4),
        ):
            self.env.invalidate_all()
            outcome = report.with_context(tz=tz).search(
                [("lead_id", "=", self.foreign.id)]
            )
            self.assertEqual(str(outcome.date_closed), day)
            self.assertAlmostEqual(outcome.won_revenue, revenue)

    def test_nobody_writes(self):
        outcome = self.env[MODEL].with_user(self.user_sales_manager).search([], limit=1)
        for operation in (
            lambda: outcome.write({"won_status": "won"}),
            lambda: outcome.unlink(),
        ):
            with self.assertRefused(AccessError):
                operation()

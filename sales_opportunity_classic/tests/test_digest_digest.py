from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .report_common import NOW, ReportCommon


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestDigestDigest(ReportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.digest = cls.env.ref("sales_opportunity_classic.digest_digest_sales")
        cls.digest.company_id = cls.company

    def _get_digest(self, user, start=datetime(2026, 1, 8), end=datetime(2026, 1, 21)):
        """Return the digest as a user gets it for the days of a period."""
        return self.digest.with_user(user).with_context(
            start_datetime=start, end_datetime=end
        )

    def test_figures_of_the_period(self):
        digest = self._get_digest(self.user_sales_manager)
        self.assertEqual(digest.kpi_opportunity_won_revenue_value, 1100)
        self.assertEqual(digest.kpi_opportunity_lost_revenue_value, 400)
        self.assertEqual(digest.kpi_opportunity_win_rate_value, 50)
        self.assertEqual(digest.kpi_opportunity_activities_done_value, 0)
        digest = self._get_digest(self.user_sales_manager, end=datetime(2026, 1, 20))
        self.assertEqual(digest.kpi_opportunity_won_revenue_value, 0)

    def test_everybody_gets_their_own(self):
        digest = self._get_digest(self.seller)
        self.assertEqual(digest.kpi_opportunity_won_revenue_value, 1100)
        self.assertEqual(digest.kpi_opportunity_lost_revenue_value, 0)

    def test_without_sales_rights_there_are_no_figures(self):
        employee = new_test_user(self.env, "no_sales", groups="base.group_user")
        with self.assertRefused(AccessError):
            self._get_digest(employee).sudo(False).kpi_opportunity_win_rate_value  # noqa: B018

    def test_the_mail_leads_to_the_reports(self):
        kpis = self.digest._compute_kpis(self.company, self.user_sales_manager)
        actions = {kpi["kpi_name"]: kpi["kpi_action"] for kpi in kpis}
        for name in ("won_revenue", "lost_revenue", "win_rate", "activities_done"):
            action = actions[f"kpi_opportunity_{name}"]
            self.assertTrue(self.env.ref(action.split("?")[0]))

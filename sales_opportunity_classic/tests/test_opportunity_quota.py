from psycopg2.errors import CheckViolation, NotNullViolation

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import OpportunityCommon


@tagged("post_install", "-at_install")
class TestOpportunityQuota(OpportunityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Quota = cls.env["opportunity.quota"].with_user(cls.user_sales_manager)
        cls.quota = cls._create_quota(period="quarter", date_from="2026-05-12")

    @classmethod
    def _create_quota(cls, user=None, **values):
        user = user or cls.user_sales_salesman
        return cls.Quota.create({"user_id": user.id, "amount": 9000, **values})

    def test_a_quota_covers_its_whole_period(self):
        self.assertEqual(str(self.quota.date_from), "2026-04-01")
        self.assertEqual(str(self.quota.date_to), "2026-06-30")
        self.assertEqual(self.quota.months, 3)
        self.quota.period = "year"
        self.assertEqual(str(self.quota.date_from), "2026-01-01")
        self.assertEqual(str(self.quota.date_to), "2026-12-31")

    def test_the_team_is_that_of_the_salesperson(self):
        self.assertEqual(self.quota.team_id, self.user_sales_salesman.sale_team_id)

    def test_periods_do_not_overlap(self):
        with self.assertRefused(ValidationError, "already has a quota"):
            self._create_quota(date_from="2026-06-01")
        self._create_quota(date_from="2026-07-01")
        self._create_quota(user=self.user_sales_leads, date_from="2026-06-01")

    def test_a_quota_is_above_zero(self):
        for amount in (0, -5):
            with mute_logger("odoo.sql_db"), self.assertRefused(CheckViolation):
                self._create_quota(date_from="2027-01-01", amount=amount)

    def test_impossible_values_are_refused(self):
        with self.assertRefused(ValidationError):
            self._create_quota(date_from="2027-01-01", amount=float("inf"))
        with self.assertRefused(ValidationError):
            self._create_quota(date_from="0001-01-01")

    def test_a_period_is_required(self):
        for name in ("date_from", "period"):
            with mute_logger("odoo.sql_db"), self.assertRefused(NotNullViolation):
                self.quota.write({name: False})
                self.quota.flush_recordset()

    def test_salespeople_see_their_own(self):
        foreign = self._create_quota(user=self.user_sales_leads, date_from="2026-04-01")
        salesman = self.quota.with_user(self.user_sales_salesman)
        found = salesman.search([])
        self.assertIn(self.quota, found)
        self.assertNotIn(foreign, found)
        self.assertIn(foreign, found.with_user(self.user_sales_leads).search([]))

    def test_only_managers_set_them(self):
        for user in (self.user_sales_salesman, self.user_sales_leads):
            quota = self.quota.with_user(user)
            with self.assertRefused(AccessError):
                quota.amount = 1
            with self.assertRefused(AccessError):
                quota.copy({"date_from": "2030-01-01"})
        self.quota.amount = 12000
        self.quota.unlink()

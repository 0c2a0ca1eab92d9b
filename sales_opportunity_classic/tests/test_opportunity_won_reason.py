from odoo.exceptions import AccessError
from odoo.tests import tagged, users

from .common import OpportunityCommon


@tagged("post_install", "-at_install")
class TestOpportunityWonReason(OpportunityCommon):
    @users("user_sales_salesman")
    def test_salespeople_choose_but_do_not_define(self):
        self.assertTrue(self.env["opportunity.won.reason"].search([]))
        with self.assertRefused(AccessError):
            self.env["opportunity.won.reason"].create({"name": "Mine"})

    @users("user_sales_manager")
    def test_managers_archive_what_is_used(self):
        reason = self.won_reason.with_env(self.env)
        self.opportunity.won_reason_id = reason
        reason.action_archive()
        self.assertEqual(self.opportunity.won_reason_id, reason)
        self.assertNotIn(reason, self.env["opportunity.won.reason"].search([]))

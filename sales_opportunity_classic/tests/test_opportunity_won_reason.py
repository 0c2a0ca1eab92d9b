from odoo.tests import tagged, users

from .common import ChoiceCommon


@tagged("post_install", "-at_install")
class TestOpportunityWonReason(ChoiceCommon):
    _choice_model = "opportunity.won.reason"

    def test_managers_define_and_salespeople_choose(self):
        self._check_rights_and_names()

    @users("user_sales_manager")
    def test_managers_archive_what_is_used(self):
        reason = self.won_reason.with_env(self.env)
        self.opportunity.won_reason_id = reason
        reason.action_archive()
        self.assertEqual(self.opportunity.won_reason_id, reason)
        self.assertNotIn(reason, self.env["opportunity.won.reason"].search([]))

from odoo.exceptions import AccessError, MissingError
from odoo.fields import Domain
from odoo.tests import tagged

from ..models.opportunity_share_access_mixin import is_about_shares
from .test_opportunity_share import ShareCommon


@tagged("post_install", "-at_install")
class TestIrRule(ShareCommon):
    def _asks_for_shares(self, operation="read"):
        rules = self.env["ir.rule"].with_user(self.colleague)
        rule = rules._compute_domain("crm.lead", operation)
        return any(map(is_about_shares, rule.iter_conditions()))

    def test_who_has_no_share_is_not_asked_about(self):
        self._share(recipient=self.user_sales_manager)
        self.assertFalse(self._asks_for_shares())
        self.assertFalse(self._is_visible())

    def test_who_has_one_is_asked_at_once(self):
        self.colleague.group_ids += self.group
        self.team.member_ids = self.colleague
        for recipient in (self.colleague, self.group, self.team):
            with self.subTest(recipient=recipient):
                share = self._share(recipient=recipient)
                self.assertTrue(self._asks_for_shares())
                self.assertTrue(self._asks_for_shares("write"))
                share.unlink()
                self.assertFalse(self._asks_for_shares())

    def test_only_the_question_for_shared_ones_is_left_out(self):
        for value, expected in ((True, True), (False, False)):
            condition = Domain("is_shared_with_me", "=", value)
            self.assertEqual(is_about_shares(condition), expected)
            [optimized] = condition.optimize(self.env["crm.lead"]).iter_conditions()
            self.assertEqual(is_about_shares(optimized), expected)

    def test_what_is_deleted_is_missing_and_not_forbidden(self):
        self._share()
        self.assertTrue(self._is_visible())
        gone = self._create_opportunity(self.colleague)
        other = self._create_opportunity(self.user_sales_manager)
        self.env.flush_all()
        gone.sudo().unlink()
        self.env.invalidate_all()
        Lead = self.env["crm.lead"].with_user(self.colleague)
        with self.assertRaises(MissingError):
            Lead.browse(gone.id).check_access("read")
        with self.assertRefused(AccessError):
            Lead.browse(other.id).check_access("read")

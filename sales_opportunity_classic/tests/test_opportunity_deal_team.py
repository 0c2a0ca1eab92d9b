from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .test_opportunity_share import ShareCommon


@tagged("post_install", "-at_install")
class TestOpportunityDealTeam(ShareCommon):
    """Those with whom a salesperson usually works, added by one click."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.DealTeam = cls.env["opportunity.deal.team"].with_user(
            cls.user_sales_salesman
        )
        cls.third = new_test_user(
            cls.env, "third", groups="sales_team.group_sale_salesman"
        )

    def _add_member(self, user=None, **values):
        user = user or self.colleague
        return self.DealTeam.create({"member_id": user.id, **values})

    def test_it_is_added_once(self):
        with self.assertRefused(UserError, "no deal team"):
            self.opportunity.action_add_deal_team()
        self._add_member(role="Engineer")
        for _click in range(2):
            self.opportunity.action_add_deal_team()
        self.assertRecordValues(
            self.opportunity.share_ids,
            [{"user_id": self.colleague.id, "access": "edit", "role": "Engineer"}],
        )

    def test_what_was_shared_stays_as_it_was(self):
        share = self._share(access="read")
        member = self._add_member()
        self.opportunity.action_add_deal_team()
        self.assertEqual(share.access, "read")
        member.unlink()
        self.assertTrue(self._is_visible())

    def test_whom_it_is_shared_with_does_not_add_it(self):
        self._share(access="edit")
        self._add_member(self.third)
        with self.assertRefused(AccessError):
            self.shared.action_add_deal_team()
        self.assertFalse(self._is_visible(user=self.third))

    def test_nobody_adds_it_for_longer_than_they_have_it(self):
        self._set_parameter("share_on", "True")
        share = self._share(access="edit", date_until="2199-05-03")
        self._add_member(self.third)
        with self.assertRefused(AccessError):
            self.shared.action_add_deal_team()
        share.date_until = False
        self.shared.action_add_deal_team()
        self.assertTrue(self._is_visible(user=self.third))

    def test_colleagues_who_left_are_passed_over(self):
        self._add_member()
        self._add_member(self.third)
        self.third.active = False
        self.opportunity.action_add_deal_team()
        self.assertEqual(self.opportunity.share_ids.user_id, self.colleague)

    def test_everybody_keeps_their_own(self):
        mine = self._add_member()
        mine.access = "read"
        theirs = mine.with_user(self.third)
        self.assertFalse(theirs.search([]))
        for operation in (
            lambda: theirs.read(["member_id"]),
            lambda: theirs.write({"member_id": self.third.id}),
            lambda: theirs.unlink(),
        ):
            with self.assertRefused(AccessError):
                operation()
        manager = mine.with_user(self.user_sales_manager)
        self.assertIn(manager, manager.search([]))
        manager.role = "Engineer"

    def test_nobody_puts_anybody_into_the_team_of_somebody_else(self):
        owner = self.user_sales_salesman
        Theirs = self.DealTeam.with_user(self.third)
        with self.assertRefused(AccessError):
            Theirs.create({"user_id": owner.id, "member_id": self.third.id})
        own = Theirs.create({"member_id": self.colleague.id})
        with self.assertRefused(AccessError):
            own.write({"user_id": owner.id, "member_id": self.third.id})
        own.with_user(self.user_sales_manager).user_id = owner
        self.assertEqual(self.DealTeam.search([]).member_id, self.colleague)

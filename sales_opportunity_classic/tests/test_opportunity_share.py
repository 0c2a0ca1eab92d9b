from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import OpportunityCommon


class ShareCommon(OpportunityCommon):
    """The salesman's opportunity, and a colleague who sees only their own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = new_test_user(
            cls.env,
            "colleague",
            groups="sales_team.group_sale_salesman",
            name="Clara Colleague",
            tz="UTC",
        )
        cls.Share = cls.env["opportunity.share"].with_user(cls.user_sales_salesman)
        cls.shared = cls.opportunity.with_user(cls.colleague)
        cls.team = cls.env["crm.team"].create({"name": "Helpers"})
        cls.group = cls.env["res.groups"].create({"name": "Experts"})
        cls.env.flush_all()

    def _share(self, lead=None, recipient=None, **values):
        """Share as the opportunity's user, by default with the colleague."""
        lead = lead or self.opportunity
        recipient = recipient or self.colleague
        names = {"res.users": "user_id", "crm.team": "team_id"}
        name = names.get(recipient._name, "group_id")
        return lead.env["opportunity.share"].create(
            {"lead_id": lead.id, name: recipient.id, **values}
        )

    def _is_visible(self, operation="read", user=None):
        """Tell whether the user finds and may read (or write) the opportunity: what
        rules answer in the database and in memory must be the same."""
        self.env.flush_all()
        self.env.invalidate_all()
        lead = self.opportunity.with_user(user or self.colleague)
        allowed = lead.has_access(operation)
        if operation == "read":
            self.assertEqual(bool(lead.search([("id", "=", lead.id)])), allowed)
        return allowed


@tagged("post_install", "-at_install")
class TestOpportunityShareVisibility(ShareCommon):
    def test_nobody_else_sees_it_before(self):
        self.assertFalse(self._is_visible())

    def test_shared_for_reading(self):
        self._share()
        self.assertTrue(self._is_visible())
        self.assertFalse(self._is_visible("write"))
        with self.assertRefused(AccessError):
            self.shared.name = "Mine"

    def test_shared_for_editing(self):
        self._share(access="edit")
        self.assertTrue(self._is_visible("write"))
        self.shared.name = "Twelve desks"
        self.assertEqual(self.opportunity.name, "Twelve desks")

    def test_nothing_else_becomes_visible(self):
        other = self._create_opportunity(name="Not shared")
        self._share()
        found = self.shared.search([("user_id", "=", self.user_sales_salesman.id)])
        self.assertEqual(found, self.shared)
        self.assertFalse(other.with_user(self.colleague).has_access("read"))

    def test_withdrawn_and_changed_at_once(self):
        share = self._share(access="edit")
        self.assertTrue(self.shared.has_access("write"))
        share.access = "read"
        self.assertFalse(self.shared.has_access("write"))
        share.unlink()
        self.assertFalse(self.shared.has_access("read"))
        self.assertFalse(self._is_visible())

    def test_ends_by_the_clock(self):
        with freeze_time("2026-05-02 09:00:00"):
            self._share(date_until="2026-05-03")
        for moment, visible in (
            ("2026-05-03 12:00:00", True),
            ("2026-05-04 12:00:00", False),
        ):
            with freeze_time(moment):
                self.assertEqual(self._is_visible(), visible, moment)

    def test_the_last_day_ends_where_the_giver_lives(self):
        self.user_sales_salesman.tz = "America/New_York"
        self.colleague.tz = "Pacific/Kiritimati"
        self._share(date_until="2026-05-03")
        for moment, visible in (
            ("2026-05-04 03:59:00", True),
            ("2026-05-04 04:01:00", False),
        ):
            with freeze_time(moment):
                self.assertEqual(self._is_visible(), visible, moment)

    def test_members_of_a_team_come_and_go(self):
        self._share(recipient=self.team, access="edit")
        self.assertFalse(self._is_visible())
        member = self.env["crm.team.member"].create(
            {"crm_team_id": self.team.id, "user_id": self.colleague.id}
        )
        self.assertTrue(self.shared.has_access("write"))
        self.assertTrue(self._is_visible("write"))
        member.active = False
        self.assertFalse(self.shared.has_access("read"))
        self.assertFalse(self._is_visible())
        member.active = True
        self.assertTrue(self._is_visible())
        member.unlink()
        self.assertFalse(self._is_visible())

    def test_a_deleted_team_takes_its_shares_along(self):
        self.team.member_ids = self.colleague
        share = self._share(recipient=self.team)
        self.assertTrue(self._is_visible())
        self.team.unlink()
        self.assertFalse(share.exists())
        self.assertFalse(self._is_visible())

    def test_members_of_a_group_and_of_what_implies_it(self):
        self._share(recipient=self.group)
        self.assertFalse(self._is_visible())
        self.colleague.group_ids += self.group
        self.assertTrue(self._is_visible())
        self.colleague.group_ids -= self.group
        self.assertFalse(self._is_visible())
        implying = self.env["res.groups"].create(
            {"name": "Chief experts", "implied_ids": [Command.link(self.group.id)]}
        )
        self.colleague.group_ids += implying
        self.assertTrue(self._is_visible())

    def test_an_archived_user_sees_nothing(self):
        self._share()
        self.colleague.active = False
        self.assertFalse(self._is_visible())

    def test_companies_come_on_top(self):
        self._share()
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        lead = self.opportunity.sudo()
        lead.write({"user_id": False, "team_id": False})
        lead.company_id = elsewhere
        self.assertFalse(self._is_visible())

    def test_archived_opportunities_as_well(self):
        self._share()
        self.opportunity.action_archive()
        self.assertTrue(self.shared.has_access("read"))
        found = self.shared.with_context(active_test=False).search(
            [("is_shared_with_me", "=", True)]
        )
        self.assertEqual(found, self.shared)

    def test_where_much_is_shared_the_same_is_seen(self):
        path = "odoo.addons.sales_opportunity_classic.models.opportunity_share_mixin"
        others = self.env["crm.lead"]
        for number in range(5):
            others += self._create_opportunity(name=f"Deal {number}")
        for lead in others[:4]:
            self._share(lead, access="edit" if lead == others[0] else "read")
        own = self._create_opportunity(self.colleague, name="Own")
        Lead = self.shared
        expected = {*others[:4].ids, own.id}
        domain = [("id", "in", [*others.ids, own.id])]
        for limit in (1000, 2):
            self.patch_limit(path, limit)
            self.env.invalidate_all()
            self.assertEqual(set(Lead.search(domain, limit=9).ids), expected)
            self.assertEqual(set(Lead.search(domain).ids), expected)
            self.assertEqual(set(Lead.search([])._ids) & {*others.ids, own.id}, expected)
            self.assertEqual(Lead.search_count(domain, limit=3), 3)
            self.assertEqual(set(Lead.search([("is_shared_with_me", "=", True)]).ids),
                             set(others[:4].ids))
            found = Lead.search([("is_shared_with_me", "=", False)] + domain)
            self.assertEqual(found, own.with_user(self.colleague))
            self.assertEqual(set(Lead.browse(others.ids)._filtered_access("write").ids),
                             {others[0].id})
            self.assertEqual(len(Lead.browse([*others[:4].ids, own.id]).read(["name"])), 5)
            with self.assertRefused(AccessError):
                Lead.browse(others.ids).read(["name"])
            groups = Lead._read_group(domain, ["user_id"], ["__count"])
            self.assertEqual(sum(count for _user, count in groups), 5)

    def patch_limit(self, path, limit):
        from unittest.mock import patch

        patcher = patch(f"{path}.INLINE_LIMIT", limit)
        patcher.start()
        self.addCleanup(patcher.stop)

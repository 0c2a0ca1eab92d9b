from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..models import opportunity_share_query_mixin
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
        others = self.env["crm.lead"].union(
            *(self._create_opportunity(name=f"Deal {number}") for number in range(5))
        )
        shared = others[:4]
        for lead in shared:
            self._share(lead, access="edit" if lead == others[0] else "read")
        own = self._create_opportunity(self.colleague, name="Own")
        for limit in (1000, 2):
            self.patch(opportunity_share_query_mixin, "INLINE_LIMIT", limit)
            self.env.invalidate_all()
            self.env.cr.cache.clear()
            self._check_what_is_seen(others, shared, own)

    def _check_what_is_seen(self, others, shared, own):
        Lead, every = self.shared, others + own
        seen = (shared + own).with_user(self.colleague)
        domain = [("id", "in", every.ids)]
        self.assertEqual(Lead.search(domain).sorted("id"), seen)
        self.assertEqual(Lead.search(domain, limit=9).sorted("id"), seen)
        self.assertEqual(Lead.search([], limit=900) & every.with_env(Lead.env), seen)
        self.assertEqual(Lead.search_count(domain), 5)
        by_share = [("is_shared_with_me", "=", True), *domain]
        self.assertEqual(set(Lead.search(by_share, limit=9)), set(seen[:4]))
        without = [("is_shared_with_me", "=", False), *domain]
        self.assertEqual(Lead.search(without), own.with_user(self.colleague))
        self.assertEqual(Lead.browse(every.ids)._filtered_access("read"), seen)
        editable = others.with_user(self.colleague)._filtered_access("write")
        self.assertEqual(editable.ids, others[0].ids)
        self.assertEqual(len(seen.read(["name"])), 5)
        with self.assertRefused(AccessError):
            Lead.browse(others.ids).read(["name"])
        groups = Lead._read_group(domain, [], ["__count"])
        self.assertEqual(groups, [(5,)])

    def test_shares_cost_no_query_of_their_own(self):
        self._share()
        self.env.flush_all()
        Lead = self.shared
        Lead.search_count([])
        for search in (
            lambda: Lead.search_count([("type", "=", "opportunity")]),
            lambda: Lead._read_group([], ["stage_id"], ["__count"]),
            lambda: Lead._search([("id", "=", Lead.id)]).get_result_ids(),
        ):
            self.env.invalidate_all()
            self.assertTrue(Lead.env.user.active)
            with self.assertQueryCount(1):
                search()
        own = self._create_opportunity(self.colleague)
        self.env.flush_all()
        own.check_access("write")
        with self.assertQueryCount(0):
            own.check_access("write")
        Lead.check_access("read")
        with self.assertQueryCount(1):
            Lead.check_access("read")


@tagged("post_install", "-at_install")
class TestOpportunityShareRights(ShareCommon):
    """Who may share, and what people are told."""

    def _get_notes(self):
        return " ".join(self.opportunity.message_ids.mapped("body"))

    def _get_news(self, user):
        """Return what was sent to the user, newest first."""
        messages = self.env["mail.message"].search(
            [("notified_partner_ids", "in", user.partner_id.ids)]
        )
        return " ".join(messages.mapped("body"))

    def test_the_salesperson_shares_and_is_named(self):
        share = self._share(granted_by_id=self.user_sales_manager.id)
        self.assertEqual(share.granted_by_id, self.user_sales_salesman)
        self.assertEqual(share.access, "read")
        share.granted_by_id = self.user_sales_manager
        self.assertEqual(share.granted_by_id, self.user_sales_salesman)

    def test_nobody_says_who_shared_when_and_to_which_end(self):
        forged = {
            "granted_by_id": self.user_sales_manager.id,
            "date_granted": "2001-05-03 10:00:00",
            "datetime_end": "2199-12-31 10:00:00",
        }
        defaults = {f"default_{name}": value for name, value in forged.items()}
        by_context = self._share(
            self.opportunity.with_context(**defaults), date_until="2198-05-03"
        )
        by_values = self._share(recipient=self.team, date_until="2198-05-03", **forged)
        by_values.write(forged)
        for share in by_context + by_values:
            self.assertEqual(share.granted_by_id, self.user_sales_salesman)
            self.assertGreater(share.date_granted.year, 2001)
            self.assertEqual(share.datetime_end.year, 2198)

    def test_what_is_refused_to_strangers_names_nothing(self):
        stranger = self.env["opportunity.share"].with_user(self.colleague)
        values = {"user_id": self.user_sales_salesman.id}
        lead_id = self.opportunity.id
        for Share, vals in (
            (stranger, {**values, "lead_id": lead_id}),
            (stranger.with_context(default_lead_id=lead_id), values),
        ):
            with self.assertRefused(AccessError) as refused:
                Share.create(vals)
            self.assertNotIn("Ten desks", str(refused.exception))
        own = self._share().with_context(default_lead_id=lead_id)
        self.assertTrue(own.create({"team_id": self.team.id}))

    def test_another_type_keeps_the_sales_team(self):
        self.opportunity.sudo().team_id = self.team
        self._share(access="edit")
        self.shared.type = "lead"
        self.assertEqual(self.opportunity.team_id, self.team)
        self.shared.convert_opportunity(self.env["res.partner"])
        self.assertEqual(self.opportunity.type, "opportunity")
        self.assertEqual(self.opportunity.team_id, self.team)

    def test_whoever_gives_it_away_tells_the_next(self):
        manager = self.user_sales_leads
        self.opportunity.user_id = manager
        self.assertFalse(self.opportunity.has_access("read"))
        self.assertIn("assigned", self._get_news(manager))

    def test_a_sales_manager_shares(self):
        self._share(self.opportunity.with_user(self.user_sales_manager))
        self.assertTrue(self._is_visible())

    def test_the_leader_of_the_team_shares(self):
        leader = self.user_sales_leads
        lead = self.opportunity.with_user(leader)
        with self.assertRefused(AccessError):
            self._share(lead)
        self.opportunity.sudo().team_id.user_id = leader
        self._share(lead)
        self.assertTrue(self._is_visible())

    def test_whom_it_is_shared_with_does_not_share_on(self):
        share = self._share(access="edit")
        other = self.user_sales_leads
        with self.assertRefused(AccessError):
            self._share(self.shared, recipient=other)
        with self.assertRefused(AccessError):
            self.shared.write({"share_ids": [Command.create({"user_id": other.id})]})
        for operation in (
            lambda: share.with_user(self.colleague).write({"date_until": False}),
            lambda: share.with_user(self.colleague).unlink(),
        ):
            with self.assertRefused(AccessError):
                operation()

    def test_by_setting_they_share_on_as_much_as_they_have(self):
        self._set_parameter("share_on", "True")
        other = new_test_user(
            self.env, "third", groups="sales_team.group_sale_salesman"
        )
        mine = self._share(access="edit", date_until="2199-05-03")
        with self.assertRefused(AccessError):
            self._share(self.shared, recipient=other)
        with self.assertRefused(AccessError):
            self._share(self.shared, recipient=other, date_until="2199-05-04")
        share = self._share(self.shared, recipient=other, date_until="2199-05-03")
        with self.assertRefused(AccessError):
            share.date_until = "2199-05-04"
        with self.assertRefused(AccessError):
            mine.with_user(self.colleague).date_until = False
        share.unlink()
        self.assertFalse(share.exists())

    def test_readers_never_share_on(self):
        self._set_parameter("share_on", "True")
        self._share()
        with self.assertRefused(AccessError):
            self._share(self.shared, recipient=self.team)

    def test_nobody_prolongs_through_a_team(self):
        self._set_parameter("share_on", "True")
        self.team.member_ids = self.colleague
        self._share(recipient=self.team, access="edit")
        with self.assertRefused(AccessError):
            self._share(self.shared, recipient=self.colleague, access="edit")

    def test_what_has_no_effect_is_refused(self):
        portal = new_test_user(self.env, "customer", groups="base.group_portal")
        employee = new_test_user(self.env, "employee", groups="base.group_user")
        archived = new_test_user(
            self.env, "left", groups="sales_team.group_sale_salesman"
        )
        archived.active = False
        for user in (portal, employee, archived, self.user_sales_salesman):
            with self.assertRefused(ValidationError, "cannot be shared"):
                self._share(recipient=user)
        with self.assertRefused(ValidationError, "customers"):
            self._share(recipient=self.env.ref("base.group_portal"))

    def test_with_one_at_a_time_and_once(self):
        self._share()
        for values in (
            {"user_id": self.colleague.id},
            {},
            {"user_id": self.user_sales_leads.id, "team_id": self.team.id},
        ):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRefused((ValidationError, IntegrityError)),
            ):
                self.Share.create({"lead_id": self.opportunity.id, **values})
                self.env.flush_all()

    def test_a_share_does_not_become_another(self):
        share = self._share()
        with self.assertRefused(UserError, "share anew"):
            share.user_id = self.user_sales_leads
        with self.assertRefused(UserError, "share anew"):
            share.lead_id = self._create_opportunity()
        share.write({"user_id": self.colleague.id, "note": "Knows the customer"})

    def test_an_impossible_date_is_refused(self):
        for date in ("1066-10-14", "9999-12-31"):
            with self.assertRefused(ValidationError):
                self._share(date_until=date)

    def test_all_is_logged_and_told(self):
        share = self._share(date_until="2199-05-03")
        self.assertIn("Clara Colleague for reading until", self._get_notes())
        self.assertIn("shared", self._get_news(self.colleague))
        share.access = "edit"
        self.assertIn("Now shared", self._get_notes())
        self.assertIn("for editing", self._get_news(self.colleague))
        share.unlink()
        self.assertIn("No longer shared", self._get_notes())
        self.assertIn("no longer shares", self._get_news(self.colleague))

    def test_members_of_a_team_are_told(self):
        self.team.member_ids = self.colleague
        self._share(recipient=self.team)
        self.assertIn("Ten desks", self._get_news(self.colleague))

    def test_shares_stay_with_a_reassigned_opportunity(self):
        share = self._share()
        self.opportunity.user_id = self.user_sales_leads
        self.assertTrue(share.sudo().exists())
        self.assertIn("stays shared with Clara", self._get_notes_as_manager())

    def _get_notes_as_manager(self):
        lead = self.opportunity.with_user(self.user_sales_manager)
        return " ".join(lead.message_ids.mapped("body"))

    def test_by_setting_they_end(self):
        self._set_parameter("reassigned_shares", "end")
        share = self._share()
        self.opportunity.user_id = self.user_sales_leads
        self.assertFalse(share.sudo().exists())
        self.assertIn("No longer shared", self._get_notes_as_manager())

    def test_merged_opportunities_stay_shared(self):
        loser = self._create_opportunity(name="The loser")
        self._share(loser, access="edit")
        self._share(loser, recipient=self.team)
        self._share(access="read", date_until="2199-05-03")
        self.opportunity.stage_id = self.stage_second
        merged = (self.opportunity + loser).merge_opportunity()
        self.assertEqual(merged, self.opportunity)
        found = {share.display_name: share.access for share in merged.share_ids}
        self.assertEqual(found, {"Clara Colleague": "edit", "Helpers": "read"})

    def test_a_copy_is_not_shared(self):
        self._share()
        self.assertFalse(self.opportunity.copy().share_ids)


@tagged("post_install", "-at_install")
class TestOpportunityShareForm(ShareCommon):
    """The Sharing tab and the list."""

    def _explain(self, lead):
        self.env.invalidate_all()
        return lead.access_explanation

    def test_why_somebody_sees_it(self):
        self.assertIn("its salesperson", self._explain(self.opportunity))
        everything = self.opportunity.with_user(self.user_sales_leads)
        self.assertIn("all opportunities", self._explain(everything))
        self._share(date_until="2199-05-03")
        giver = self.user_sales_salesman.name
        text = self._explain(self.shared)
        self.assertRegex(text, f"because {giver} shared it for reading until .*2199")
        self.team.member_ids = self.colleague
        self._share(recipient=self.team, access="edit")
        self.assertIn("with Helpers for editing", self._explain(self.shared))

    def test_who_may_share_by_the_tab(self):
        self._share(access="edit")
        self.assertTrue(self.opportunity.can_share)
        self.assertFalse(self.shared.can_share)
        self._set_parameter("share_on", "True")
        self.env.invalidate_all()
        self.assertTrue(self.shared.can_share)

    def test_who_may_edit_the_form(self):
        self.assertTrue(self.opportunity.can_edit)
        self.assertTrue(self.opportunity.new().can_edit)
        share = self._share()
        self.assertFalse(self.shared.can_edit)
        share.access = "edit"
        self.env.invalidate_all()
        self.assertTrue(self.shared.can_edit)

    def test_shared_in_bulk_from_the_list(self):
        leads = self.opportunity + self._create_opportunity(name="Another")
        share = self._share()
        Wizard = self.env["opportunity.share.wizard"].with_user(
            self.user_sales_salesman
        )
        values = {"lead_ids": leads.ids, "access": "edit"}
        with self.assertRefused(UserError, "either a colleague"):
            Wizard.create(values).action_share()
        Wizard.create({**values, "user_id": self.colleague.id}).action_share()
        self.assertEqual(leads.share_ids.user_id, self.colleague)
        self.assertEqual(share.access, "edit")
        foreign = self._create_opportunity(self.user_sales_leads)
        with self.assertRefused(AccessError):
            Wizard.create(
                {"lead_ids": foreign.ids, "user_id": self.colleague.id}
            ).action_share()
        edited = Wizard.with_user(self.colleague).create(
            {"lead_ids": leads.ids, "user_id": self.user_sales_leads.id}
        )
        with self.assertRefused(AccessError):
            edited.action_share()

    def test_filters_of_the_list(self):
        self._share()
        Lead = self.shared
        self.assertEqual(Lead.search([("is_shared_with_me", "=", True)]), Lead)
        domain = [("share_ids.granted_by_id", "=", self.user_sales_salesman.id)]
        self.assertEqual(self.opportunity.search(domain), self.opportunity)
        self.assertFalse(
            Lead.search([("share_ids.granted_by_id", "=", self.colleague.id)])
        )


@tagged("post_install", "-at_install")
class TestTeamDocuments(ShareCommon):
    """Between one's own documents and all of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team_group = cls.env.ref(
            "sales_opportunity_classic.group_sale_salesman_team_leads"
        )
        cls.colleague.group_ids = cls.team_group
        cls.opportunity.sudo().team_id = cls.team

    def test_members_work_on_what_belongs_to_their_teams(self):
        self.assertFalse(self._is_visible())
        member = self.env["crm.team.member"].create(
            {"crm_team_id": self.team.id, "user_id": self.colleague.id}
        )
        self.assertTrue(self._is_visible("write"))
        self.assertTrue(self._is_visible())
        self.assertIn("your team Helpers", self.shared.access_explanation)
        found = self.shared.search([("is_of_my_teams", "=", True)])
        self.assertEqual(found, self.shared)
        self.opportunity.sudo().team_id = False
        self.assertFalse(self._is_visible())
        self.opportunity.sudo().team_id = self.team
        member.active = False
        self.assertFalse(self._is_visible())

    def test_each_group_implies_the_one_before(self):
        everything = self.env.ref("sales_team.group_sale_salesman_all_leads")
        own = self.env.ref("sales_team.group_sale_salesman")
        self.assertIn(self.team_group, everything.all_implied_ids)
        self.assertIn(own, self.team_group.all_implied_ids)
        self.assertTrue(self._is_visible(user=self.user_sales_leads))


@tagged("post_install", "-at_install")
class TestShareWithEmployees(ShareCommon):
    """Employees without rights in sales, by setting."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.employee = new_test_user(cls.env, "employee", groups="base.group_user")

    def _set(self, is_open):
        self.env["res.config.settings"].create(
            {"opportunity_share_employees": is_open}
        ).execute()

    def test_one_opportunity_and_no_other(self):
        self._create_opportunity(user_id=False, name="Nobody's")
        with self.assertRefused(ValidationError, "no rights in sales"):
            self._share(recipient=self.employee)
        self._set(True)
        Lead = self.opportunity.with_user(self.employee)
        self.assertFalse(Lead.search([]))
        self._share(recipient=self.employee, access="edit")
        self.assertEqual(Lead.search([]), Lead)
        Lead.name = "By an employee"
        self.assertTrue(Lead.get_view(view_type="form"))
        self._set(False)
        with self.assertRefused(AccessError):
            Lead.search([])

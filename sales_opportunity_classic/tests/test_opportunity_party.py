from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged, users
from odoo.tools import mute_logger

from .common import OpportunityCommon


@tagged("post_install", "-at_install")
class TestOpportunityParty(OpportunityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.partner"].create(
            {"name": "Desk Lovers", "is_company": True}
        )
        cls.anna, cls.bert = cls.env["res.partner"].create(
            [
                {"name": "Anna Party", "parent_id": cls.company.id},
                {"name": "Bert Party"},
            ]
        )
        cls.champion, cls.user_role = cls.env["opportunity.party.role"].search(
            [], limit=2
        )
        cls.party = cls._add_party(cls.opportunity, cls.anna)

    @classmethod
    def _add_party(cls, lead, partner, role=None):
        return (
            cls.env["opportunity.party"]
            .with_user(lead.user_id)
            .create(
                {
                    "lead_id": lead.id,
                    "partner_id": partner.id,
                    "role_id": (role or cls.champion).id,
                }
            )
        )

    def test_on_the_form(self):
        with Form(self.opportunity) as form, form.party_ids.new() as party:
            party.partner_id = self.bert
            party.role_id = self.user_role
            party.influence = "high"
        self.assertEqual(self.opportunity.party_ids.partner_id, self.anna + self.bert)

    def test_the_shipped_roles(self):
        names = self.env["opportunity.party.role"].search([]).mapped("name")
        self.assertLessEqual(
            {
                "Champion",
                "Decision Maker",
                "End User",
                "Economic Buyer",
                "Influencer",
                "Technical Buyer",
            },
            set(names),
        )

    @mute_logger("odoo.sql_db")
    def test_nobody_twice_in_the_same_role(self):
        with self.assertRefused(UniqueViolation) as refused:
            self._add_party(self.opportunity, self.anna)
        message = self.party._sql_error_to_message(refused.exception)
        self.assertIn("once with the same role", message)
        self._add_party(self.opportunity, self.anna, self.user_role)
        with self.assertRefused(UniqueViolation):
            self._add_party(self.opportunity, self.anna, self.user_role)

    @mute_logger("odoo.sql_db")
    def test_nobody_twice_without_a_role(self):
        row = {"partner_id": self.bert.id, "role_id": False}
        with self.assertRefused(UniqueViolation):
            self.opportunity.party_ids = [Command.create(row), Command.create(row)]

    def test_a_contact_of_another_company_is_refused(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.bert.company_id = elsewhere
        self.opportunity.sudo().company_id = self.env.company
        with self.assertRefused(UserError, "company"):
            self._add_party(self.opportunity.sudo(), self.bert)

    def test_the_list_finds_it_by_any_of_its_people(self):
        found = self.Lead.with_user(self.user_sales_salesman).search(
            [("party_ids.partner_id", "ilike", "anna par")]
        )
        self.assertEqual(found, self.opportunity)

    @users("user_sales_leads")
    def test_the_contact_shows_every_opportunity_it_takes_part_in(self):
        primary = self._create_opportunity(partner_id=self.anna.id)
        self._add_party(primary, self.anna)
        anna, company = self.anna.with_env(self.env), self.company.with_env(self.env)
        self.assertEqual(anna.opportunity_count, 2, "each opportunity counts once")
        self.assertEqual(company.opportunity_count, 2)
        for contact in (anna, company):
            action = contact.action_view_opportunity()
            self.assertEqual(
                self.env["crm.lead"].search(action["domain"]),
                (primary + self.opportunity).with_env(self.env).sorted("id", True),
            )

    def test_it_follows_the_rights_on_the_opportunity(self):
        foreign = self._create_opportunity(self.user_sales_leads)
        theirs = self._add_party(foreign, self.bert)
        mine = self.party.with_user(self.user_sales_salesman)
        self.assertEqual(mine.search([("partner_id", "=", self.anna.id)]), mine)
        mine.influence = "low"
        hidden = theirs.with_user(self.user_sales_salesman)
        self.assertFalse(mine.search([("partner_id", "=", self.bert.id)]))
        for operation in (
            lambda: hidden.read(["note"]),
            lambda: hidden.write({"note": "x"}),
            lambda: hidden.unlink(),
            lambda: mine.create({"lead_id": foreign.id, "partner_id": self.anna.id}),
            lambda: mine.write({"lead_id": foreign.id}),
        ):
            with self.assertRefused(AccessError):
                operation()

    def test_an_archived_opportunity_keeps_its_people(self):
        self.opportunity.action_set_lost()
        mine = self.party.with_user(self.user_sales_salesman)
        self.assertEqual(mine.search([("id", "=", mine.id)]), mine)

    def _merge_contacts(self):
        """Merge Anna into Bert."""
        self.env["base.partner.merge.automatic.wizard"].with_user(
            self.env.ref("base.user_admin")
        )._merge([self.anna.id, self.bert.id], self.bert)
        self.env.invalidate_all()

    def test_merging_contacts_makes_one_party_of_the_same_role(self):
        self.party.write({"influence": "high", "note": "Knows everybody"})
        self._add_party(self.opportunity, self.bert).note = "Likes desks"
        self._add_party(self.opportunity, self.anna, self.user_role)
        foreign = self._create_opportunity(self.user_sales_leads)
        self._add_party(foreign, self.anna)
        self._merge_contacts()
        self.assertRecordValues(
            self.opportunity.party_ids.sorted("role_id"),
            [
                {
                    "partner_id": self.bert.id,
                    "role_id": self.champion.id,
                    "influence": "high",
                    "note": "Knows everybody, Likes desks",
                },
                {
                    "partner_id": self.bert.id,
                    "role_id": self.user_role.id,
                    "influence": False,
                    "note": False,
                },
            ],
        )
        self.assertEqual(foreign.party_ids.partner_id, self.bert)

    def test_a_contact_that_takes_part_is_not_deleted(self):
        keeper = new_test_user(self.env, "keeper", groups="base.group_partner_manager")
        for contact in (self.anna, self.anna.with_user(keeper)):
            with self.assertRefused(UserError, "Anna Party.*Archive"):
                contact.unlink()
        self.party.unlink()
        self.anna.with_user(keeper).unlink()
        self.assertFalse(self.anna.exists())

    def test_a_duplicate_has_the_same_people(self):
        self.assertEqual(self.opportunity.copy().party_ids.partner_id, self.anna)

    def test_open_contact(self):
        self.opportunity.partner_id = self.anna
        self.assertEqual(self.opportunity.action_open_contact()["res_id"], self.anna.id)

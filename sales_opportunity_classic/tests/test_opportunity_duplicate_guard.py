from contextlib import closing

from psycopg2.errors import SerializationFailure

from odoo import api
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.sql_db import db_connect
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.crm.tests.common import INCOMING_EMAIL

from ..models.opportunity_settings_mixin import AUTOMATIC
from .common import OpportunityCommon


@tagged("post_install", "-at_install")
class TestOpportunityDuplicateGuard(OpportunityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env["res.partner"].create(
            {"name": "One Customer", "is_company": True}
        )
        cls.person = cls.env["res.partner"].create(
            {"name": "Their Buyer", "parent_id": cls.customer.id}
        )
        cls.opportunity.partner_id = cls.customer

    def _compete(self, **values):
        values = {"partner_id": self.person.id, **values}
        return self._create_opportunity(self.user_sales_leads, **values)

    def test_none_lets_everybody_sell(self):
        self.assertFalse(self._compete().duplicate_user_ids)

    def test_warn_names_the_other_salesperson(self):
        self._set_parameter("duplicate_guard", "warn")
        lead = self._compete()
        self.assertEqual(lead.duplicate_user_ids, self.user_sales_salesman)
        self.assertEqual(self.opportunity.duplicate_user_ids, self.user_sales_leads)

    def test_block_refuses_on_every_way_in(self):
        self._set_parameter("duplicate_guard", "block")
        message = "One Customer already has an open opportunity with Orteil"
        with self.assertRefused(ValidationError, message):
            self._compete()
        lead = self._compete(partner_id=False)
        with self.assertRefused(ValidationError, message):
            lead.partner_id = self.person
        mine = self._create_opportunity(partner_id=self.person.id)
        with self.assertRefused(ValidationError, message):
            mine.with_user(self.user_sales_leads).user_id = self.user_sales_leads

    def test_block_lets_closed_and_foreign_deals_be(self):
        self._set_parameter("duplicate_guard", "block")
        self.assertTrue(self._compete(partner_id=self.contact_1.id))
        self.opportunity.action_set_lost()
        lead = self._compete()
        with self.assertRefused(ValidationError):
            self.opportunity.action_restore()
        lead.action_set_won()
        self.opportunity.action_restore()
        self.assertEqual(self.opportunity.won_status, "pending")

    def test_leads_and_unassigned_opportunities_do_not_count(self):
        self._set_parameter("duplicate_guard", "block")
        self.opportunity.sudo().user_id = False
        self.assertTrue(self._compete())
        self.assertTrue(
            self._create_opportunity(partner_id=self.customer.id, type="lead")
        )

    # === ACTS OF NOBODY === #

    def test_block_lets_the_mail_gateway_in_and_warns(self):
        self._set_parameter("duplicate_guard", "block")
        self.person.email = "buyer@example.com"
        self.sales_team_1.alias_defaults = {
            "type": "opportunity",
            "user_id": self.user_sales_leads.id,
            "partner_id": self.person.id,
        }
        lead = self.format_and_process(
            INCOMING_EMAIL,
            self.person.email,
            self.sales_team_1.alias_email,
            subject="Ten more desks",
            target_field="name",
            target_model="crm.lead",
        )
        self.assertEqual(lead.partner_id, self.person)
        lead = lead.with_user(self.user_sales_leads)
        self.assertEqual(lead.user_id, self.user_sales_leads)
        self.assertEqual(lead.duplicate_user_ids, self.user_sales_salesman)
        lead.write({"stage_id": self.stage_second.id, "name": "It stays usable"})
        with self.assertRefused(ValidationError, "already has an open opportunity"):
            lead.user_id = self.user_sales_manager

    def test_block_lets_the_assignment_of_a_manager_go_on(self):
        self._set_parameter("duplicate_guard", "block")
        lead = self.Lead.create(
            {
                "name": "From the website",
                "type": "lead",
                "partner_id": self.person.id,
                "team_id": self.sales_team_1.id,
                "user_id": False,
            }
        )
        self.env.flush_all()
        team = self.sales_team_1.with_user(self.user_sales_manager)
        team.action_assign_leads()
        self.assertTrue(lead.user_id)
        self.assertEqual(lead.type, "opportunity")
        self.assertEqual(lead.duplicate_user_ids, self.user_sales_salesman)

    def test_a_client_cannot_pretend_to_be_nobody(self):
        self._set_parameter("duplicate_guard", "block")
        Lead = self.Lead.with_user(self.user_sales_leads)
        for actor in (True, repr(AUTOMATIC)):
            with self.assertRefused(ValidationError):
                Lead.with_context(opportunity_actor=actor).create(
                    {
                        "name": "Pretended",
                        "type": "opportunity",
                        "partner_id": self.person.id,
                        "user_id": self.user_sales_leads.id,
                    }
                )

    # === COMPANIES === #

    def test_other_companies_are_neither_compared_nor_named(self):
        self._set_parameter("duplicate_guard", "block")
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.user_sales_salesman.company_ids = [Command.link(company.id)]
        self.opportunity.sudo().write({"team_id": False, "company_id": company.id})
        lead = self._compete(company_id=False)
        self.assertFalse(lead.duplicate_user_ids)
        self.user_sales_leads.company_ids = [Command.link(company.id)]
        with self.assertRefused(ValidationError, "Orteil"):
            lead.company_id = company
        with self.assertRefused(ValidationError, "Orteil"):
            self._compete(company_id=False)

    def test_without_a_company_it_belongs_to_every_company(self):
        self._set_parameter("duplicate_guard", "block")
        for mine, other in ((self.env.company.id, False), (False, self.env.company.id)):
            self.opportunity.sudo().company_id = mine
            with self.assertRefused(ValidationError, "Orteil"):
                self._compete(company_id=other)

    # === CONTACTS === #

    def test_block_refuses_to_join_the_customers_of_two_salespeople(self):
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        self._compete(partner_id=stranger.id)
        stranger = stranger.with_user(self.user_sales_manager)
        stranger.parent_id = self.customer
        stranger.parent_id = False
        self._set_parameter("duplicate_guard", "block")
        with self.assertRefused(
            ValidationError, "Stranger cannot become part of One Customer.*with Orteil"
        ):
            stranger.parent_id = self.customer
        self.customer.with_user(self.user_sales_manager).child_ids = [
            Command.create({"name": "New one"})
        ]
        stranger.sudo().parent_id = self.customer
        self.assertEqual(stranger.commercial_partner_id, self.customer)

    def test_a_subsidiary_that_becomes_a_person(self):
        subsidiary = self.person.create(
            {"name": "Sub", "is_company": True, "parent_id": self.customer.id}
        )
        self._set_parameter("duplicate_guard", "block")
        self._compete(partner_id=subsidiary.id)
        with self.assertRefused(ValidationError, "Sub cannot become part of"):
            subsidiary.with_user(self.user_sales_manager).is_company = False

    # === TWO AT ONCE === #

    def _lock_in(self, cr):
        """Lock a customer that other transactions know as well."""
        Lead = api.Environment(cr, api.SUPERUSER_ID, {})["crm.lead"]
        values = {
            "type": "opportunity",
            "partner_id": self.env.ref("base.public_partner").id,
            "user_id": self.env.ref("base.user_admin").id,
        }
        Lead.new(values)._lock_customers()

    @mute_logger("odoo.sql_db")
    def test_who_began_before_another_took_the_customer_begins_again(self):
        connect = db_connect(self.env.cr.dbname).cursor
        with closing(connect()) as first, closing(connect()) as late:
            # The view of the database dates from the first query.
            late.execute("SELECT 1")
            self._lock_in(first)
            first.commit()
            with self.assertRaises(SerializationFailure):
                self._lock_in(late)

    def test_customers_are_locked_only_to_block(self):
        locked = []
        lock = type(self.Lead)._lock_customers
        self.patch(
            type(self.Lead),
            "_lock_customers",
            lambda leads: locked.append(leads) or lock(leads),
        )
        self._set_parameter("duplicate_guard", "warn")
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        lead = self._compete()
        lead.user_id = False
        self.assertFalse(locked)
        self._set_parameter("duplicate_guard", "block")
        lead.name = "Renamed"
        self.assertFalse(any(locked))
        lead.write({"user_id": self.user_sales_leads.id, "partner_id": stranger.id})
        self.assertIn(lead, locked)

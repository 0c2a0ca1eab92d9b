from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError
from odoo.tests import tagged, users
from odoo.tools import mute_logger

from .common import OpportunityCommon


@tagged("post_install", "-at_install")
class TestOpportunityPartyRole(OpportunityCommon):
    @users("user_sales_salesman")
    def test_salespeople_choose_but_do_not_define(self):
        records = self.env["opportunity.party.role"].search([])
        self.assertTrue(records)
        with self.assertRefused(AccessError):
            records.create({"name": "Mine"})
        with self.assertRefused(AccessError):
            records[0].name = "Mine"

    @users("user_sales_manager")
    def test_managers_define(self):
        record = self.env["opportunity.party.role"].create({"name": "New one"})
        record.name = "Better name"
        self.assertEqual(record.display_name, "Better name")

    @mute_logger("odoo.sql_db")
    def test_a_name_is_given_once(self):
        record = self.env["opportunity.party.role"].create({"name": "Twice"})
        with self.assertRefused(UniqueViolation):
            record.copy({"name": "Twice"})

from odoo.exceptions import ValidationError
from odoo.tests import tagged

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
            mine.sudo().user_id = self.user_sales_leads

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

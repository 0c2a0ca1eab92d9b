from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import OpportunityCommon


@tagged("post_install", "-at_install")
class TestOpportunityCompany(OpportunityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.here = cls.env.company
        cls.elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.user_sales_manager.company_ids = [Command.link(cls.elsewhere.id)]
        cls.local = cls.env["res.partner"].create(
            {"name": "Local", "company_id": cls.here.id}
        )
        cls.folder = cls.env["opportunity.folder"].create(
            {"name": "Local Folder", "company_id": cls.here.id}
        )
        cls.links = {
            "folder_id": cls.folder.id,
            "awarded_to_id": cls.local.id,
            "competitor_ids": [Command.link(cls.local.id)],
            "party_ids": [Command.create({"partner_id": cls.local.id})],
        }
        cls.lead = cls.opportunity.with_user(cls.user_sales_manager).with_context(
            allowed_company_ids=cls.user_sales_manager.company_ids.ids
        )
        cls.lead.write({"team_id": False, "user_id": cls.user_sales_manager.id})
        cls.lead.company_id = cls.here

    def _link(self, name):
        self.lead.write({name: self.links[name]})

    def _unlink(self, name):
        self.lead.write({name: [Command.clear()] if name[-1] == "s" else False})

    def test_the_company_stays_while_something_is_of_it(self):
        for name in self.links:
            self._link(name)
            for company in (self.elsewhere, self.elsewhere.browse()):
                for lead in (self.lead, self.lead.sudo()):
                    with self.assertRefused(UserError, "Local"):
                        lead.company_id = company
            self._unlink(name)
        self.lead.company_id = self.elsewhere

    def test_nothing_of_another_company_is_linked(self):
        self.lead.company_id = self.elsewhere
        for name in self.links:
            with self.assertRefused(UserError, "Local"):
                self._link(name)
            with self.assertRefused(UserError, "Local"):
                self.lead.create(
                    {
                        "name": "New",
                        "company_id": self.elsewhere.id,
                        name: self.links[name],
                    }
                )

    def test_a_salesperson_of_another_company_changes_the_company(self):
        seller = self.user_sales_leads
        seller.write(
            {
                "company_ids": [Command.set(self.elsewhere.ids)],
                "company_id": self.elsewhere.id,
            }
        )
        for name in self.links:
            self._link(name)
            with self.assertRefused(UserError, "Local"):
                self.lead.user_id = seller
            self._unlink(name)
        self.lead.user_id = seller
        self.assertEqual(self.lead.company_id, self.elsewhere)

    def test_nobody_may_follow_it(self):
        self._link("party_ids")
        self.lead.team_id = self.sales_team_1
        self.lead.user_id = False
        self.assertFalse(self.lead.company_id)

    def test_the_assignment_goes_on(self):
        self._link("folder_id")
        self.user_sales_leads.write(
            {
                "company_ids": [Command.set(self.elsewhere.ids)],
                "company_id": self.elsewhere.id,
            }
        )
        self.lead.sudo().user_id = self.user_sales_leads
        self.assertEqual(self.lead.company_id, self.elsewhere)

    def test_merging_leaves_behind_what_is_of_another_company(self):
        for name in self.links:
            self._link(name)
        other = self.lead.create(
            {
                "name": "Better",
                "type": "opportunity",
                "stage_id": self.stage_second.id,
                "user_id": self.user_sales_manager.id,
                "company_id": self.elsewhere.id,
                "party_ids": [Command.create({"partner_id": self.contact_1.id})],
            }
        )
        merged = (other + self.lead).merge_opportunity()
        self.assertEqual(merged, other)
        self.assertRecordValues(
            merged,
            [
                {
                    "company_id": self.elsewhere.id,
                    "folder_id": False,
                    "competitor_ids": [],
                }
            ],
        )
        self.assertEqual(merged.party_ids.partner_id, self.contact_1)

    def test_merging_takes_over_the_first_company_and_what_is_of_it(self):
        for name in self.links:
            self._link(name)
        other = self.lead.create(
            {
                "name": "Better",
                "type": "opportunity",
                "stage_id": self.stage_second.id,
                "user_id": self.user_sales_manager.id,
                "company_id": False,
            }
        )
        merged = (other + self.lead).merge_opportunity()
        self.assertRecordValues(
            merged,
            [
                {
                    "company_id": self.here.id,
                    "folder_id": self.folder.id,
                    "competitor_ids": self.local.ids,
                }
            ],
        )
        self.assertEqual(merged.party_ids.partner_id, self.local)

    # === PRODUCTS === #

    def _add_product(self, lead=None, **values):
        lead = lead or self.lead
        product = self.env["product.product"].create(
            {"name": "Desk", "list_price": 100.0, **values}
        )
        return lead.env["opportunity.line"].create(
            {"lead_id": lead.id, "product_id": product.id}
        )

    def test_an_offer_moves_to_another_company(self):
        pricelists = self.env.ref("product.group_product_pricelist")
        self.env.ref("base.group_user").implied_ids += pricelists
        Pricelist = self.env["product.pricelist"]
        here, elsewhere = (
            Pricelist.create({"name": company.name, "company_id": company.id})
            for company in (self.here, self.elsewhere)
        )
        for pricelist in (here, elsewhere):
            customer = self.contact_1.with_company(pricelist.company_id)
            customer.property_product_pricelist = pricelist
        self.lead.partner_id = self.contact_1
        line = self._add_product()
        self.assertEqual(self.lead.pricelist_id, here)
        with self.assertRefused(ValidationError, "Elsewhere.*another company"):
            self.lead.pricelist_id = elsewhere
        self.lead.company_id = self.elsewhere
        self.assertEqual(self.lead.pricelist_id, elsewhere)
        self.assertEqual(line.company_id, self.elsewhere)
        order = self.lead._create_order()
        self.assertEqual(order.company_id, self.elsewhere)

    def test_fiscal_positions_are_those_of_the_company(self):
        for company in (self.here, self.elsewhere):
            position = self.env["account.fiscal.position"].create(
                {"name": company.name, "company_id": company.id}
            )
            customer = self.contact_1.with_company(company)
            customer.property_account_position_id = position
        self.lead.partner_id = self.contact_1
        self._add_product()
        self.assertEqual(self.lead.fiscal_position_id.company_id, self.here)
        self.lead.company_id = self.elsewhere
        self.assertEqual(self.lead.fiscal_position_id.company_id, self.elsewhere)

    def test_the_company_stays_while_its_products_are_offered(self):
        line = self._add_product(company_id=self.here.id)
        with self.assertRefused(UserError, "Desk"):
            self.lead.company_id = self.elsewhere
        line.unlink()
        self.lead.company_id = self.elsewhere

    def test_who_offers_first_is_the_company(self):
        self.lead.write({"user_id": False, "company_id": False})
        self.assertFalse(self.lead.company_id)
        self._add_product(self.lead.with_context(allowed_company_ids=self.here.ids))
        self.assertEqual(self.lead.company_id, self.here)

    def test_products_merged_take_the_taxes_of_the_first_company(self):
        tax = self.env["account.tax"].create({"name": "Local", "amount": 15})
        self.lead.company_id = self.elsewhere
        self.lead.stage_id = self.stage_second
        other = self.lead.create(
            {"name": "Other", "type": "opportunity", "company_id": self.here.id}
        )
        self._add_product(other, taxes_id=[Command.set(tax.ids)])
        merged = (self.lead + other).merge_opportunity()
        self.assertEqual(merged, self.lead)
        self.assertEqual(merged.line_ids.product_id.name, "Desk")
        self.assertFalse(merged.line_ids.tax_ids)

    # === FOLDERS === #

    def test_a_folder_takes_the_company_of_its_content_only(self):
        self.folder.company_id = False
        manager = self.user_sales_manager
        manager.company_ids = [Command.unlink(self.elsewhere.id)]
        hidden = self._create_opportunity(folder_id=self.folder.id).sudo()
        hidden.write({"team_id": False, "user_id": False})
        hidden.write({"company_id": self.elsewhere.id, "active": False})
        self.env.invalidate_all()
        folder = self.folder.with_user(manager)
        with self.assertRefused(UserError, "Local Folder.*another company.*1"):
            folder.company_id = self.here
        hidden.folder_id = False
        folder.company_id = self.here
        folder.create(
            {"name": "Sub", "parent_id": folder.id, "company_id": self.here.id}
        )
        with self.assertRefused(UserError, "Local Folder.*another company.*1"):
            self.folder.company_id = self.elsewhere
        folder.company_id = False

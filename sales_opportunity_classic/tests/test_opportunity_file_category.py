from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import OpportunityCommon


@tagged("post_install", "-at_install")
class TestOpportunityFileCategory(OpportunityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Category = cls.env["opportunity.file.category"]
        cls.contract = cls.env.ref(
            "sales_opportunity_classic.opportunity_file_category_contract"
        )

    def test_categories_are_shipped(self):
        names = self.Category.search([("parent_id", "=", False)]).mapped("name")
        self.assertLessEqual(
            {
                "Contract",
                "Estimate",
                "Questionnaire",
                "Invoice",
                "Correspondence",
                "Other",
            },
            set(names),
        )

    def test_managers_grow_the_tree_and_salespeople_choose(self):
        lease = self.Category.with_user(self.user_sales_manager).create(
            {"name": "Lease", "parent_id": self.contract.id}
        )
        self.assertEqual(lease.display_name, "Contract / Lease")
        salesman = lease.with_user(self.user_sales_salesman)
        self.assertEqual(salesman.complete_name, "Contract / Lease")
        for operation in (
            lambda: salesman.create({"name": "Mine"}),
            lambda: salesman.write({"name": "Mine"}),
            salesman.unlink,
        ):
            with self.assertRefused(AccessError):
                operation()

    def test_no_cycles(self):
        lease = self.Category.create({"name": "Lease", "parent_id": self.contract.id})
        with self.assertRefused(ValidationError, "into itself"):
            self.contract.parent_id = lease

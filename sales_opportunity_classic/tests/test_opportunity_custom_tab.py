from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import CustomFieldsCommon


@tagged("post_install", "-at_install")
class TestOpportunityCustomTab(CustomFieldsCommon):
    def test_a_tab_stays_on_its_kind_of_record(self):
        with self.assertRefused(ValidationError, "stays on the kind of record"):
            self.tab.model = "res.partner"

    def test_tabs_of_contacts_have_no_team(self):
        with self.assertRefused(ValidationError, "contacts have no sales team"):
            self.Tab.create(
                {
                    "name": "Size",
                    "model": "res.partner",
                    "team_ids": self.sales_team_1.ids,
                }
            )

    def test_tabs_are_ordered(self):
        second = self.tab.copy({"name": "Second", "sequence": 1})
        self._draft()
        self._draft("Money", group_id=second.header_ids[0].id)
        self.tab.action_apply()
        arch = self.Lead.get_view(view_type="form")["arch"]
        self.assertLess(arch.index("Second"), arch.index("Launch"))

    def test_a_tab_with_values_is_not_deleted(self):
        self._apply()
        self.opportunity.x_budget = "Low"
        with self.assertRefused(UserError, "has a value on 1 records"):
            self.tab.unlink()

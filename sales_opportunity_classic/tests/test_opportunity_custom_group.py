from lxml import etree

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import CustomFieldsCommon


@tagged("post_install", "-at_install")
class TestOpportunityCustomGroup(CustomFieldsCommon):
    def test_a_field_moves_to_another_header(self):
        field = self._apply()
        field.group_id = self.technical
        self.assertEqual(
            self.definition.get_editor()["changes"], ["Changes the field “Budget”"]
        )
        contacts = self.tab.copy({"model": "res.partner"})
        with self.assertRefused(ValidationError, "stays on the kind of record"):
            field.group_id = contacts.header_ids[0]

    def test_a_header_moves_to_another_tab(self):
        self._apply()
        other = self.Tab.create({"name": "Other"})
        self.dates.tab_id = other
        self.definition.action_apply()
        arch = self.Lead.get_view(view_type="form")["arch"]
        self.assertIn('string="Other"', arch)
        self.assertNotIn('string="Launch"', arch)

    def test_fields_stand_in_one_column_or_two(self):
        self._draft()
        self._apply("Size")
        for columns, count in (("1", 1), ("2", 2)):
            self.dates.columns = columns
            self.definition.action_apply()
            arch = etree.fromstring(self.Lead.get_view(view_type="form")["arch"])
            path = f"//group[@name='custom_{self.dates.id}']/group"
            self.assertEqual(len(arch.xpath(path)), count)

from odoo.tests import tagged

from ..tools.letters.merging import Value
from .common import CustomFieldsCommon


@tagged("post_install", "-at_install")
class TestOpportunityLetterField(CustomFieldsCommon):
    """Which fields letters may ask for, and what they are as text."""

    def _read(self, key):
        lead = self.opportunity.with_user(self.user_sales_salesman)
        return lead._get_letter_value(lead._get_letter_fields(), key)

    def _apply_filled(self, label, field_type, value, **values):
        field = self._apply(label, field_type, **values)
        self.opportunity[field.name] = value
        return f"custom.crm_lead.{field.name}"

    def test_custom_fields_are_offered(self):
        for label, field_type, value, text in (
            ("Go Live", "date", "2030-01-02", "January 2, 2030"),
            ("Version", "text", "19.0", "19.0"),
            ("Seats", "whole_number", 12, "12"),
            ("Weight", "decimal_number", 1234.5, "1,234.50"),
            ("Signed", "yes_no", "yes", "Yes"),
        ):
            key = self._apply_filled(label, field_type, value)
            self.assertEqual(self._read(key).text, text, label)

    def test_a_choice_is_told_by_its_label(self):
        field = self._apply("Risk", "dropdown", options=("Low", "High"))
        key = field.option_ids[1].key
        self.opportunity[field.name] = key
        value = self._read(f"custom.crm_lead.{field.name}")
        self.assertEqual(value, Value("High"))

    def test_what_is_not_filled_is_empty(self):
        field = self._apply("Version", "text")
        self.assertEqual(self._read(f"custom.crm_lead.{field.name}"), Value())

    def test_what_is_not_in_the_list_is_no_field(self):
        for key in ("", "id", "user_id.password", "__class__", "custom.crm_lead.name"):
            self.assertIn("no field", self._read(key).reason, key)

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.mail.tests.common import mail_new_test_user

from .common import CustomFieldsCommon


@tagged("post_install", "-at_install")
class TestOpportunityCustomOption(CustomFieldsCommon):
    def test_keys_are_made_once(self):
        field = self._draft("Size", "dropdown", ("Très grand", "🚀", "🛸"))
        options = field.option_ids
        self.assertEqual(options.mapped("key"), ["tres_grand", "option", "option_2"])
        options[0].name = "Large"
        self.assertEqual(options[0].key, "tres_grand")
        with self.assertRefused(ValidationError, "key of an option stays"):
            options[0].key = "large"

    def test_options_twice_or_empty(self):
        field = self._draft("Size", "dropdown", ("Small",))
        for name in ("small", "  SMALL ", "", "\x00"):
            with self.subTest(name=name), self.assertRefused(ValidationError):
                self.Option.create({"field_id": field.id, "name": name})

    def test_a_text_has_no_options(self):
        with self.assertRefused(ValidationError, "not of a type with options"):
            self._draft("Budget", "text", ("Small",))

    def test_a_renamed_option_keeps_its_records(self):
        field = self._apply("Size", "dropdown", ("Small", "Large"))
        self.opportunity.x_size = "small"
        field.option_ids[0].name = "Tiny"
        self.Option.create({"field_id": field.id, "name": "Huge"})
        self.tab.action_apply()
        choices = dict(self.Lead.fields_get(["x_size"])["x_size"]["selection"])
        self.assertEqual(choices, {"small": "Tiny", "large": "Large", "huge": "Huge"})
        self.assertEqual(self.opportunity.x_size, "small")

    def test_an_option_in_use_does_not_vanish(self):
        for field_type in ("dropdown", "radio", "list_box", "drilldown"):
            with self.subTest(field_type=field_type):
                field = self._apply(field_type, field_type, ("Small", "Large"))
                small, large = field.option_ids
                chosen = field._get_stored_value(small)
                if field_type == "list_box":
                    chosen = small.ids
                self.opportunity[field.name] = chosen
                with self.assertRefused(UserError, "chosen on 1 records"):
                    small.unlink()
                large.unlink()
                small.active = False
                self.tab.action_apply()
                self.assertTrue(self.opportunity[field.name])

    def test_a_tree_of_options(self):
        field = self._apply("Region", "drilldown", ("Europe",))
        europe = field.option_ids
        france = self.Option.create(
            {"field_id": field.id, "name": "France", "parent_id": europe.id}
        )
        self.assertEqual(france.complete_name, "Europe / France")
        with self.assertRefused(ValidationError, "not applied yet"):
            self.opportunity.x_region = france
        self.tab.action_apply()
        self.opportunity.x_region = france
        self.assertEqual(
            self.Lead.search([("x_region", "child_of", europe.id)]), self.opportunity
        )
        with self.assertRefused(UserError, "Recursion"):
            europe.parent_id = france

    def test_options_below_need_a_drilldown_of_their_own(self):
        region = self._draft("Region", "drilldown", ("Europe",))
        size = self._draft("Size", "dropdown", ("Small",))
        for field in (size, self._draft("Area", "drilldown")):
            with self.assertRefused(ValidationError):
                self.Option.create(
                    {
                        "field_id": field.id,
                        "name": "France",
                        "parent_id": region.option_ids.id,
                    }
                )

    def test_an_option_of_another_field_is_refused(self):
        self._draft("Size", "drilldown", ("Small",))
        field = self._apply("Region", "drilldown", ("Europe",))
        with self.assertRefused(ValidationError, "one of another field"):
            self.opportunity.x_size = field.option_ids

    def test_salespeople_read_the_options_of_fields_they_see(self):
        group = self.env["res.groups"].create({"name": "Secret"})
        field = self._apply("Region", "drilldown", ("Europe",), groups=group.ids)
        options = self.Option.with_user(self.user_sales_salesman)
        self.assertFalse(options.search([("field_id", "=", field.id)]))
        group.user_ids = self.user_sales_salesman
        self.assertEqual(options.search([("field_id", "=", field.id)]).name, "Europe")

    def test_employees_read_the_options_of_applied_fields_they_read(self):
        group = self.env["res.groups"].create({"name": "Secret"})
        employee = mail_new_test_user(self.env, login="employee")
        options = self.Option.with_user(employee)
        self.tab.group_ids = group
        field = self._draft("Colours", "list_box", ("Red",))
        for _state in ("drafted", "applied"):
            with self.subTest(_state):
                self.assertFalse(options.search([("field_id", "=", field.id)]))
                with self.assertRefused(AccessError):
                    field.option_ids.with_user(employee).read(["name"])
                self.tab.action_apply()
        self.assertTrue(field.option_ids.read(["name"]))
        group.user_ids = employee
        self.assertEqual(options.search([("field_id", "=", field.id)]).name, "Red")
        group.user_ids = False
        self.tab.group_ids = False
        self.assertFalse(options.search([("field_id", "=", field.id)]))
        self.tab.action_apply()
        self.assertEqual(options.search([("field_id", "=", field.id)]).name, "Red")

    def test_options_of_drafts_are_read_by_sales_managers_only(self):
        field = self._draft("Colours", "list_box", ("Red",))
        options = self.Option.with_user(self.user_sales_salesman)
        self.assertFalse(options.search([("field_id", "=", field.id)]))
        self.assertTrue(self.Option.search([("field_id", "=", field.id)]))
        copy = self._apply("Size", "list_box", ("Small",)).copy({"label": "Other"})
        self.assertFalse(copy.reader_ids)

    def test_who_reads_options_changes_at_once(self):
        field = self._apply("Region", "drilldown", ("Europe",))
        options = self.Option.with_user(self.user_sales_salesman)
        self.assertTrue(options.search([("field_id", "=", field.id)]))
        field.reader_ids = False
        self.assertFalse(options.search([("field_id", "=", field.id)]))

    def test_trees_have_ten_levels(self):
        field = self._draft("Region", "drilldown")
        nested = {"field_id": field.id, "name": "Level"}
        for _level in range(400):
            nested = {**nested, "child_ids": [Command.create(nested)]}
        with self.assertRefused(ValidationError, "at most 10 levels"):
            self.Option.create(nested)
        option = self.Option
        for level in range(10):
            option = self.Option.create(
                {"field_id": field.id, "name": f"No. {level}", "parent_id": option.id}
            )
        other = self.Option.create({"field_id": field.id, "name": "Other"})
        with self.assertRefused(ValidationError, "at most 10 levels"):
            option.copy({"parent_id": option.id})
        top = field.option_ids.filtered(lambda o: o.name == "No. 0")
        with self.assertRefused(ValidationError, "at most 10 levels"):
            top.parent_id = other
        other.parent_id = top

    def test_many_options_are_made_by_few_statements(self):
        names = [f"Size {number}" for number in range(300)]
        with self.assertQueryCount(60):
            field = self._draft("Size", "dropdown", names)
            self.env.flush_all()
        self.assertEqual(len(set(field.option_ids.mapped("key"))), 300)

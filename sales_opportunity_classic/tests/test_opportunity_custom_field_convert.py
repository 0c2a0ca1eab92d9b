from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .common import CustomDialogsCommon


@tagged("post_install", "-at_install")
class TestOpportunityCustomFieldConvert(CustomDialogsCommon):
    def _open_convert(self, field, field_type, **values):
        return self._open(field.action_convert(), field_type=field_type, **values)

    def _convert(self, field, field_type, **values):
        """Convert a field and return the dialog and the new field."""
        dialog = self._open_convert(field, field_type, **values)
        dialog.action_convert()
        self.env.invalidate_all()
        return dialog, dialog.new_field_id

    def _make(self, field_type, *stored, options=(), **values):
        """Apply a field with these values on an opportunity each."""
        field = self._draft("Remark", field_type, options, **values)
        self.definition.action_apply()
        leads = self._create_leads(*[{"x_remark": value} for value in stored])
        self.env.flush_all()
        return field, leads

    def test_texts_become_numbers_and_the_others_are_shown(self):
        field, leads = self._make("text", "7", " 12 ", "many", False)
        leads[1].active = False
        dialog = self._open_convert(field, "whole_number")
        self.assertEqual((dialog.converted_count, dialog.failed_count), (2, 1))
        self.assertIn("many", dialog.failures)
        self.assertIn(leads[2].name, dialog.failures)
        self.assertNotIn(leads[1].name, dialog.failures)
        dialog.action_convert()
        self.env.invalidate_all()
        self.assertEqual(leads.mapped("x_remark_whole_number"), [7, 12, 0, 0])
        self.assertEqual(leads.mapped("x_remark"), ["7", " 12 ", "many", False])
        self.assertEqual((dialog.converted_count, dialog.failed_count), (2, 1))

    def test_the_new_field_stands_beside_the_old_one_which_is_archived(self):
        field, _leads = self._make(
            "text", "7", help_text="How many?", required=True, show_in_list=True
        )
        last = self._draft("Last", "text")
        _dialog, new = self._convert(field, "whole_number")
        self.assertEqual(self.dates.field_ids, field + new + last)
        self.assertTrue(new.is_applied)
        self.assertEqual(new.label, "Remark (Whole Number)")
        self.assertEqual(new.help_text, "How many?")
        self.assertTrue(new.required and new.show_in_list and last.is_applied)
        self.assertFalse(field.active)
        self.assertFalse(self.definition._get_changes())

    def test_the_old_field_stays_if_people_want_it(self):
        field, _leads = self._make("text", "7")
        self._convert(field, "whole_number", archive_old=False, label="Seats")
        self.assertTrue(field.active)
        self.assertIn("x_seats", self.Lead._fields)

    def test_texts_become_options_once_whatever_their_case(self):
        field, leads = self._make("text", "Red", "red ", "Blue", "x" * 129)
        dialog, new = self._convert(field, "dropdown")
        self.assertEqual(new.option_ids.mapped("name"), ["Blue", "Red"])
        self.assertEqual(
            leads.mapped("x_remark_drop_down"), ["red", "red", "blue", False]
        )
        self.assertEqual(dialog.failed_count, 1)

    def test_texts_become_lists_and_trees(self):
        field, leads = self._make("text", "Red, Blue", "blue;red", "Europe / France")
        _dialog, boxes = self._convert(field, "list_box")
        names = [set(lead.x_remark_list_box.mapped("name")) for lead in leads[:2]]
        self.assertEqual(names, [{"Red", "Blue"}] * 2)
        self.assertEqual(len(boxes.option_ids), 3)
        _dialog, tree = self._convert(field, "drilldown")
        france = leads[2].x_remark_drill_down
        self.assertEqual(france.complete_name, "Europe / France")
        self.assertEqual(france.parent_id.field_id, tree)

    def test_too_many_options_are_refused(self):
        field, _leads = self._make("text", *[f"Value {n}" for n in range(201)])
        dialog = self._open_convert(field, "radio")
        self.assertIn("would need 201 options", dialog.problem)
        with self.assertRefused(UserError, "would need 201 options"):
            dialog.action_convert()
        self._convert(field, "text_area")

    def test_options_keep_keys_colours_and_archived_ones(self):
        field, leads = self._make(
            "dropdown", "red", "blue", options=["Red", "Blue", "Unused"]
        )
        field.option_ids[0].color = 3
        field.option_ids[2].active = False
        _dialog, new = self._convert(field, "list_box")
        options = new.option_ids
        self.assertEqual(options.mapped("key"), ["red", "blue", "unused"])
        self.assertEqual(options[0].color, 3)
        self.assertFalse(options[2].active)
        self.assertEqual(leads[0].x_remark_list_box, options[0])
        _dialog, back = self._convert(new, "radio", label="Back")
        self.assertEqual(leads.mapped("x_back"), ["red", "blue"])
        self.assertEqual(back.option_ids.mapped("key"), options.mapped("key"))

    def test_a_list_with_several_choices_does_not_become_one(self):
        field = self._draft("Remark", "list_box", ["Red", "Blue"])
        self.definition.action_apply()
        red, blue = field.option_ids
        leads = self._create_leads(
            {"x_remark": (red + blue).ids}, {"x_remark": blue.ids}
        )
        dialog, _new = self._convert(field, "dropdown")
        self.assertEqual(leads.mapped("x_remark_drop_down"), [False, "blue"])
        self.assertIn("Red, Blue", dialog.failures)
        _dialog, _text = self._convert(field, "text")
        self.assertEqual(leads.mapped("x_remark_text"), ["Red, Blue", "Blue"])

    def test_a_tree_becomes_names_with_their_levels(self):
        field = self._draft("Remark", "drilldown", ["Europe"])
        [europe] = field.option_ids
        france = europe.create(
            {"name": "France", "field_id": field.id, "parent_id": europe.id}
        )
        self.definition.action_apply()
        lead = self._create_leads({"x_remark": france.id})
        _dialog, new = self._convert(field, "dropdown")
        self.assertEqual(new.option_ids.mapped("name"), ["Europe", "Europe / France"])
        self.assertEqual(lead.x_remark_drop_down, "france")

    def test_users_become_lists_of_users_and_back(self):
        user = self.user_sales_salesman
        field, lead = self._make("user", user.id)
        _dialog, users = self._convert(field, "user_list_box")
        self.assertEqual(lead.x_remark_user_list_box, user)
        self._convert(users, "user", label="Back")
        self.assertEqual(lead.x_back, user)
        self._convert(field, "text")
        self.assertEqual(lead.x_remark_text, user.name)

    def test_names_become_users_where_they_are_one_person(self):
        twins = self.env["res.users"].create(
            [{"name": "Twin", "login": login} for login in ("twin_1", "twin_2")]
        )
        self.assertEqual(len(twins), 2)
        field, leads = self._make("text", self.user_sales_salesman.name, "Twin")
        self._convert(field, "user")
        self.assertEqual(leads[0].x_remark_user, self.user_sales_salesman)
        self.assertFalse(leads[1].x_remark_user)

    def test_days_and_times_are_those_of_the_users_time_zone(self):
        self.user_sales_manager.tz = "Europe/Brussels"
        field, lead = self._make("date", "2026-07-01")
        dialog, times = self._convert(field, "date_time")
        self.assertEqual(str(lead.x_remark_date_time), "2026-06-30 22:00:00")
        self._convert(times, "date", label="Back")
        self.assertEqual(str(lead.x_back), "2026-07-01")
        dialog = self._open_convert(field, "date_time")
        self.assertIn("Europe/Brussels", dialog.notes)

    def test_figures_stay_what_people_read(self):
        field, leads = self._make("decimal_number", 25.5, 0.0)
        _dialog, percent = self._convert(field, "percent")
        self.assertEqual(leads.mapped("x_remark_percent"), [0.255, 0.0])
        self._convert(percent, "text", label="Words")
        self.assertEqual(leads.mapped("x_words"), ["25.5 %", False])
        self._convert(field, "currency")
        self.assertEqual(leads.mapped("x_remark_currency"), [25.5, 0.0])

    def test_fixed_choices_are_read_by_name_and_number(self):
        field, leads = self._make("text", "March", "12", "Brumaire")
        self._convert(field, "month")
        self.assertEqual(leads.mapped("x_remark_month"), ["3", "12", False])

    def test_the_values_arrive_under_the_same_groups(self):
        group = self.env.ref("sales_team.group_sale_manager")
        field, _leads = self._make("text", "7", groups=group.ids)
        _dialog, new = self._convert(field, "whole_number")
        self.assertEqual(new._get_access(), field._get_access())
        column = self.Lead._fields["x_remark_whole_number"]
        self.assertEqual(column.groups, "sales_team.group_sale_manager")

    def test_a_guarded_number_does_not_become_an_open_text(self):
        field = self._draft("Remark", "social_security_number")
        self.definition.action_apply()
        lead = self._create_leads({})
        lead.sudo().x_remark = "123-45"
        self.env.flush_all()
        with self.assertRefused(UserError, "only those who see social security"):
            self._convert(field, "text")
        guard = self.env.ref("sales_opportunity_classic.group_social_security_number")
        guard.user_ids += self.user_sales_manager
        dialog, new = self._convert(field, "text")
        self.assertEqual(new._get_access(), field._get_access())
        self.assertEqual(lead.sudo().x_remark_text, "123-45")
        guard.user_ids -= self.user_sales_manager
        with self.assertRefused(AccessError):
            lead.read(["x_remark_text"])

    def test_hidden_values_are_counted_and_not_shown(self):
        field = self._draft(
            "Remark", "text", groups=self.env.ref("base.group_system").ids
        )
        self.definition.action_apply()
        lead = self._create_leads({})
        lead.sudo().x_remark = "secret"
        self.env.flush_all()
        dialog = self._open_convert(field, "whole_number")
        self.assertEqual(dialog.failed_count, 1)
        self.assertFalse(dialog.failures)

    def test_shown_values_are_no_markup_and_at_most_80(self):
        field, _leads = self._make("text", *["<b>x</b>"] * 81)
        dialog = self._open_convert(field, "whole_number")
        self.assertEqual(dialog.failed_count, 81)
        self.assertEqual(dialog.failures.count("<tr>"), 80)
        self.assertIn("&lt;b&gt;x", dialog.failures)

    def test_what_else_happens_is_told_first(self):
        field, _leads = self._make("text", "7")
        self.env["ir.filters"].create(
            {"name": "Mine", "model_id": "crm.lead", "domain": "[('x_remark','=',1)]"}
        )
        self._draft("Pending", "text")
        notes = self._open_convert(field, "percent").notes
        for part in ("25 becomes 25 %", "adds 1 field", "Mine"):
            self.assertIn(part, notes)

    def test_pairs_without_sense_are_refused(self):
        field, _leads = self._make("yes_no", "yes")
        dialog = self._open_convert(field, "text")
        self.assertNotIn("currency", dialog.allowed_types)
        for field_type in ("currency", "yes_no", False):
            dialog.field_type = field_type
            with self.assertRefused(UserError, "“Remark”: its values cannot become"):
                dialog.action_convert()

    def test_a_field_of_the_draft_just_changes_its_type(self):
        field = self._draft("Idea", "text")
        dialog = self._open_convert(field, "whole_number")
        with self.assertRefused(UserError, "“Idea” is not applied yet"):
            dialog.action_convert()

    def test_the_statements_do_not_grow_with_the_records(self):
        field, _leads = self._make("text", "1")
        table = SQL.identifier("crm_lead")
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (name, type, active, x_remark) "
                "SELECT 'Bulk', 'opportunity', true, (n %% 50)::text "
                "FROM generate_series(1, 500) AS n",
                table,
            )
        )
        self.env.invalidate_all()
        dialog = self._open_convert(field, "whole_number")
        values = dialog._read_values()
        self.assertEqual(len(values), 50)
        dialog.new_field_id = dialog._create_field(values)
        self.definition.action_apply()
        dialog._copy(values)
        with self.assertQueryCount(3):
            dialog._copy(values)
        filled = [("name", "=", "Bulk"), ("x_remark_whole_number", "!=", 0)]
        self.assertEqual(self.Lead.search_count(filled), 490)

    def test_salespeople_are_refused(self):
        field, _leads = self._make("text", "7")
        Dialog = self.env["opportunity.custom.field.convert"]
        values = {"field_id": field.id, "field_type": "whole_number"}
        with self.assertRefused(AccessError):
            Dialog.with_user(self.user_sales_salesman).create(values)
        dialog = Dialog.with_user(self.user_sales_manager).create(values)
        with self.assertRefused(AccessError):
            dialog.with_user(self.user_sales_salesman).action_convert()

from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import CustomFieldsCommon


@tagged("post_install", "-at_install")
class TestOpportunityCustomField(CustomFieldsCommon):
    def test_the_technical_name_is_proposed(self):
        self.assertEqual(self._draft("Größe").name, "x_groe")
        fields = self.Field.create(
            [{"group_id": self.dates.id, "label": "Same"} for _ in range(3)]
        )
        self.assertEqual(fields.mapped("name"), ["x_same", "x_same_2", "x_same_3"])

    def test_bad_labels(self):
        for label in (False, "", "   ", "\x00", "a" * 300):
            with self.subTest(label=label), self.assertRefused(ValidationError):
                self._draft(label)

    def test_strange_labels_are_shown_as_written(self):
        for label in (
            "🚀🚀",
            "مرحبا",
            "'; DROP TABLE crm_lead;--",
            "<script>alert(1)</script>",
            '"/><field name="password"/>',
        ):
            self._draft(label, show_in_list=True, show_in_search=True)
        self.tab.action_apply()
        labels = self.Lead.fields_get(self.dates.field_ids.mapped("name"), ["string"])
        self.assertEqual(
            {field["string"] for field in labels.values()},
            set(self.dates.field_ids.mapped("label")),
        )
        for view_type in ("form", "list", "search"):
            arch = self.Lead.get_view(view_type=view_type)["arch"]
            self.assertNotIn('name="password"', arch)

    def test_a_name_that_exists_is_refused(self):
        self.env["ir.model.fields"].create(
            {
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "name": "x_by_hand",
                "ttype": "char",
                "field_description": "By Hand",
            }
        )
        with self.assertRefused(ValidationError, "x_by_hand exists already"):
            self._draft(name="x_by_hand")
        self.assertEqual(self._draft("By hand").name, "x_by_hand_2")

    def test_a_number_is_a_value_unless_it_is_0(self):
        for kind in ("whole_number", "decimal_number", "percent", "currency"):
            with self.subTest(kind):
                field = self._apply(kind, kind)
                lead = self.opportunity
                counts = [self.definition._count_filled(field.name)]
                for value in (0, 5):
                    lead[field.name] = value
                    counts.append(self.definition._count_filled(field.name))
                self.assertEqual(counts, [0, 0, 1])

    def test_type_and_name_stay(self):
        field = self._apply()
        with self.assertRefused(ValidationError, "“Budget” is in use"):
            field.field_type = "date"
        with self.assertRefused(ValidationError, "“Budget” is in use"):
            field.name = "x_other"

    def test_a_wrong_default_is_refused(self):
        for field_type, value in (("whole_number", "many"), ("user", "2")):
            with self.assertRefused(ValidationError, "cannot be the default"):
                self._draft("Number", field_type, default_value=value)
        with self.assertRefused(ValidationError, "cannot be the default"):
            self._draft("Size", "dropdown", ("Small",), default_value="big")

    def test_new_records_get_the_default(self):
        field = self._draft("Size", "dropdown", ("Small", "Large"))
        field.default_value = "large"
        self.tab.action_apply()
        self.assertEqual(self._create_opportunity().x_size, "large")
        field.default_value = False
        self.tab.action_apply()
        self.assertFalse(self._create_opportunity().x_size)

    def test_the_option_of_a_default_is_not_deleted(self):
        size = self._draft("Size", "dropdown", ("Small", "Large"))
        size.default_value = "small"
        with self.assertRefused(ValidationError, "“Size”: “small” cannot be"):
            size.option_ids[0].unlink()
        size.option_ids[1].unlink()
        size.default_value = False
        size.option_ids.unlink()
        self.assertFalse(size.option_ids)

    def test_a_default_without_its_option_is_not_applied(self):
        size = self._draft("Size", "dropdown", ("Small", "Large"))
        size.default_value = "small"
        # What a client may ask for
        small = size.option_ids[0].with_context(opportunity_loading=True)
        small.unlink()
        with self.assertRefused(UserError, "“Size”: “small” cannot be the default"):
            self.tab.with_context(opportunity_loading=True).action_apply()
        size.default_value = "large"
        self.tab.action_apply()
        self.assertEqual(self._create_opportunity().x_size, "large")

    def test_texts_are_one_clean_line(self):
        field = self._draft(
            "Size\ufffe",
            placeholder="a\x01b\n c",
            help_text="\x00help\ud800",
            default_value="\x00\uffff10",
        )
        self.assertEqual(field.label, "Size")
        self.assertEqual(field.placeholder, "a b c")
        field.help_text = "\ud800more\x00"
        self.tab.action_apply()
        self.assertEqual(self.Lead.fields_get(["x_size"])["x_size"]["help"], "more")
        self.assertIn('placeholder="a b c"', self.Lead.get_view()["arch"])
        self.assertEqual(self._create_opportunity().x_size, "10")

    def test_endless_texts_are_refused(self):
        field = self._draft()
        for name, label in (
            ("help_text", "Help"),
            ("placeholder", "Placeholder"),
            ("default_value", "Default"),
        ):
            field[name] = "a" * 500
            message = f"“Budget”: “{label}” is too long"
            with self.assertRefused(ValidationError, message):
                field[name] = "a" * 501
            with self.assertRefused(ValidationError, message):
                self._draft(**{name: "a" * 501})

    def test_names_beside_files(self):
        self._draft("Sketch", name="x_plan_filename")
        with self.assertRefused(ValidationError, "x_plan_filename exists already"):
            self._draft("Plan", "file")
        text = self._draft("Plan")
        with self.assertRefused(ValidationError, "x_plan_filename exists already"):
            text.field_type = "file"
        self._draft("Offer", "file")
        with self.assertRefused(ValidationError, "x_offer_filename exists already"):
            self._draft(name="x_offer_filename")
        self.tab.action_apply()
        self.assertIn("x_offer_filename", self.Lead._fields)

    def test_names_are_collected_once_per_batch(self):
        Field = type(self.Field)
        with patch.object(
            Field, "_count_names", autospec=True, side_effect=Field._count_names
        ) as count_names:
            self.Field.create(
                [{"group_id": self.dates.id, "label": f"Field {n}"} for n in range(40)]
            )
            self.env.flush_all()
        self.assertLessEqual(count_names.call_count, 4)

    def test_values_of_no_kind_are_refused(self):
        field = self._draft()
        with self.assertRefused(ValidationError, "“Budget” needs a type"):
            field.write({"field_type": False})
        with self.assertRefused(ValidationError, "“Budget” needs a header"):
            field.write({"group_id": "abc"})

    def test_a_filled_field_is_not_deleted_unasked(self):
        field = self._apply()
        self.opportunity.x_budget = "Low"
        with self.assertRefused(UserError, "has a value on 1 records"):
            field.unlink()
        field.with_context(opportunity_delete_values=True).unlink()
        self.assertEqual(
            self.definition.get_editor()["changes"],
            ["Deletes the field “Budget” and its values on 1 records"],
        )
        self.assertIn("x_budget", self.Lead._fields)
        self.definition.action_apply()
        self.assertNotIn("x_budget", self.Lead._fields)

    def test_a_field_in_a_filter_is_not_deleted(self):
        field = self._apply()
        self.env["ir.filters"].create(
            {
                "name": "Cheap",
                "model_id": "crm.lead",
                "domain": "[('x_budget', '=', 'Low')]",
            }
        )
        with self.assertRefused(UserError, "“Cheap”"):
            field.unlink()

    def test_an_archived_field_hides_and_keeps_its_values(self):
        field = self._apply(show_in_list=True)
        self.opportunity.x_budget = "Low"
        field.active = False
        self.definition.action_apply()
        for view_type in ("form", "list"):
            arch = self.Lead.get_view(view_type=view_type)["arch"]
            self.assertNotIn("x_budget", arch)
        described = self.Lead.fields_get(["x_budget"], ["searchable", "exportable"])
        self.assertFalse(described["x_budget"]["searchable"])
        self.assertFalse(described["x_budget"]["exportable"])
        self.assertEqual(self.opportunity.x_budget, "Low")
        field.active = True
        self.definition.action_apply()
        self.assertIn("x_budget", self.Lead.get_view(view_type="form")["arch"])

    def test_a_hidden_field_is_hidden_on_every_road(self):
        group = self.env["res.groups"].create({"name": "Secret"})
        self._apply(groups=[Command.link(group.id)], show_in_search=True)
        self.opportunity.sudo().x_budget = "Low"
        lead = self.opportunity.with_user(self.user_sales_salesman)
        self.assertNotIn("x_budget", lead.fields_get())
        for operation in (
            lambda: lead.read(["x_budget"]),
            lambda: lead.web_read({"x_budget": {}}),
            lambda: lead.write({"x_budget": "High"}),
            lambda: lead.search([("x_budget", "=", "Low")]),
            lambda: lead.search([], order="x_budget"),
            lambda: lead._read_group([], ["x_budget"]),
        ):
            with self.assertRefused(AccessError):
                operation()
        self.assertNotIn("x_budget", lead.get_view(view_type="form")["arch"])
        self.user_sales_salesman.group_ids += self.env.ref("base.group_allow_export")
        with self.assertRefused(AccessError):
            lead.export_data(["x_budget"])
        group.user_ids = self.user_sales_salesman
        self.assertEqual(lead.read(["x_budget"])[0]["x_budget"], "Low")
        self.assertIn("x_budget", lead.get_view(view_type="form")["arch"])

    def test_a_field_on_a_hidden_tab_is_hidden(self):
        group = self.env["res.groups"].create({"name": "Secret"})
        self.tab.group_ids = group
        self._apply()
        lead = self.opportunity.with_user(self.user_sales_salesman)
        with self.assertRefused(AccessError):
            lead.read(["x_budget"])

    def test_social_security_numbers_are_for_a_group(self):
        self._apply("Number", "social_security_number")
        lead = self.opportunity.with_user(self.user_sales_salesman)
        with self.assertRefused(AccessError):
            lead.read(["x_number"])
        group = self.env.ref("sales_opportunity_classic.group_social_security_number")
        group.user_ids = self.user_sales_salesman
        self.assertFalse(lead.read(["x_number"])[0]["x_number"])

    def test_customers_on_the_portal_read_no_custom_field(self):
        tab = self.tab.copy({"model": "res.partner"})
        self._draft(group_id=tab.header_ids[0].id)
        tab.action_apply()
        user = self._create_portal_user()
        with self.assertRefused(AccessError):
            user.partner_id.with_user(user).read(["x_budget"])

    def _create_portal_user(self):
        return self.env["res.users"].create(
            {
                "name": "Customer",
                "login": "customer",
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )

    def test_only_editors_write(self):
        group = self.env["res.groups"].create({"name": "Controllers"})
        self._apply(edit_group_ids=[Command.link(group.id)])
        lead = self.opportunity.with_user(self.user_sales_salesman)
        with self.assertRefused(AccessError, "Budget"):
            lead.x_budget = "Low"
        with self.assertRefused(AccessError, "Budget"):
            self._create_opportunity(x_budget="Low")
        group.user_ids = self.user_sales_salesman
        lead.x_budget = "Low"

    def test_a_required_field(self):
        self._apply(required=True)
        self.opportunity.name = "Stays valid"
        with self.assertRefused(ValidationError, "needs a value for “Budget”"):
            self._create_opportunity()
        lead = self._create_opportunity(x_budget="Low")
        with self.assertRefused(ValidationError, "needs a value for “Budget”"):
            lead.x_budget = False
        with self.assertRaisesRegex(AssertionError, "x_budget is a required field"):
            form = Form(self.Lead.with_user(self.user_sales_salesman))
            form.name = "Ten desks"
            form.save()

    def test_mails_make_opportunities_without_required_fields(self):
        self._apply(required=True)
        self.assertTrue(self.Lead.sudo().create({"name": "By mail"}))

    def test_a_field_required_from_a_stage_on(self):
        self._apply(required_stage_id=self.stage_second.id)
        lead = self._create_opportunity()
        with self.assertRefused(ValidationError, "Ten desks: Budget"):
            lead.stage_id = self.stage_second
        with self.assertRefused(ValidationError, "Ten desks: Budget"):
            lead.action_set_won()
        lead.write({"x_budget": "Low", "stage_id": self.stage_second.id})
        with self.assertRefused(ValidationError, "needs a value for “Budget”"):
            lead.x_budget = False
        lead.stage_id = self.stage_first
        lead.x_budget = False

    def test_a_manager_overrides_and_it_is_logged(self):
        self._apply(required_stage_id=self.stage_second.id)
        lead = self.opportunity.with_user(self.user_sales_manager)
        lead.stage_id = self.stage_second
        self.assertIn("Budget", lead.message_ids[0].body)

    def test_tabs_of_a_team(self):
        self.tab.team_ids = self.sales_team_1
        self._apply(required=True)
        other = self.env["crm.team"].create({"name": "Other"})
        lead = self._create_opportunity(team_id=other.id)
        with self.assertRefused(ValidationError, "needs a value"):
            self._create_opportunity(team_id=self.sales_team_1.id)
        page = self.Lead.get_view(view_type="form")["arch"]
        self.assertIn(f"not (team_id in [{self.sales_team_1.id}])", page)
        lead.x_budget = "Low"
        lead.team_id = self.sales_team_1
        self.assertEqual(lead.x_budget, "Low")

    def test_values_survive_copying_and_merging(self):
        self._draft("Sizes", "list_box", ("Small", "Large"))
        field = self._apply()
        sizes = field.group_id.field_ids.option_ids
        first = self._create_opportunity(x_budget="First")
        second = self._create_opportunity(
            x_budget="Second", x_sizes=[Command.set(sizes[1].ids)]
        )
        self.assertEqual(second.copy().x_sizes, sizes[1])
        merged = (first + second).with_user(self.user_sales_manager)
        merged = merged.merge_opportunity()
        self.assertEqual(merged.x_sizes, sizes[1])
        self.assertIn(merged.x_budget, ("First", "Second"))

    def test_the_survivor_of_a_merge_keeps_its_value(self):
        self._apply()
        first = self._create_opportunity(x_budget="First")
        second = self._create_opportunity(probability=90, x_budget="Second")
        third = self._create_opportunity()
        survivor = (first + second + third)._sort_by_confidence_level(reverse=True)[0]
        expected = survivor.x_budget
        merged = (first + second + third).with_user(self.user_sales_manager)
        self.assertEqual(merged.merge_opportunity().x_budget, expected)

    def test_wrong_values_are_refused(self):
        self._draft("Built", "year")
        self._draft("Paint", "color")
        self._draft("Count", "whole_number")
        self._draft("Cost", "currency")
        self.tab.action_apply()
        for name, value in (
            ("x_built", 12345),
            ("x_paint", "red"),
            ("x_count", 2**31),
            ("x_cost", 10**400),
            ("x_cost", "much"),
        ):
            with self.subTest(name=name), self.assertRefused(ValidationError):
                self.opportunity.write({name: value})

    def test_tracked_changes_are_noted(self):
        self._apply(tracked=True)
        lead = self._create_opportunity()
        self.flush_tracking()
        lead.x_budget = "Low"
        self.flush_tracking()
        values = lead.message_ids.sudo().tracking_value_ids
        self.assertEqual(values.field_id.name, "x_budget")
        self.assertEqual(values.new_value_char, "Low")

    def test_what_cannot_be_noted_is_not_tracked(self):
        with self.assertRefused(ValidationError, "cannot be noted"):
            self._draft("Picture", "image", tracked=True)

    def test_defaults_of_others_do_not_pass_for_editing(self):
        group = self.env["res.groups"].create({"name": "Controllers"})
        field = self._apply(edit_group_ids=[Command.link(group.id)])
        Lead = self.Lead.with_user(self.user_sales_salesman)
        forged = Lead.with_context(default_x_budget="Low")
        with self.assertRefused(AccessError, "Budget"):
            forged.name_create("Ten desks")
        with self.assertRefused(AccessError, "Budget"):
            forged.create({"name": "Ten desks"})
        defaults = self.env["ir.default"].with_user(self.user_sales_salesman)
        defaults.set("crm.lead", "x_budget", "Low", True)
        with self.assertRefused(AccessError, "Budget"):
            Lead.create({"name": "Ten desks"})
        defaults.sudo().search([("field_id.name", "=", "x_budget")]).unlink()
        field.default_value = "High"
        self.tab.action_apply()
        self.assertEqual(Lead.create({"name": "Ten desks"}).sudo().x_budget, "High")

    def test_context_defaults_are_checked(self):
        self._draft("Built", "year")
        self._draft("Size", "drilldown", ("Small",))
        field = self._apply("Region", "drilldown", ("Europe",))
        for name, value in (("x_built", 12345), ("x_size", field.option_ids.id)):
            forged = self.Lead.with_context(**{f"default_{name}": value})
            with self.subTest(name=name), self.assertRefused(ValidationError):
                forged.create({"name": "Ten desks"})

    def test_copies_leave_out_what_the_user_may_not_have(self):
        group = self.env["res.groups"].create({"name": "Secret"})
        self._draft("Salary", groups=group.ids)
        self._draft("Limit", edit_group_ids=group.ids)
        self._apply()
        lead = self._create_opportunity(x_budget="Low")
        lead.sudo().write({"x_salary": "Much", "x_limit": "None"})
        copy = lead.copy().sudo()
        self.assertEqual(copy.x_budget, "Low")
        self.assertFalse(copy.x_salary or copy.x_limit)
        self.assertEqual(lead.sudo().copy().x_salary, "Much")

    def test_customers_groups_are_refused(self):
        for xmlid in ("base.group_portal", "base.group_public"):
            group = self.env.ref(xmlid)
            for name in ("groups", "edit_group_ids"):
                with self.assertRefused(ValidationError, "for employees only"):
                    self._draft(**{name: group.ids})
            with self.assertRefused(ValidationError, "for employees only"):
                self.tab.group_ids = group

    def test_who_sees_no_social_security_numbers_opens_none(self):
        field = self._apply("Number", "social_security_number")
        everybody = self.env.ref("base.group_user")
        with self.assertRefused(ValidationError, "may say who else does"):
            field.groups = everybody
        guard = self.env.ref("sales_opportunity_classic.group_social_security_number")
        guard.user_ids += self.user_sales_manager
        field.groups = everybody

    def test_a_name_is_not_taken_over_with_another_type(self):
        self._apply().unlink()
        with self.assertRefused(ValidationError, "a field of another type"):
            self._draft(name="x_budget", field_type="list_box")
        self._draft(name="x_budget")
        self.assertFalse(self.definition.get_editor()["changes"])

    def test_derived_values_are_not_written(self):
        field = self._apply("Region", "drilldown", ("Europe",))
        contacts = self.Tab.create({"name": "Contacts", "model": "res.partner"})
        for part, vals in (
            (field, {"model": "res.partner"}),
            (field.option_ids, {"model": "res.partner"}),
            (field.option_ids, {"field_name": "x_other"}),
            (self.dates, {"tab_id": contacts.id}),
        ):
            with self.assertRefused(ValidationError):
                part.write(vals)

    def test_what_is_live_is_not_written(self):
        self._apply()
        with self.assertRefused(AccessError, "Apply and Discard only"):
            self.definition.live = {"tabs": []}

    def test_another_team_asks_for_its_fields(self):
        self.tab.team_ids = self.sales_team_1
        self._apply(required=True)
        other = self.env["crm.team"].create({"name": "Other"})
        lead = self._create_opportunity(team_id=other.id)
        with self.assertRefused(ValidationError, "needs a value"):
            lead.team_id = self.sales_team_1
        lead.write({"team_id": self.sales_team_1.id, "x_budget": "Low"})

    def test_blanks_are_no_value(self):
        self._draft("Text", "html", required=True)
        self._apply(required=True)
        for values in (
            {"x_budget": "   ", "x_text": "<p>Yes</p>"},
            {"x_budget": "Low", "x_text": "<p><br></p>"},
        ):
            with self.assertRefused(ValidationError, "needs a value"):
                self._create_opportunity(**values)

    def test_contacts_made_on_the_way_are_not_asked(self):
        tab = self.tab.copy({"model": "res.partner"})
        self._draft(group_id=tab.header_ids[0].id, required=True)
        tab.action_apply()
        Partner = self.env["res.partner"].with_user(self.user_sales_manager)
        self.assertTrue(Partner.name_create("Made on the way"))
        with self.assertRefused(ValidationError, "needs a value for “Budget”"):
            Partner.create({"name": "By a form", "x_budget": False})
        self.env["res.users"].with_user(self.env.ref("base.user_admin")).create(
            {"name": "New", "login": "new_user"}
        )

    def test_a_hidden_field_on_cards_and_in_groupings_stays_hidden(self):
        group = self.env["res.groups"].create({"name": "Secret"})
        self._apply(
            "Level",
            "dropdown",
            ("Low", "High"),
            groups=group.ids,
            show_in_kanban=True,
            show_in_group_by=True,
        )
        Lead = self.Lead.with_user(self.user_sales_salesman)
        for view_type in ("kanban", "search"):
            arch = Lead.get_view(view_type=view_type)["arch"]
            self.assertNotIn("x_level", arch)
        group.user_ids = self.user_sales_salesman
        self.assertIn("x_level", Lead.get_view(view_type="kanban")["arch"])

    def test_who_may_not_edit_is_not_asked(self):
        group = self.env["res.groups"].create({"name": "Controllers"})
        self._apply(edit_group_ids=group.ids, required=True)
        self.assertTrue(self._create_opportunity())
        group.user_ids = self.user_sales_salesman
        with self.assertRefused(ValidationError, "needs a value"):
            self._create_opportunity()

    def test_stages_are_read_once_for_all_fields_and_opportunities(self):
        for number in range(5):
            self._draft(f"Field {number}", required_stage_id=self.stage_second.id)
        self.tab.action_apply()
        leads = self.Lead.with_context(tracking_disable=True)
        leads = leads.create([{"name": f"Lead {n}"} for n in range(20)])
        leads.stage_id = self.stage_first
        values = {f"x_field_{number}": "Low" for number in range(5)}
        self.env.flush_all()
        with self.assertQueryCount(__system__=15):
            leads.write({**values, "stage_id": self.stage_second.id})
            leads.flush_recordset()

    def test_a_picture_does_not_come_back_from_a_deleted_field(self):
        field = self._apply("Plan", "file")
        self.opportunity.sudo().x_plan = b"aGVsbG8="
        field.with_context(opportunity_delete_values=True).unlink()
        self.tab.action_apply()
        self._draft("Plan", "file", name="x_plan")
        self.tab.action_apply()
        self.assertFalse(self.opportunity.x_plan)

    def test_a_merge_keeps_the_name_of_a_file(self):
        self._apply("Plan", "file")
        first = self._create_opportunity()
        second = self._create_opportunity(
            x_plan=b"aGVsbG8=", x_plan_filename="plan.txt"
        )
        merged = (first + second).with_user(self.user_sales_manager)
        self.assertEqual(merged.merge_opportunity().x_plan_filename, "plan.txt")

    def test_a_tab_of_an_archived_team_stays_that_teams(self):
        self.tab.team_ids = self.sales_team_1
        self._apply(required=True)
        self.sales_team_1.active = False
        self.assertFalse(self.definition.get_editor()["changes"])

    def test_names_of_choices_in_every_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        field = self._apply("Size", "dropdown", ("Small",))
        field.label, field.option_ids.name = "Width", "Narrow"
        self.tab.action_apply()
        french = self.Lead.with_context(lang="fr_FR")
        described = french.fields_get(["x_size"])["x_size"]
        self.assertEqual(described["string"], "Width")
        self.assertEqual(described["selection"], [("small", "Narrow")])

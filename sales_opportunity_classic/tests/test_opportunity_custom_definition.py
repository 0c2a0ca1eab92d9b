from unittest.mock import patch

from psycopg2.errors import LockNotAvailable

from odoo import Command
from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.mail.tests.common import mail_new_test_user

from ..tools.custom_fields.types import FIELD_TYPES
from .common import CustomFieldsCommon

DEFINITION = (
    "odoo.addons.sales_opportunity_classic.models.opportunity_custom_definition"
)
# A picture of one pixel
PIXEL = (
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAA"
    b"SUVORK5CYII="
)
VALUES = {
    "text": "Ten desks",
    "text_area": "One\nTwo",
    "name": "Marc Demo",
    "whole_number": 42,
    "decimal_number": 4.25,
    "percent": 0.5,
    "currency": 99.95,
    "date": "2026-02-28",
    "date_time": "2026-02-28 10:30:00",
    "year": 2026,
    "month": "2",
    "day_of_week": "6",
    "yes_no": "no",
    "phone_number": "+32 2 290 34 90",
    "email": "info@example.com",
    "website": "https://example.com",
    "dropdown": "large",
    "radio": "small",
    "html": "<p>Hello</p>",
    "image": PIXEL,
    "file": b"aGVsbG8=",
    "stars": "3",
    "color": "#00ff7f",
}


@tagged("post_install", "-at_install")
class TestOpportunityCustomDefinition(CustomFieldsCommon):
    def test_a_field_of_each_type_holds_a_value(self):
        with_options = {"dropdown", "radio", "list_box", "drilldown"}
        for field_type in FIELD_TYPES:
            options = ("Small", "Large") if field_type in with_options else ()
            self._draft(f"My {field_type}", field_type, options)
        self.tab.action_apply()
        lead = self.opportunity
        for field_type, value in VALUES.items():
            with self.subTest(field_type=field_type):
                name = f"x_my_{field_type}"
                lead[name] = value
                lead.flush_recordset()
                lead.invalidate_recordset()
                kept = lead._fields[name].convert_to_write(lead[name], lead)
                stored = lead._fields[name].convert_to_write(
                    lead._fields[name].convert_to_cache(value, lead), lead
                )
                self.assertEqual(kept, stored)
                self.assertIn(lead, lead.search([(name, "!=", False)]))

    def test_relations_hold_values(self):
        self._draft("Sizes", "list_box", ("Small", "Large"))
        self._draft("Region", "drilldown", ("Europe", "America"))
        for field_type in ("user", "user_list_box", "state", "contact", "product"):
            self._draft(f"My {field_type}", field_type)
        self.tab.action_apply()
        sizes, regions = (
            field.option_ids for field in self.dates.field_ids if field.option_ids
        )
        lead = self.opportunity
        lead.write(
            {
                "x_sizes": [Command.set(sizes.ids)],
                "x_region": regions[0].id,
                "x_my_user": self.user_sales_leads.id,
                "x_my_user_list_box": [Command.link(self.user_sales_leads.id)],
                "x_my_state": self.env.ref("base.state_us_5").id,
                "x_my_contact": self.contact_1.id,
            }
        )
        lead.flush_recordset()
        lead.invalidate_recordset()
        self.assertEqual(lead.x_sizes, sizes)
        self.assertEqual(lead.x_my_user_list_box, self.user_sales_leads)
        self.assertEqual(lead.search([("x_region", "=", regions[0].id)]), lead)
        [(region, count)] = lead._read_group(
            [("x_region", "!=", False)], ["x_region"], ["__count"]
        )
        self.assertEqual((region.id, count), (regions[0].id, 1))

    def test_values_come_back_from_an_export(self):
        for field_type, kind in FIELD_TYPES.items():
            options = ("Small", "Large") if kind.choices in ("own", "records") else ()
            self._draft(f"My {field_type}", field_type, options)
        self.tab.action_apply()
        lead = self.opportunity.with_user(self.user_sales_manager)
        sizes = self.Option.search([("field_name", "=", "x_my_list_box")])
        regions = self.Option.search([("field_name", "=", "x_my_drilldown")])
        lead.write(
            {
                **{f"x_my_{kind}": value for kind, value in VALUES.items()},
                "x_my_list_box": [Command.set(sizes.ids)],
                "x_my_drilldown": regions[1].id,
                "x_my_user": self.user_sales_leads.id,
                "x_my_user_list_box": [Command.set(self.user_sales_leads.ids)],
                "x_my_state": self.env.ref("base.state_us_5").id,
                "x_my_contact": self.contact_1.id,
            }
        )
        # Social security numbers are for a group; an import takes no pictures.
        left_out = {"social_security_number", "product"}
        names = [f"x_my_{kind}" for kind in FIELD_TYPES if kind not in left_out]
        self.user_sales_manager.group_ids += self.env.ref("base.group_allow_export")
        export = lead.with_context(import_compat=True).export_data(["name", *names])
        [row] = export["datas"]
        loaded = self.Lead.with_user(self.user_sales_manager).load(
            ["name", *names], [[self._to_text(value) for value in row]]
        )
        self.assertFalse(loaded["messages"])
        copy = self.Lead.browse(loaded["ids"])
        for name in names:
            with self.subTest(name=name):
                self.assertEqual(copy[name], lead[name])

    def _to_text(self, value):
        return value.decode() if isinstance(value, bytes) else str(value)

    def test_nothing_is_seen_before_apply(self):
        self._draft()
        self.assertNotIn("x_budget", self.Lead._fields)
        self.assertNotIn("Launch", self.Lead.get_view(view_type="form")["arch"])

    def test_tabs_are_shown_after_apply(self):
        self._apply(show_in_list=True, show_in_search=True, show_in_kanban=True)
        Lead = self.Lead.with_user(self.user_sales_salesman)
        for view_type in ("form", "list", "search", "kanban"):
            with self.subTest(view_type=view_type):
                self.assertIn("x_budget", Lead.get_view(view_type=view_type)["arch"])

    def test_contacts_have_their_own_tabs(self):
        tab = self.tab.copy({"model": "res.partner"})
        self._draft(group_id=tab.header_ids[0].id)
        tab.action_apply()
        self.assertIn("x_budget", self.env["res.partner"]._fields)
        self.assertNotIn("x_budget", self.Lead._fields)
        self.contact_1.x_budget = "Low"
        self.assertEqual(self.contact_1.copy().x_budget, "Low")

    def test_twenty_fields_cost_a_column_each_and_no_more(self):
        self._count_queries_of_apply("First")
        one = self._count_queries_of_apply("One")
        twenty = self._count_queries_of_apply(*(f"Field {n}" for n in range(20)))
        # Odoo adds columns one by one.
        self.assertEqual(twenty, one + 19)

    def _count_queries_of_apply(self, *labels):
        for label in labels:
            self._draft(label)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        self.definition.action_apply()
        return self.cr.sql_log_count - before

    def test_changes_are_told(self):
        field = self._apply()
        self._draft("Size", "dropdown", ("Small",))
        field.label = "Money"
        self.tab.name = "Start"
        editor = self.definition.get_editor()
        self.assertEqual(
            editor["changes"],
            [
                "Renames the tab “Launch” to “Start”",
                "Renames the field “Budget” to “Money”",
                "Adds the field “Size”",
            ],
        )
        self.assertEqual(
            editor["summary"], "renames 1 tab, renames 1 field, adds 1 field"
        )
        self.definition.action_apply()
        self.assertFalse(self.definition.get_editor()["changes"])
        self.assertEqual(self.Lead._fields["x_budget"].string, "Money")

    def test_a_draft_can_be_discarded(self):
        field = self._apply()
        field.label = "Money"
        self._draft("Size", "dropdown", ("Small",))
        self.technical.unlink()
        self.definition.action_discard()
        self.assertFalse(self.definition.get_editor()["changes"])
        self.assertEqual(field.label, "Budget")
        self.assertEqual(self.tab.header_ids.mapped("name"), ["Dates", "Technical"])

    def test_one_bad_field_and_nothing_is_applied(self):
        self._draft()
        self._draft("Size", "dropdown")
        with self.assertRefused(UserError, "“Size” has no options"):
            self.definition.action_apply()
        self.assertFalse(self.definition.live)
        self.assertNotIn("x_budget", self.Lead._fields)

    def test_more_fields_than_a_table_takes_are_not_applied(self):
        self._draft()
        self._draft("Size", active=False)
        with (
            patch(f"{DEFINITION}.MOST_FIELDS", 1),
            self.assertRefused(UserError, "Opportunities have 2 custom fields"),
        ):
            self.definition.action_apply()
        self.definition.action_apply()

    def test_a_definition_that_is_gone_is_not_applied(self):
        gone = self.definition.browse(2**31 - 1)
        with self.assertRefused(MissingError):
            gone.action_apply()

    def test_a_busy_table_is_told_at_once(self):
        self._draft()

        def refuse(query, *args, **kwargs):
            if "LOCK TABLE" in str(query):
                raise LockNotAvailable
            return execute(query, *args, **kwargs)

        execute = self.env.cr.execute
        self.patch(self.env.cr, "execute", refuse)
        with self.assertRefused(UserError, "try again in a moment"):
            self.definition.action_apply()
        self.assertNotIn("x_budget", self.Lead._fields)

    def test_a_field_that_is_gone_is_left_out_and_reported(self):
        self._apply()
        self.env["ir.model.fields"]._get("crm.lead", "x_budget").unlink()
        self.assertNotIn("x_budget", self.Lead.get_view(view_type="form")["arch"])
        [problem] = self.definition.get_editor()["problems"]
        self.assertIn("“Budget” (x_budget) cannot be shown", problem)

    def test_only_sales_managers_define(self):
        employee = mail_new_test_user(self.env, login="employee")
        for user in (self.user_sales_salesman, employee):
            with self.subTest(user=user.login):
                definition = self.definition.with_user(user)
                for method in ("action_apply", "action_discard", "get_editor"):
                    with self.assertRefused(AccessError):
                        getattr(definition, method)()
                with self.assertRefused(AccessError):
                    self.Tab.with_user(user).create({"name": "Mine"})
                with self.assertRefused(AccessError):
                    self.tab.with_user(user).action_apply()

    def test_managers_do_not_write_what_is_live(self):
        with self.assertRefused(AccessError):
            self.definition.create({"model": "crm.lead"})
        with self.assertRefused(AccessError):
            self.definition.unlink()

    def test_a_field_of_odoo_is_never_made_or_changed(self):
        for name in ("name", "x_", "probability", "x_budget;", "X_Budget", "x" * 60):
            with self.subTest(name=name), self.assertRefused(ValidationError):
                self._draft(name=name)

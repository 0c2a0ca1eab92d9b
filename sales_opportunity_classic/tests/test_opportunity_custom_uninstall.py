from odoo import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .common import CustomFieldsCommon


@tagged("post_install", "-at_install")
class TestOpportunityCustomUninstall(CustomFieldsCommon):
    def setUp(self):
        super().setUp()
        self.secret = self.env["res.groups"].create({"name": "Secret"})
        self._draft("Sizes", "list_box", ("Small", "Large"))
        self._draft("Region", "drilldown", ("Europe", "America"))
        self._draft("Salary", "currency", groups=self.secret.ids)
        self._draft("Level", "dropdown", ("Low", "High"))
        self._apply()
        self.lead = self.opportunity.sudo()
        sizes, regions = (
            self.dates.field_ids.filtered(lambda f, t=t: f.field_type == t).option_ids
            for t in ("list_box", "drilldown")
        )
        self.values = {
            "x_sizes": [Command.set(sizes.ids)],
            "x_region": regions[1].id,
            "x_salary": 1234.5,
            "x_level": "high",
            "x_budget": "Low",
        }
        self.lead.write(self.values)

    def _uninstall(self):
        """What an uninstallation does to definitions, in the order it does it."""
        self.definition.sudo()._park()
        self.env.flush_all()
        for table in ("opportunity_custom_option", "opportunity_custom_tab"):
            self.env.cr.execute(SQL("TRUNCATE %s CASCADE", SQL.identifier(table)))
        self.definition.sudo().live = False
        self.env.invalidate_all()
        self.registry.clear_cache()

    def _read(self):
        lead = self.lead
        return (
            lead.x_sizes.mapped("name"),
            lead.x_region.name,
            lead.x_salary,
            lead.x_level,
            lead.x_budget,
        )

    def _keep_relations(self):
        """A truncated table takes along what points to it; a dropped one does not."""
        self.env.flush_all()
        constraints = self.env.execute_query(
            SQL(
                "SELECT conrelid::regclass::text, conname FROM pg_constraint"
                " WHERE confrelid = 'opportunity_custom_option'::regclass"
                " AND conrelid::regclass::text LIKE 'crm_lead%%'"
            )
        )
        for table, name in constraints:
            names = SQL.identifier(table), SQL.identifier(name)
            self.env.cr.execute(SQL("ALTER TABLE %s DROP CONSTRAINT %s", *names))

    def test_values_are_found_again(self):
        before = self._read()
        self._keep_relations()
        self._uninstall()
        self.definition.sudo()._take_back()
        self.env.invalidate_all()
        self.assertEqual(self._read(), before)
        self.assertEqual(before[:2], (["Small", "Large"], "America"))
        self.assertFalse(self.definition.get_editor()["changes"])
        self.assertFalse(self.definition.get_editor()["problems"])

    def test_fields_that_odoo_alone_would_show_are_parked(self):
        self._keep_relations()
        self._uninstall()
        for name in ("x_sizes", "x_region", "x_salary"):
            self.assertNotIn(name, self.Lead._fields)
        for name in ("x_level", "x_budget"):
            self.assertIn(name, self.Lead._fields)
        [(salary,)] = self.env.execute_query(
            SQL("SELECT x_salary FROM crm_lead WHERE id = %s", self.lead.id)
        )
        self.assertEqual(float(salary), 1234.5)
        self.definition.sudo()._take_back()
        self.assertEqual(
            self.Lead._fields["x_salary"].groups, self.secret._get_opportunity_xmlids()
        )

    def test_forms_open_in_between(self):
        self._keep_relations()
        self._uninstall()
        for view_type in ("form", "list", "search", "kanban"):
            arch = self.Lead.get_view(view_type=view_type)["arch"]
            self.assertNotIn("x_budget", arch)

    def test_a_field_deleted_in_between_is_made_anew(self):
        self._keep_relations()
        self._uninstall()
        self.env["ir.model.fields"]._get("crm.lead", "x_budget").unlink()
        self.definition.sudo()._take_back()
        self.assertFalse(self.lead.x_budget)
        self.assertEqual(self.lead.x_level, "high")

    def test_a_group_deleted_in_between_shows_nothing_to_more_people(self):
        self._keep_relations()
        self._uninstall()
        self.secret.sudo().unlink()
        self.definition.sudo()._take_back()
        self.assertEqual(self.Lead._fields["x_salary"].groups, "base.group_system")

    def test_nothing_was_defined(self):
        other = self.env["opportunity.custom.definition"]._get("res.partner")
        other._park()
        other._take_back()
        self.assertFalse(other.live)

    def test_reordered_and_drafted_options_are_found_again(self):
        sizes = self.dates.field_ids.filtered(lambda f: f.name == "x_sizes")
        sizes.option_ids[1].sequence = 1
        sizes.option_ids[0].sequence = 2
        self.tab.action_apply()
        self.Option.create({"field_id": sizes.id, "name": "Drafted", "sequence": 0})
        self._keep_relations()
        self._uninstall()
        self.definition.sudo()._take_back()
        self.env.invalidate_all()
        self.assertEqual(set(self.lead.x_sizes.mapped("name")), {"Small", "Large"})

    def test_changes_made_by_hand_in_between_are_followed(self):
        self._keep_relations()
        self._uninstall()
        columns = self.env["ir.model.fields"]
        columns._get("crm.lead", "x_level").selection_ids = [
            Command.create({"value": "top", "name": "Top"})
        ]
        self.lead.x_level = "top"
        columns._get("crm.lead", "x_budget").unlink()
        columns.create(
            {
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "name": "x_budget",
                "field_description": "Budget",
                "ttype": "integer",
            }
        )
        self.definition.sudo()._take_back()
        self.env.invalidate_all()
        self.assertEqual(self.lead.x_level, "top")
        self.lead.x_budget = 7
        names = self.dates.search([]).field_ids.mapped("name")
        self.assertNotIn("x_budget", names)
        self.assertFalse(self.definition.get_editor()["changes"])

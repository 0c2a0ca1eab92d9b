import csv
import io
import json
from urllib.parse import parse_qs, urlsplit

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from .common import CustomDialogsCommon


@tagged("post_install", "-at_install")
class TestOpportunityCustomFieldDelete(CustomDialogsCommon):
    def setUp(self):
        super().setUp()
        self.code = self._draft("Code", "text")
        self.definition.action_apply()
        self.leads = self._create_leads(
            {"x_code": "A1"}, {"x_code": "B2", "active": False}, {}
        )

    def _ask(self, field=None):
        return self._open((field or self.code).action_delete())

    def test_the_dialog_counts_archived_records_too(self):
        dialog = self._ask()
        self.assertEqual(dialog.count, 2)
        self.assertFalse(dialog.uses)

    def test_delete_leaves_the_values_to_apply(self):
        self._ask().action_delete()
        self.assertFalse(self.code.exists())
        self.assertEqual(self.leads[0].x_code, "A1")
        [change] = self.definition._get_changes()
        self.assertEqual(
            self.definition._tell_change(change),
            "Deletes the field “Code” and its values on 2 records",
        )
        self.definition.action_apply()
        self.assertNotIn("x_code", self.env["crm.lead"]._fields)

    def test_delete_of_a_field_that_was_never_applied(self):
        field = self._draft("Idea", "list_box", ["One"])
        dialog = self._ask(field)
        self.assertEqual(dialog.count, 0)
        self.assertFalse(dialog.can_export)
        dialog.action_delete()
        self.assertFalse(field.exists())

    def test_archive_instead_keeps_the_values(self):
        self._ask().action_archive()
        self.assertFalse(self.code.active)
        self.definition.action_apply()
        self.assertEqual(self.leads[0].x_code, "A1")

    def test_a_saved_filter_blocks_the_deletion(self):
        self.env["ir.filters"].create(
            {
                "name": "With code",
                "model_id": "crm.lead",
                "domain": "[('x_code', '!=', False)]",
            }
        )
        dialog = self._ask()
        self.assertIn("With code", dialog.uses)
        with self.assertRefused(UserError, "“Code” is used in: .*With code"):
            dialog.action_delete()

    def test_only_who_may_export_is_offered_the_export(self):
        self.assertFalse(self._ask().can_export)
        self.user_sales_manager.group_ids += self.env.ref("base.group_allow_export")
        self.assertTrue(self._ask().can_export)

    def test_a_hidden_field_is_not_exported(self):
        self.user_sales_manager.group_ids += self.env.ref("base.group_allow_export")
        hidden = self._draft("Insurance", "social_security_number")
        self.definition.action_apply()
        self.leads[0].sudo().x_insurance = "123"
        dialog = self._ask(hidden)
        self.assertEqual(dialog.count, 1)
        self.assertFalse(dialog.can_export)

    def test_long_values_are_exported_as_csv_with_the_names_of_files(self):
        field = self._draft("Plan", "file")
        self.definition.action_apply()
        action = self._ask(field).action_export()
        url = urlsplit(action["url"])
        self.assertEqual(url.path, "/web/export/csv")
        request = json.loads(parse_qs(url.query)["data"][0])
        self.assertIn("x_plan_filename", [f["name"] for f in request["fields"]])

    def test_salespeople_are_refused(self):
        Dialog = self.env["opportunity.custom.field.delete"]
        with self.assertRefused(AccessError):
            Dialog.with_user(self.user_sales_salesman).create(
                {"field_id": self.code.id}
            )
        dialog = self._ask().with_user(self.user_sales_salesman)
        for call in (dialog.action_delete, dialog.action_archive, dialog.action_export):
            with self.assertRefused(AccessError):
                call()


@tagged("post_install", "-at_install")
class TestOpportunityCustomFieldExport(CustomDialogsCommon, HttpCase):
    def test_the_export_holds_all_values_ready_to_be_imported(self):
        manager = new_test_user(
            self.env,
            "field_manager",
            password="field_manager",
            groups="sales_team.group_sale_manager,base.group_allow_export",
        )
        field = self._draft("Remarks", "text_area")
        self.definition.action_apply()
        first, second = self._create_leads(
            {"x_remarks": "Hello"}, {"x_remarks": "Grüße", "active": False}
        )
        self._create_leads({})
        Dialog = self.env["opportunity.custom.field.delete"].with_user(manager)
        action = Dialog.create({"field_id": field.id}).action_export()
        self.authenticate("field_manager", "field_manager")
        answer = self.url_open(action["url"])
        self.assertEqual(answer.status_code, 200)
        rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
        self.assertEqual(rows[0].keys(), {"id", "display_name", "x_remarks"})
        self.assertEqual(
            {(row["display_name"], row["x_remarks"]) for row in rows},
            {(first.name, "Hello"), (second.name, "Grüße")},
        )

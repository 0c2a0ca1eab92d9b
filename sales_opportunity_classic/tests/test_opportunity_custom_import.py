import json
from base64 import b64encode

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .common import CustomDialogsCommon
from .test_opportunity_custom_document import make_document

SOMETHING = b64encode(b"{}").decode()


@tagged("post_install", "-at_install")
class TestOpportunityCustomImport(CustomDialogsCommon):
    def _import(self, document, definition=None, **values):
        content = document if isinstance(document, bytes) else json.dumps(document)
        if isinstance(content, str):
            content = content.encode()
        action = (definition or self.definition).action_import()
        dialog = self._open(action, file=SOMETHING)
        dialog.write({"file": b64encode(content), **values})
        return dialog.action_import()

    def _fill_draft(self):
        self.tab.team_ids = self.sales_team_1
        self._draft(
            "Budget",
            "currency",
            help_text="In our currency",
            required_stage_id=self.stage_second.id,
            groups=[Command.link(self.env.ref("sales_team.group_sale_manager").id)],
            show_in_list=True,
        )
        self._draft("Phase", "dropdown", ["Early", "Late"], default_value="late")
        place = self._draft("Place", "drilldown", ["Europe", "Asia"])
        europe = place.option_ids[0]
        europe.create({"name": "France", "field_id": place.id, "parent_id": europe.id})

    def test_an_export_brings_an_altered_draft_back(self):
        self._fill_draft()
        exported = self.definition._export()
        phase = self.dates.field_ids.filtered(lambda field: field.name == "x_phase")
        early, late = phase.option_ids
        early.name, late.name = "Sooner", "Early"
        phase.group_id = self._add_header("Technical")
        self.dates.field_ids[0].write({"label": "Money", "groups": [(5,)]})
        place = self.dates.field_ids[1]
        place.option_ids.filtered("parent_id").parent_id = place.option_ids[1]
        phase.group_id.unlink()
        self.tab.team_ids = False
        self.assertNotEqual(self.definition._export(), exported)
        self._import(exported.encode())
        self.assertEqual(self.definition._export(), exported)

    def test_an_export_fills_an_empty_draft(self):
        self._fill_draft()
        exported = self.definition._export()
        self.tab.unlink()
        self._import(exported.encode())
        self.assertEqual(self.definition._export(), exported)
        self.definition.action_apply()
        self.assertEqual(self.Lead._fields["x_budget"].type, "monetary")

    def test_nothing_is_applied_and_nothing_else_is_touched(self):
        kept = self._draft("Kept", "text")
        self.assertEqual(
            self._import(make_document()), {"type": "ir.actions.act_window_close"}
        )
        self.assertNotIn("x_budget", self.Lead._fields)
        self.assertEqual(kept.group_id, self.dates)
        kinds = {(c.kind, c.label) for c in self.definition._get_changes()}
        self.assertIn(("add", "Budget"), kinds)

    def test_headers_of_one_name_stay_two(self):
        document = make_document()
        [group] = document["tabs"][0]["groups"]
        other = {**group, "fields": [{**group["fields"][0], "name": "x_other"}]}
        document["tabs"][0]["groups"].append(other)
        for _time in range(2):
            self._import(document)
            tab = self.tab.search([("name", "=", "Deal")])
            self.assertEqual(tab.header_ids.mapped("name"), ["Money", "Money"])
            self.assertEqual(len(tab.header_ids[1].field_ids), 1)

    def test_examples_can_be_applied_together(self):
        for example in ("real_estate_deal", "software_deal"):
            self._import(b"", source=example)
        self.definition.action_apply()
        self.assertIn("x_energy_class", self.Lead._fields)
        self.assertIn("x_licence_model", self.Lead._fields)

    def test_examples_are_for_opportunities(self):
        contacts = self.definition._get("res.partner")
        dialog = self._open(contacts.action_import(), file=SOMETHING)
        self.assertFalse(dialog.has_examples)
        with self.assertRefused(UserError, "records of another kind: crm.lead"):
            self._import(b"", contacts, source="software_deal")

    def test_what_does_not_exist_here_is_told_and_guarded(self):
        document = make_document(
            stage="Signed in blood",
            visible_to="gone.group_boss",
            editors="sales_team.group_sale_salesman,base.user_admin",
        )
        document["tabs"][0]["teams"] = ["Nowhere", self.sales_team_1.name]
        action = self._import(document)
        self.assertEqual(action["tag"], "display_notification")
        for part in (
            "“Deal”: no sales team “Nowhere”",
            "“Budget”: no stage “Signed in blood”",
            "“Budget”: no group “gone.group_boss”",
            "“Budget”: no group “base.user_admin”",
        ):
            self.assertIn(part, action["params"]["message"])
        field = self.Field.search([("name", "=", "x_budget")])
        self.assertEqual(field.groups, self.env.ref("base.group_system"))
        self.assertEqual(
            field.edit_group_ids,
            self.env.ref("sales_team.group_sale_salesman")
            + self.env.ref("base.group_system"),
        )
        self.assertEqual(field.group_id.tab_id.team_ids, self.sales_team_1)

    def test_bad_files_name_the_place(self):
        for content, message in [
            (b"", "Choose a file first"),
            (b"PK", "damaged at line 1"),
            (b"[]", "no file of custom fields"),
            (make_document(compute="1"), "“Budget”: “compute” does not belong"),
            (make_document(type="many2one"), "“Budget” / type: “many2one” cannot be"),
            (make_document(label=" "), "label: “” is empty or too long"),
            (b" " * 1_000_001, "too large"),
            (b" " * 3_000_000, "too large"),
        ]:
            with self.assertRefused(UserError, message):
                self._import(content)

    def test_names_that_core_has_are_refused(self):
        self.env["ir.model.fields"].create(
            {
                "name": "x_budget",
                "ttype": "char",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
            }
        )
        with self.assertRefused(ValidationError, "a field named x_budget exists"):
            self._import(make_document())

    def test_the_type_of_an_applied_field_stays(self):
        self._import(make_document())
        self.definition.action_apply()
        with self.assertRefused(ValidationError, "“Budget” is in use"):
            self._import(make_document(type="text"))

    def test_salespeople_are_refused(self):
        salesman = self.user_sales_salesman
        Dialog = self.env["opportunity.custom.import"]
        values = {"definition_id": self.definition.id, "source": "software_deal"}
        with self.assertRefused(AccessError):
            Dialog.with_user(salesman).create(values)
        dialog = Dialog.with_user(self.user_sales_manager).create(values)
        with self.assertRefused(AccessError):
            dialog.with_user(salesman).action_import()
        for name in ("action_export", "action_import"):
            with self.assertRefused(AccessError):
                getattr(self.definition.with_user(salesman), name)()


@tagged("post_install", "-at_install")
class TestOpportunityCustomExport(CustomDialogsCommon, HttpCase):
    def test_sales_administrators_alone_download_the_definition(self):
        self._draft("Budget", "currency")
        url = self.definition.action_export()["url"]
        for login, group, status in [
            ("field_manager", "sales_team.group_sale_manager", 200),
            ("field_rep", "sales_team.group_sale_salesman", 404),
        ]:
            new_test_user(self.env, login, password=login, groups=group)
            self.authenticate(login, login)
            answer = self.url_open(url)
            self.assertEqual(answer.status_code, status)
            if status == 200:
                self.assertEqual(answer.text, self.definition._export())
                self.assertIn(
                    "custom_fields_crm_lead.json",
                    answer.headers["Content-Disposition"],
                )

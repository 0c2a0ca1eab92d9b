import datetime
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from ..tools.custom_fields.types import FIELD_TYPES
from .common import SCHEMA_MIXIN


@tagged("post_install", "-at_install")
class TestTours(HttpCase):
    """A salesperson's day in the browser."""

    def setUp(self):
        super().setUp()
        self.rep = new_test_user(
            self.env,
            "tour_rep",
            password="tour_rep",
            groups="sales_team.group_sale_salesman",
        )
        stages = self.env["crm.stage"].search([])
        stages.write({"sequence": 900})
        self.first, self.second, self.won = stages.create(
            [
                {"name": "Tour first", "sequence": 1},
                {"name": "Tour second", "sequence": 2},
                {"name": "Tour won", "sequence": 3, "is_won": True},
            ]
        )
        self.item = self.env["opportunity.checklist.item"].create(
            {"name": "Tour budget", "stage_id": self.first.id, "required": True}
        )
        self.reason = self.env["opportunity.won.reason"].create({"name": "Tour reason"})
        self.lead = self.env["crm.lead"].create(
            {
                "name": "Tour opportunity",
                "type": "opportunity",
                "user_id": self.rep.id,
                "stage_id": self.first.id,
                "expected_revenue": 500,
            }
        )

    def test_from_next_action_to_won(self):
        self.env["ir.config_parameter"].set_param(
            "sales_opportunity_classic.require_won_reason", "True"
        )
        self.start_tour(
            f"/odoo/crm/{self.lead.id}", "opportunity_record", login="tour_rep"
        )
        self.assertRecordValues(
            self.lead,
            [
                {
                    "won_status": "won",
                    "won_reason_id": self.reason.id,
                    "revenue_low": 100,
                }
            ],
        )
        self.assertEqual(self.lead.activity_ids.summary, "Call the buyer")
        self.assertEqual(self.lead.checklist_tick_ids.user_id, self.rep)
        self.assertEqual(
            self.lead.stage_move_ids.sorted("id").mapped("to_stage_name"),
            ["Tour first", "Tour second", "Tour won"],
        )

    def test_the_won_button(self):
        self.item.required = False
        self.start_tour(
            f"/odoo/crm/{self.lead.id}", "opportunity_won_button", login="tour_rep"
        )
        self.assertEqual(self.lead.won_status, "won")
        self.assertEqual(self.lead.won_reason_id, self.reason)

    def test_a_bundle_is_added_and_updated(self):
        desk = self.env["product.product"].create({"name": "Tour desk"})
        bundle = self.env["opportunity.bundle"].create(
            {
                "name": "Tour bundle",
                "line_ids": [Command.create({"product_id": desk.id})],
            }
        )
        url = f"/odoo/crm/{self.lead.id}"
        self.start_tour(url, "opportunity_bundle_add", login="tour_rep")
        self.assertEqual(self.lead.line_ids.product_id, desk)
        bundle.line_ids.quantity = 7
        self.start_tour(url, "opportunity_bundle_update", login="tour_rep")
        self.assertEqual(self.lead.line_ids.quantity, 7)

    def test_dragging_to_won_opens_the_dialog(self):
        self.item.required = False
        self.env["ir.config_parameter"].set_param(
            "sales_opportunity_classic.require_won_reason", "True"
        )
        self.start_tour(
            "/odoo/action-crm.action_your_pipeline",
            "opportunity_drag_to_won",
            login="tour_rep",
        )
        self.assertEqual(self.lead.stage_id, self.won)
        self.assertEqual(self.lead.won_reason_id, self.reason)

    def test_files_from_the_opportunity_to_the_contact(self):
        self.env["ir.config_parameter"].set_param(
            "sales_opportunity_classic.file_max_size", "1"
        )
        customer = self.env["res.partner"].create({"name": "Tour Customer"})
        self.lead.partner_id = customer
        files = self.env["opportunity.file"].with_user(self.rep)
        contract = files.create(
            {"name": "Contract.txt", "raw": b"The terms", "lead_id": self.lead.id}
        )
        self.start_tour(
            f"/odoo/crm/{self.lead.id}", "opportunity_files_drop", login="tour_rep"
        )
        files = self.lead.file_ids
        self.assertEqual(len(files), 19)
        self.assertEqual(files.partner_id, customer)
        self.assertEqual(files.create_uid, self.rep)
        self.assertEqual(contract.next_version_ids.name, "Contract again.txt")
        self.assertIn("Renamed.txt", files.mapped("name"))
        self.start_tour(
            f"/odoo/res.partner/{customer.id}",
            "opportunity_files_of_contact",
            login="tour_rep",
        )
        self.assertEqual(len(self.lead.file_ids), 18)

    def test_a_file_shared_by_a_link_until_it_is_revoked(self):
        files = self.env["opportunity.file"].with_user(self.rep)
        contract = files.create(
            {"name": "Contract.txt", "raw": b"The terms", "lead_id": self.lead.id}
        )
        self.start_tour(
            f"/odoo/crm/{self.lead.id}", "opportunity_files_share", login="tour_rep"
        )
        link = contract.link_ids
        self.assertEqual(link.create_uid, self.rep)
        # sudo: nobody else reads the address
        url = link.sudo().url
        self.assertEqual(self._open_signed_out(url), 200)
        self.start_tour(
            f"/odoo/m-opportunity.file.link/{link.id}",
            "opportunity_files_revoke",
            login="tour_rep",
        )
        self.assertEqual(link.state, "revoked")
        self.assertEqual(self._open_signed_out(url), 404)

    def _open_signed_out(self, url):
        """Return the status of a page, as a visitor gets it."""
        self.authenticate(None, None)
        answer = self.url_open(url)
        self.assertEqual("Contract.txt" in answer.text, answer.status_code == 200)
        return answer.status_code

    def test_tasks_from_plan_to_done(self):
        self.start_tour(
            f"/odoo/crm/{self.lead.id}", "opportunity_timeline", login="tour_rep"
        )
        done = self.lead.with_context(active_test=False).activity_ids
        self.assertRecordValues(
            done,
            [{"summary": "Send the offer", "feedback": "By mail", "active": False}],
        )
        pinned = self.lead.message_ids.filtered("pinned_at")
        self.assertIn("Likes oak", pinned.body)

    def test_tasks_are_only_shown_to_who_may_only_read(self):
        reader = new_test_user(
            self.env,
            "tour_reader",
            password="tour_reader",
            groups="sales_team.group_sale_salesman",
        )
        self.env["opportunity.share"].create(
            {"lead_id": self.lead.id, "user_id": reader.id, "access": "read"}
        )
        url = f"/odoo/crm/{self.lead.id}"
        self.start_tour(url, "opportunity_timeline_read_only", login="tour_reader")

    def test_tasks_of_a_contact(self):
        customer = self.env["res.partner"].create({"name": "Tour customer"})
        self.lead.partner_id = customer
        self.lead.activity_schedule(
            "mail.mail_activity_data_call", summary="Call Rome", user_id=self.rep.id
        )
        url = f"/odoo/contacts/{customer.id}"
        self.start_tour(url, "opportunity_timeline_contact", login="tour_rep")


@tagged("post_install", "-at_install")
class TestLettersTour(HttpCase):
    """A letter is written by a sales manager and printed by a salesperson."""

    def setUp(self):
        super().setUp()
        groups = ("salesman", "manager")
        self.rep, self.manager = (
            new_test_user(
                self.env,
                f"tour_{group}",
                password=f"tour_{group}",
                groups=f"sales_team.group_sale_{group}",
            )
            for group in groups
        )
        self.customer = self.env["res.partner"].create(
            {
                "name": "Jane Doe",
                "street": "Elm Street 1",
                "city": "Springfield",
                "zip": "12345",
            }
        )

    def _create_leads(self, count, user):
        return self.env["crm.lead"].create(
            [
                {
                    "name": f"Deal {number}",
                    "type": "opportunity",
                    "user_id": user.id,
                    "partner_id": self.customer.id,
                }
                for number in range(count)
            ]
        )

    def test_a_letter_is_written_with_a_field_and_a_condition(self):
        lead = self._create_leads(1, self.manager)
        (self.env["crm.lead"].search([]) - lead).active = False
        self.start_tour(
            "/odoo/opportunity-letter-templates", "letter_written", login="tour_manager"
        )
        template = self.env["opportunity.letter.template"].search(
            [("name", "=", "Tour letter")]
        )
        self.assertIn("letter-condition", template.body_html)
        self.assertIn("friend", template.body_html)
        self.assertNotIn("contenteditable", template.body_html)

    def test_letters_are_printed_for_thirty_opportunities(self):
        self.env["opportunity.letter.template"].create(
            {
                "name": "Tour letter",
                "window": "din5008_b",
                "body_html": '<p>About <span data-embedded="letter-field" '
                'data-embedded-props=\'{"key": "opportunity.name"}\'>Name</span></p>',
            }
        )
        leads = self._create_leads(30, self.rep).sorted("id")
        leads[:2].partner_id = False
        action = self.env["ir.actions.act_window"].create(
            {
                "name": "Deals",
                "res_model": "crm.lead",
                "view_mode": "list",
                "path": "tour-deals",
                "domain": [("id", "in", leads.ids)],
                "limit": 40,
            }
        )
        url = f"/odoo/{action.path}"
        self.start_tour(url, "letters_printed", login="tour_salesman")
        letters = leads.letter_ids
        self.assertEqual(len(letters), 28)
        self.assertEqual(len(letters.filtered(lambda x: "By hand" in x.body_html)), 1)


@tagged("post_install", "-at_install")
class TestLabelsTour(HttpCase):
    """A salesperson prints address labels on a sheet that is used in part."""

    def setUp(self):
        super().setUp()
        self.rep = new_test_user(
            self.env,
            "tour_salesman",
            password="tour_salesman",
            groups="sales_team.group_sale_salesman",
        )
        partners = self.env["res.partner"].create(
            [
                {
                    "name": f"Customer {number}",
                    "street": f"Elm Street {number}",
                    "city": "Springfield",
                    "zip": f"{90 - number}000",
                }
                for number in range(5)
            ]
        )
        nowhere = self.env["res.partner"].create({"name": "Nowhere"})
        self.leads = self.env["crm.lead"].create(
            [
                {
                    "name": f"Deal {partner.name.lower()}",
                    "type": "opportunity",
                    "user_id": self.rep.id,
                    "partner_id": partner.id,
                }
                for partner in partners + nowhere
            ]
        )

    def test_labels_start_where_the_sheet_is_clicked(self):
        action = self.env["ir.actions.act_window"].create(
            {
                "name": "Deals",
                "res_model": "crm.lead",
                "view_mode": "list",
                "path": "tour-labels",
                "domain": [("id", "in", self.leads.ids)],
            }
        )
        self.start_tour(f"/odoo/{action.path}", "labels_printed", login="tour_salesman")
        wizard = self.env["opportunity.label.print"].search(
            [("create_uid", "=", self.rep.id)]
        )
        wizard = wizard.with_user(self.rep)
        self.assertEqual(wizard.start_position, 5)
        names = [label.lines[0] for label in wizard._make_labels()]
        self.assertEqual(names, [f"Customer {number}" for number in (4, 3, 2, 1, 0)])
        settings = self.rep.res_users_settings_id
        self.assertEqual(settings.label_format_id, wizard.format_id)


@tagged("post_install", "-at_install")
class TestCustomFieldsTour(HttpCase):
    """A sales administrator adds tabs without help."""

    def setUp(self):
        super().setUp()
        self.addCleanup(self.registry.reset_changes)
        # On a busy machine PostgreSQL's own cleaning lets go of a table late.
        self.startPatcher(patch(f"{SCHEMA_MIXIN}.LOCK_TIMEOUT", "30s"))
        self.env["opportunity.custom.tab"].search([]).unlink()
        groups = "sales_opportunity_classic.group_social_security_number"
        self.manager = new_test_user(
            self.env,
            "tour_manager",
            name="Tour Manager",
            password="tour_manager",
            groups=f"sales_team.group_sale_manager,{groups}",
        )
        self.lead = self.env["crm.lead"].create(
            {
                "name": "Tour opportunity",
                "type": "opportunity",
                "user_id": self.manager.id,
            }
        )

    def test_from_an_empty_editor_to_a_filled_opportunity(self):
        self.start_tour(
            "/odoo/custom-fields", "opportunity_custom_fields", login="tour_manager"
        )
        self.assertRecordValues(
            self.lead, [{"x_tour_version": "19.0", "x_tour_risk": "high"}]
        )

    def test_a_field_of_each_type(self):
        contact = self.env["res.partner"].create({"name": "Tour Customer"})
        product = self.env["product.product"].create({"name": "Tour Desk"})
        self.start_tour(
            "/odoo/custom-fields",
            "opportunity_custom_field_types",
            login="tour_manager",
            timeout=180,
        )
        values = {
            "text": "Ten desks",
            "text_area": "Two lines",
            "name": "Marc Demo",
            "whole_number": 42,
            "decimal_number": 4.25,
            "percent": 0.5,
            "currency": 99.95,
            "date": datetime.date(2026, 2, 28),
            "year": 2026,
            "month": "2",
            "day_of_week": "6",
            "yes_no": "no",
            "phone_number": "+32 2 290 34 90",
            "email": "info@example.com",
            "website": "https://example.com",
            "social_security_number": "123-45-6789",
            "state": self.env["res.country.state"].search([("code", "=", "WY")]).id,
            "dropdown": "large",
            "radio": "small",
            "user": self.manager.id,
            "user_list_box": self.manager.ids,
            "contact": contact.id,
            "product": product.id,
            "file": b"aGVsbG8=",
            "file_filename": "hello.txt",
            "stars": "3",
            "color": "#00ff7f",
        }
        self.assertRecordValues(
            self.lead, [{f"x_tour_{kind}": value for kind, value in values.items()}]
        )
        self.assertTrue(self.lead.x_tour_image)
        self.assertIn("Hello", self.lead.x_tour_html)
        self.assertEqual(self.lead.x_tour_date_time.date(), values["date"])
        self.assertEqual(self.lead.x_tour_list_box.name, "Large")
        self.assertEqual(self.lead.x_tour_drilldown.name, "Small")
        self._check_filters_and_groups()

    def _check_filters_and_groups(self):
        leads = self.env["crm.lead"].with_user(self.manager)
        for kind, details in FIELD_TYPES.items():
            name = f"x_tour_{kind}"
            with self.subTest(name=name):
                self.assertEqual(leads.search([(name, "!=", False)]), self.lead)
                if details.groupable:
                    by_month = details.column in ("date", "datetime")
                    groups = leads.web_read_group(
                        [("id", "=", self.lead.id)],
                        [f"{name}:month" if by_month else name],
                        ["__count"],
                    )
                    self.assertEqual(groups["length"], 1)

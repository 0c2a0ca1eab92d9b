from odoo.tests import HttpCase, new_test_user, tagged


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


@tagged("post_install", "-at_install")
class TestCustomFieldsTour(HttpCase):
    """A sales administrator adds a tab without help."""

    def test_from_an_empty_editor_to_a_filled_opportunity(self):
        self.env["opportunity.custom.tab"].search([]).unlink()
        manager = new_test_user(
            self.env,
            "tour_manager",
            password="tour_manager",
            groups="sales_team.group_sale_manager",
        )
        lead = self.env["crm.lead"].create(
            {
                "name": "Tour opportunity",
                "type": "opportunity",
                "user_id": manager.id,
            }
        )
        self.start_tour(
            "/odoo/custom-fields", "opportunity_custom_fields", login="tour_manager"
        )
        self.assertRecordValues(
            lead, [{"x_tour_version": "19.0", "x_tour_risk": "high"}]
        )

from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import OpportunityCommon


@tagged("post_install", "-at_install")
class TestOpportunityStageDiscipline(OpportunityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.budget, cls.demo = cls.env["opportunity.checklist.item"].create(
            [
                {"name": "Budget", "stage_id": cls.stage_first.id, "required": True},
                {"name": "Demo", "stage_id": cls.stage_first.id},
            ]
        )
        cls.other_team = cls.env["crm.team"].create({"name": "Elsewhere"})

    def _age(self, lead, days):
        lead.sudo().date_last_stage_update = self.env.cr.now() - timedelta(days=days)

    # === CHECKLIST === #

    def test_an_open_required_item_stops_the_move_and_is_named(self):
        second = self._create_opportunity(name="Other")
        second.checklist_done_ids = [Command.link(self.demo.id)]
        with self.assertRefused(ValidationError, "Ten desks: Budget\nOther: Budget"):
            (self.opportunity + second).stage_id = self.stage_second
        self.assertEqual(self.opportunity.stage_id, self.stage_first)

    def test_ticked_it_moves(self):
        self.opportunity.checklist_done_ids = [Command.link(self.budget.id)]
        self.opportunity.stage_id = self.stage_second
        self.assertEqual(self.opportunity.stage_id, self.stage_second)

    def test_no_way_around(self):
        lead = self.opportunity
        external_id = lead.sudo().export_data(["id"])["datas"][0][0]
        for attempt in (
            lambda: lead.action_set_won(),
            lambda: lead.with_context(tracking_disable=True).write(
                {"stage_id": self.stage_second.id}
            ),
            lambda: lead.sudo().write({"stage_id": self.stage_second.id}),
            lambda: lead.web_save({"stage_id": self.stage_second.id}, {}),
        ):
            with self.assertRefused(ValidationError, "Budget"):
                attempt()
        result = (
            self.Lead.with_user(self.user_sales_salesman)
            .with_context(import_file=True)
            .load(["id", "stage_id/.id"], [[external_id, str(self.stage_second.id)]])
        )
        self.assertIn("Budget", result["messages"][0]["message"])
        self.assertEqual(lead.stage_id, self.stage_first)

    def test_going_back_losing_and_editing_need_no_ticks(self):
        lead = self._create_opportunity(stage_id=self.stage_second.id)
        self.env["opportunity.checklist.item"].create(
            {"name": "Late", "stage_id": self.stage_second.id, "required": True}
        )
        lead.stage_id = self.stage_first
        lead.write({"stage_id": self.stage_first.id, "name": "Same stage"})
        lead.action_set_lost()
        self.assertEqual(lead.won_status, "lost")

    def _require(self, name, stage):
        return self.env["opportunity.checklist.item"].create(
            {"name": name, "stage_id": stage.id, "required": True}
        )

    def test_every_stage_that_is_passed_asks(self):
        call = self._require("Call", self.stage_second)
        lead = self._create_opportunity(stage_id=self.stage_second.id)
        lead.checklist_done_ids = [Command.link(self.budget.id)]
        lead.stage_id = self.stage_first
        with self.assertRefused(ValidationError, r"Ten desks: Call \(Engaging\)"):
            lead.stage_id = self.stage_won
        lead.checklist_done_ids = [Command.link(call.id)]
        lead.stage_id = self.stage_won
        self.assertEqual(lead.won_status, "won")

    def test_what_was_never_passed_does_not_ask(self):
        lead = self._create_opportunity(stage_id=self.stage_second.id)
        lead.stage_id = self.stage_won
        self.assertEqual(lead.won_status, "won")

    def test_without_a_stage_everything_is_still_to_pass(self):
        lead = self._create_opportunity(stage_id=self.stage_second.id)
        lead.stage_id = False
        with self.assertRefused(ValidationError, r"Budget \(Prospecting\)"):
            lead.stage_id = self.stage_second

    def test_won_is_the_furthest_wherever_it_stands(self):
        self.stage_won.sequence = 5
        with self.assertRefused(ValidationError, "Ten desks: Budget"):
            self.opportunity.stage_id = self.stage_won

    def test_stages_of_other_teams_do_not_ask(self):
        self.budget.required = False
        self._require("Theirs", self.stage_second)
        self.opportunity.sudo().team_id = self.sales_team_1
        self.stage_second.team_ids = self.other_team
        self.opportunity.stage_id = self.stage_won
        self.assertEqual(self.opportunity.won_status, "won")

    def test_a_change_of_team_that_moves_forward_asks(self):
        lead = self.opportunity
        lead.sudo().team_id = self.sales_team_1
        shared = self.env["crm.stage"].search([("team_ids", "=", False)])
        shared.team_ids = self.sales_team_1
        self.stage_second.team_ids = self.other_team
        with self.assertRefused(ValidationError, "Ten desks: Budget"):
            lead.team_id = self.other_team
        lead.checklist_done_ids = [Command.link(self.budget.id)]
        lead.team_id = self.other_team
        self.assertEqual(lead.stage_id, self.stage_second)

    def test_a_salesperson_gives_an_opportunity_away(self):
        self.opportunity.user_id = self.user_sales_leads
        self.assertEqual(self.opportunity.sudo().user_id, self.user_sales_leads)

    def test_other_requirements_join(self):
        self.budget.required = False
        asked = {}

        def get_missing(mixin, moves):
            asked.update(moves)
            return {lead: ["Segment"] for lead in moves}

        self.patch(type(self.Lead), "_get_missing_requirements", get_missing)
        with self.assertRefused(ValidationError, "Ten desks: Segment"):
            self.opportunity.stage_id = self.stage_second
        self.assertEqual(list(asked.values()), [(self.stage_first, self.stage_second)])

    def test_managers_pass_and_it_is_logged(self):
        lead = self.opportunity.with_user(self.user_sales_manager)
        lead.stage_id = self.stage_second
        self.assertIn("Budget", lead.message_ids[0].body)
        self.assertEqual(
            lead.message_ids[0].author_id, self.user_sales_manager.partner_id
        )

    def test_archived_items_and_other_stages_do_not_count(self):
        self.budget.action_archive()
        self.opportunity.stage_id = self.stage_second
        self.opportunity.stage_id = self.stage_won
        self.assertEqual(self.opportunity.won_status, "won")

    # === PROBABILITY === #

    def test_entering_a_stage_sets_its_probability(self):
        self.stage_second.default_probability = 35
        self.budget.required = False
        self.opportunity.stage_id = self.stage_second
        self.assertEqual(self.opportunity.probability, 35)
        lead = self._create_opportunity(stage_id=self.stage_second.id)
        self.assertEqual(lead.probability, 35)

    def test_who_stays_keeps_the_probability(self):
        self.budget.required = False
        self.stage_second.default_probability = 35
        staying = self._create_opportunity(
            stage_id=self.stage_second.id, probability=60
        )
        (staying + self.opportunity).write({"stage_id": self.stage_second.id})
        self.assertEqual((staying + self.opportunity).mapped("probability"), [60, 35])

    def test_a_given_probability_wins(self):
        self.budget.required = False
        self.stage_second.default_probability = 35
        self.opportunity.write({"stage_id": self.stage_second.id, "probability": 80})
        self.assertEqual(self.opportunity.probability, 80)

    def test_won_is_always_certain(self):
        self.stage_won.default_probability = 50
        self.budget.required = False
        self.opportunity.stage_id = self.stage_won
        self.assertEqual(self.opportunity.probability, 100)

    def test_restored_takes_up_its_stage_again(self):
        self.stage_first.default_probability = 15
        self.opportunity.action_set_lost()
        self.opportunity.action_restore()
        self.assertEqual(self.opportunity.probability, 15)

    # === PACE === #

    def test_days_in_stage_and_target(self):
        self.stage_first.target_days = 5
        self.budget.required = False
        late, fresh = self.opportunity, self._create_opportunity()
        self._age(late, 6)
        self.assertEqual((late + fresh).mapped("days_in_stage"), [6, 0])
        self.assertEqual((late + fresh).mapped("is_over_target"), [True, False])
        late.action_set_won()
        self.assertFalse(late.is_over_target)

    def test_searching_days_needs_a_number(self):
        for operator in (">", "<=", "=", "!="):
            with self.assertRaisesRegex(UserError, "“some” is no number of days"):
                self.Lead.search([("days_in_stage", operator, "some")])
        for days in (10**14, -(10**14)):
            self.assertFalse(self.Lead.search([("days_in_stage", "=", days)]))
        self.assertIn(
            self.opportunity, self.Lead.search([("days_in_stage", ">=", -(10**14))])
        )

    def test_a_target_beyond_the_calendar(self):
        self.stage_first.target_days = 2**31 - 1
        late = self.Lead.search([("is_over_target", "=", True)])
        self.assertNotIn(self.opportunity, late)

    def test_searching_days_agrees_with_reading_them(self):
        self.stage_first.target_days = 5
        leads = self.opportunity
        for days in (0, 4, 5, 5.5, 9):
            lead = self._create_opportunity(name=str(days))
            self._age(lead, days)
            leads += lead
        Lead = self.Lead.with_user(self.user_sales_salesman)
        for domain in (
            [("days_in_stage", ">=", 5)],
            [("days_in_stage", ">", 4)],
            [("days_in_stage", "<", 5)],
            [("days_in_stage", "<=", 4)],
            [("days_in_stage", "=", 5)],
            [("days_in_stage", "!=", 5)],
            [("days_in_stage", "in", [0, 9])],
            [("is_over_target", "=", True)],
            [("is_over_target", "=", False)],
            [("is_over_target", "!=", True)],
        ):
            found = Lead.search([*domain, ("id", "in", leads.ids)])
            self.assertEqual(found, leads.filtered_domain(domain).sorted("id", True))
            self.assertTrue(found)
            self.assertLess(found, leads)

from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import OpportunityCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-01 12:00:00")
class TestOpportunityOutcome(OpportunityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lost_reason = cls.env["crm.lost.reason"].create({"name": "Too dear"})
        cls.competitor = cls.env["res.partner"].create({"name": "Competitor Inc"})

    # === ACTUALS === #

    def test_winning_fills_the_actuals(self):
        self.opportunity.stage_id = self.stage_won
        self.assertRecordValues(
            self.opportunity,
            [{"actual_revenue": 1000.0, "actual_close_date": date(2026, 6, 1)}],
        )

    def test_given_actuals_are_kept(self):
        self.opportunity.write(
            {"actual_revenue": 900, "actual_close_date": "2026-05-30"}
        )
        self.opportunity.action_set_won()
        self.assertRecordValues(
            self.opportunity,
            [{"actual_revenue": 900.0, "actual_close_date": date(2026, 5, 30)}],
        )

    def test_losing_dates_it_and_brings_nothing(self):
        self.opportunity.action_set_lost(lost_reason_id=self.lost_reason.id)
        self.assertRecordValues(
            self.opportunity,
            [{"actual_revenue": 0.0, "actual_close_date": date(2026, 6, 1)}],
        )

    def test_created_as_won(self):
        lead = self._create_opportunity(stage_id=self.stage_won.id)
        self.assertEqual(lead.actual_revenue, 1000.0)

    def test_reopening_empties_the_outcome_and_the_history_keeps_it(self):
        self.opportunity.write({"won_reason_id": self.won_reason.id})
        self.opportunity.action_set_won()
        self.opportunity.stage_id = self.stage_first
        self.assertFalse(self.opportunity.won_reason_id)
        self.assertFalse(self.opportunity.actual_close_date)
        won = self.opportunity.stage_move_ids.filtered(lambda m: m.kind == "won")
        self.assertRecordValues(
            won,
            [
                {
                    "actual_revenue": 1000.0,
                    "actual_close_date": date(2026, 6, 1),
                    "closing_reason": "Best fit",
                }
            ],
        )

    def test_reopening_is_tracked(self):
        lead = self.opportunity.with_context(tracking_disable=False)
        lead.action_set_won()
        self.flush_tracking()
        lead.stage_id = self.stage_first
        self.flush_tracking()
        tracked = lead.message_ids.sudo().tracking_value_ids
        old = tracked.filtered(lambda t: t.field_id.name == "actual_revenue")
        self.assertIn(1000.0, old.mapped("old_value_float"))

    # === REQUIRED REASONS === #

    def test_a_required_won_reason_holds_everywhere(self):
        self._set_parameter("require_won_reason", "True")
        lead = self.opportunity
        for attempt in (
            lambda: lead.action_set_won(),
            lambda: lead.write({"stage_id": self.stage_won.id}),
            lambda: lead.action_set_won_rainbowman(),
            lambda: self._create_opportunity(stage_id=self.stage_won.id),
            lambda: lead.web_save({"stage_id": self.stage_won.id}, {}),
        ):
            with self.assertRefused(ValidationError, "Won Reason.*Ten desks"):
                attempt()
        lead.write({"stage_id": self.stage_won.id, "won_reason_id": self.won_reason.id})
        self.assertEqual(lead.won_status, "won")

    def test_a_required_lost_reason_holds_everywhere(self):
        self._set_parameter("require_lost_reason", "True")
        lead = self.opportunity
        for attempt in (
            lambda: lead.action_set_lost(),
            lambda: lead.write({"active": False, "probability": 0}),
        ):
            with self.assertRefused(ValidationError, "Lost Reason.*Ten desks"):
                attempt()
        lead.action_set_lost(lost_reason_id=self.lost_reason.id)
        self.assertEqual(lead.won_status, "lost")

    def test_dragging_opens_the_dialog_only_where_a_reason_is_missing(self):
        lead, stage = self.opportunity, self.stage_won.id
        self.assertFalse(lead.action_get_closing_dialog(stage))
        self._set_parameter("require_won_reason", "True")
        self.assertFalse(lead.action_get_closing_dialog(self.stage_second.id))
        action = lead.action_get_closing_dialog(stage)
        self.assertEqual(action["res_model"], "opportunity.mark.won")
        self.assertEqual(action["context"]["default_stage_id"], stage)
        lead.won_reason_id = self.won_reason
        self.assertFalse(lead.action_get_closing_dialog(stage))

    # === DIALOGS === #

    def test_the_won_button_asks_first(self):
        action = self.opportunity.with_context(
            opportunity_ask_outcome=True
        ).action_set_won_rainbowman()
        self.assertEqual(action["res_model"], "opportunity.mark.won")
        wizard = Form(
            self.env["opportunity.mark.won"]
            .with_user(self.user_sales_salesman)
            .with_context(**action["context"])
        )
        self.assertEqual(wizard.actual_revenue, 1000.0)
        wizard.actual_revenue = 950
        wizard.won_reason_id = self.won_reason
        wizard.closing_note = "Fast delivery"
        wizard.competitor_ids = self.competitor
        wizard.save().action_mark_won()
        self.assertRecordValues(
            self.opportunity,
            [
                {
                    "won_status": "won",
                    "actual_revenue": 950.0,
                    "won_reason_id": self.won_reason.id,
                    "closing_note": "Fast delivery",
                    "competitor_ids": self.competitor.ids,
                }
            ],
        )

    def test_several_won_at_once_keep_their_own_revenue(self):
        leads = self.opportunity + self._create_opportunity(expected_revenue=70)
        self.env["opportunity.mark.won"].with_user(self.user_sales_salesman).create(
            {
                "lead_ids": [Command.set(leads.ids)],
                "won_reason_id": self.won_reason.id,
                "stage_id": self.stage_won.id,
            }
        ).action_mark_won()
        self.assertEqual(leads.stage_id, self.stage_won)
        self.assertEqual(leads.mapped("actual_revenue"), [1000.0, 70.0])

    def test_the_lost_dialog_asks_who_got_it(self):
        wizard = Form(
            self.env["crm.lead.lost"]
            .with_user(self.user_sales_salesman)
            .with_context(default_lead_ids=self.opportunity.ids)
        )
        wizard.lost_reason_id = self.lost_reason
        wizard.awarded_to_id = self.competitor
        wizard.awarded_revenue = 800
        wizard.lost_feedback = "<p>They were <b>faster</b></p>"
        wizard.save().action_lost_reason_apply()
        self.assertRecordValues(
            self.opportunity,
            [
                {
                    "won_status": "lost",
                    "lost_reason_id": self.lost_reason.id,
                    "awarded_to_id": self.competitor.id,
                    "awarded_revenue": 800.0,
                    "closing_note": "They were *faster*",
                    "actual_close_date": date(2026, 6, 1),
                }
            ],
        )
        lost = self.opportunity.stage_move_ids.filtered(lambda m: m.kind == "lost")
        self.assertEqual(lost.closing_reason, "Too dear")

    def test_the_dialogs_take_only_what_their_user_may_read(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        hidden = self.env["res.partner"].create(
            {"name": "Hidden", "company_id": company.id}
        )
        foreign = self._create_opportunity(self.user_sales_leads)
        self.env.invalidate_all()
        answers = {
            "opportunity.mark.won": ("competitor_ids", "lead_ids"),
            "crm.lead.lost": ("awarded_to_id", "competitor_ids", "lead_ids"),
        }
        for model, names in answers.items():
            dialogs = self.env[model].with_user(self.user_sales_salesman)
            dialog = dialogs.create({"lead_ids": self.opportunity.ids})
            dialog.competitor_ids = self.competitor
            for name in names:
                record = foreign if name == "lead_ids" else hidden
                values = {name: record.id if name == "awarded_to_id" else record.ids}
                for attempt in (
                    lambda values=values, dialogs=dialogs: dialogs.create(
                        {"lead_ids": self.opportunity.ids, **values}
                    ),
                    lambda values=values, dialog=dialog: dialog.write(values),
                ):
                    with self.assertRefused(AccessError, "top-secret"):
                        attempt()

    def test_the_dialogs_take_only_amounts(self):
        amounts = {
            "opportunity.mark.won": "actual_revenue",
            "crm.lead.lost": "awarded_revenue",
        }
        for model, name in amounts.items():
            dialogs = self.env[model].with_user(self.user_sales_salesman)
            dialog = dialogs.create({"lead_ids": self.opportunity.ids})
            for value in (10**400, 1e308, "much"):
                with self.assertRefused(ValidationError, "must be a number"):
                    dialogs.create({"lead_ids": self.opportunity.ids, name: value})
                with self.assertRefused(ValidationError, "must be a number"):
                    dialog.write({name: value})

    def test_a_dialog_names_competitors_of_another_company(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.competitor.company_id = company
        self.opportunity.sudo().company_id = self.env.company
        manager = self.user_sales_manager
        manager.company_ids = [Command.link(company.id)]
        values = {"lead_ids": self.opportunity.ids, "awarded_to_id": self.competitor.id}
        dialog = (
            self.env["crm.lead.lost"]
            .with_user(manager)
            .with_context(allowed_company_ids=manager.company_ids.ids)
            .create(values)
        )
        with self.assertRefused(UserError, "Competitor Inc"):
            dialog.action_lost_reason_apply()

    # === CLOSED OPPORTUNITIES === #

    def test_only_managers_edit_closed_ones_by_setting(self):
        lead = self.opportunity
        lead.action_set_won()
        lead.name = "Everybody by default"
        self._set_parameter("closed_edit", "managers")
        for values in (
            {"name": "Other"},
            {"stage_id": self.stage_first.id},
            {"tag_ids": [Command.clear()]},
            {"active": False},
        ):
            with self.assertRefused(UserError, "Only sales managers"):
                lead.write(values)
        lead.message_post(body="Talking is free")
        lead.activity_schedule(summary="Thank them")
        lead.with_user(self.user_sales_manager).name = "Managers may"

    def test_closing_itself_is_no_edit_of_a_closed_one(self):
        self._set_parameter("closed_edit", "managers")
        self.opportunity.probability = 0
        self.opportunity.action_set_lost(lost_reason_id=self.lost_reason.id)
        self.assertEqual(self.opportunity.won_status, "lost")
        other = self._create_opportunity()
        other.action_set_won()
        self.assertEqual(other.actual_revenue, 1000.0)
        with self.assertRefused(UserError):
            self.opportunity.action_restore()

    def test_rows_of_closed_ones_are_closed_as_well(self):
        lead = self.opportunity
        items = self.env["opportunity.checklist.item"].create(
            [{"name": name, "stage_id": self.stage_first.id} for name in ("A", "B")]
        )
        row = {"lead_id": lead.id, "partner_id": self.contact_1.id}
        party = self.env["opportunity.party"].with_user(lead.user_id).create(row)
        lead.checklist_done_ids = items[0]
        lead.action_set_won()
        self._set_parameter("closed_edit", "managers")
        row["partner_id"] = self.contact_2.id
        tick = lead.checklist_tick_ids
        for operation in (
            lambda: party.create(row),
            lambda: party.with_context(default_lead_id=lead.id).create(
                {"partner_id": self.contact_2.id}
            ),
            lambda: party.write({"note": "Changed"}),
            lambda: party.unlink(),
            lambda: tick.create({"lead_id": lead.id, "item_id": items[1].id}),
            lambda: tick.unlink(),
        ):
            with self.assertRefused(UserError, "Only sales managers.*Ten desks"):
                operation()
        party.with_user(self.user_sales_manager).note = "Managers may"
        tick.with_user(self.user_sales_manager).unlink()

    def test_rows_do_not_move_to_closed_ones(self):
        party = self.env["opportunity.party"].with_user(self.opportunity.user_id)
        party = party.create(
            {"lead_id": self.opportunity.id, "partner_id": self.contact_1.id}
        )
        closed = self._create_opportunity(name="Closed")
        closed.action_set_won()
        self._set_parameter("closed_edit", "managers")
        with self.assertRefused(UserError, "Only sales managers.*Closed"):
            party.lead_id = closed

    def test_rows_that_come_with_the_closing_are_no_edit(self):
        self._set_parameter("closed_edit", "managers")
        item = self.env["opportunity.checklist.item"].create(
            {"name": "A", "stage_id": self.stage_first.id}
        )
        values = {
            "stage_id": self.stage_won.id,
            "party_ids": [Command.create({"partner_id": self.contact_1.id})],
            "checklist_done_ids": [Command.link(item.id)],
        }
        self.opportunity.write(values)
        self.assertEqual(self.opportunity.won_status, "won")
        self.assertEqual(self.opportunity.party_ids.partner_id, self.contact_1)
        self.assertEqual(self.opportunity.checklist_tick_ids.item_id, item)

    def test_an_open_one_is_no_way_to_the_rows_of_closed_ones(self):
        closed = self._create_opportunity(
            name="Closed",
            party_ids=[Command.create({"partner_id": self.contact_1.id})],
        )
        closed.action_set_won()
        self._set_parameter("closed_edit", "managers")
        party = closed.party_ids
        for command in (
            Command.update(party.id, {"note": "Changed"}),
            Command.delete(party.id),
            Command.link(party.id),
        ):
            with self.assertRefused(UserError, "Only sales managers.*Closed"):
                self.opportunity.party_ids = [command]

    def test_the_context_of_a_client_opens_nothing(self):
        self.opportunity.action_set_won()
        self._set_parameter("closed_edit", "managers")
        for value in (True, "object", self.opportunity.ids):
            lead = self.opportunity.with_context(opportunity_closed_edit=value)
            with self.assertRefused(UserError):
                lead.name = "Changed"

    def test_talking_about_an_open_one_reaches_closed_namesakes(self):
        email = "namesake@example.com"
        closed, lead = (
            self._create_opportunity(name=name, email_from=email, partner_id=False)
            for name in ("Closed", "Open")
        )
        closed.action_set_won()
        self._set_parameter("closed_edit", "managers")
        partner = self.env["res.partner"].create({"name": "Name", "email": email})
        lead.message_post(body="Hello", partner_ids=partner.ids)
        self.assertEqual((lead + closed).partner_id, partner)
        with self.assertRefused(UserError):
            closed.partner_id = False

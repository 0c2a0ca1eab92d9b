from datetime import date

from freezegun import freeze_time

from odoo.tests import Form, tagged, users

from .common import OpportunityCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 09:00:00")
class TestOpportunityNextAction(OpportunityCommon):
    def setUp(self):
        super().setUp()
        self.lead = self.opportunity

    def assertNextAction(self, day, note, activities):
        self.assertRecordValues(
            self.lead, [{"next_action_date": day, "next_action_note": note}]
        )
        self.assertEqual(len(self.lead.activity_ids), activities)

    def test_writing_it_schedules_one_activity_of_the_salesperson(self):
        self.lead.write({"next_action_date": "2026-03-05", "next_action_note": "Call"})
        self.assertRecordValues(
            self.lead.activity_ids,
            [
                {
                    "date_deadline": date(2026, 3, 5),
                    "summary": "Call",
                    "user_id": self.user_sales_salesman.id,
                }
            ],
        )
        self.assertNextAction(date(2026, 3, 5), "Call", 1)

    def test_on_the_form(self):
        with Form(self.lead) as form:
            form.next_action_note = "Send the offer\nwith the new prices"
            form.next_action_date = "2026-03-09"
        self.assertEqual(self.lead.activity_ids.summary, "Send the offer")
        self.assertIn("with the new prices", self.lead.activity_ids.note)
        self.assertNextAction(
            date(2026, 3, 9), "Send the offer\nwith the new prices", 1
        )

    def test_at_creation(self):
        lead = self._create_opportunity(next_action_date="2026-04-01")
        self.assertEqual(lead.activity_ids.date_deadline, date(2026, 4, 1))

    def test_a_note_alone_is_due_today(self):
        self.lead.next_action_note = "Call back"
        self.assertEqual(self.lead.next_action_date, date(2026, 3, 2))

    def test_changing_it_changes_the_same_activity(self):
        self.lead.next_action_date = "2026-03-05"
        activity = self.lead.activity_ids
        self.lead.next_action_date = "2026-03-06"
        self.lead.next_action_note = "Visit"
        self.assertEqual(self.lead.activity_ids, activity)
        self.assertRecordValues(
            activity, [{"date_deadline": date(2026, 3, 6), "summary": "Visit"}]
        )

    def test_a_formatted_note_survives_rescheduling(self):
        activity = self.lead.activity_schedule(
            date_deadline=date(2026, 3, 5),
            summary="Call",
            note="<p><b>Dear</b> one</p>",
        )
        note = activity.note
        self.lead.next_action_date = "2026-03-07"
        self.assertEqual(activity.note, note)
        self.assertEqual(activity.date_deadline, date(2026, 3, 7))

    def test_finishing_it_moves_on_to_the_next_open_one(self):
        first = self.lead.activity_schedule(
            date_deadline=date(2026, 3, 5), summary="First"
        )
        second = self.lead.activity_schedule(
            date_deadline=date(2026, 3, 8), summary="Second"
        )
        self.assertNextAction(date(2026, 3, 5), "First", 2)
        first.action_feedback(feedback="Done")
        self.assertNextAction(date(2026, 3, 8), "Second", 1)
        second.action_done()
        self.assertNextAction(False, False, 0)

    def test_an_earlier_activity_takes_its_place(self):
        self.lead.activity_schedule(date_deadline=date(2026, 3, 8), summary="Later")
        self.lead.activity_schedule(date_deadline=date(2026, 3, 3), summary="Sooner")
        self.assertNextAction(date(2026, 3, 3), "Sooner", 2)
        self.lead.activity_ids.filtered(
            lambda a: a.summary == "Later"
        ).date_deadline = date(2026, 3, 2)
        self.assertNextAction(date(2026, 3, 2), "Later", 2)

    def test_postponing_it_behind_another_shows_the_other(self):
        self.lead.activity_schedule(date_deadline=date(2026, 3, 5), summary="First")
        self.lead.activity_schedule(date_deadline=date(2026, 3, 8), summary="Second")
        self.lead.next_action_date = "2026-03-20"
        self.assertNextAction(date(2026, 3, 8), "Second", 2)

    def test_emptying_it_cancels_the_activity(self):
        self.lead.next_action_date = "2026-03-05"
        self.lead.next_action_date = False
        self.assertNextAction(False, False, 0)

    def test_an_activity_that_moves_to_another_opportunity(self):
        other = self._create_opportunity()
        activity = self.lead.activity_schedule(
            date_deadline=date(2026, 3, 5), summary="Call"
        )
        activity.sudo().res_id = other.id
        self.assertFalse(self.lead.next_action_date)
        self.assertEqual(other.next_action_date, date(2026, 3, 5))

    def test_cancelled_activities_are_forgotten(self):
        self.lead.next_action_date = "2026-03-05"
        self.lead.activity_ids.unlink()
        self.assertFalse(self.lead.next_action_date)

    def test_in_bulk_one_activity_each(self):
        leads = self.lead + self._create_opportunity() + self._create_opportunity()
        leads.write({"next_action_date": "2026-03-05", "next_action_note": "Call"})
        self.assertEqual([len(lead.activity_ids) for lead in leads], [1, 1, 1])

    @users("user_sales_salesman")
    def test_search_sort_and_group(self):
        today, overdue, none = (
            self.opportunity
            + self._create_opportunity(next_action_date="2026-02-20")
            + self._create_opportunity()
        )
        today.next_action_date = "2026-03-02"
        found = self.env["crm.lead"].search(
            [("next_action_date", "<", "today"), ("id", "in", (today + overdue).ids)]
        )
        self.assertEqual(found, overdue)
        in_order = self.env["crm.lead"].search(
            [("id", "in", (today + overdue + none).ids)], order="next_action_date"
        )
        self.assertEqual(in_order, overdue + today + none)
        groups = self.env["crm.lead"]._read_group(
            [("id", "in", (today + overdue).ids)],
            ["next_action_date:month"],
            ["__count"],
        )
        self.assertEqual([count for __, count in groups], [1, 1])

    def test_duplicating_an_opportunity_plans_nothing(self):
        self.lead.next_action_date = "2026-03-05"
        self.assertFalse(self.lead.copy().next_action_date)

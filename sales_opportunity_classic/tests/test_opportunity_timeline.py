from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import SQL

from ..tools import timeline
from .timeline_common import TimelineCommon


@tagged("post_install", "-at_install")
class TestTimeline(TimelineCommon):
    def test_new_opportunity_was_created_and_no_more(self):
        page = self._get()
        (row,) = page["rows"]
        self.assertEqual((row["kind"], row["label"]), ("stage", "Created"))
        self.assertEqual(row["title"], "Prospecting")
        self.assertEqual(row["person"]["name"], self.salesman.name)
        self.assertFalse(page["next"] or page["pinned"] or row["lead"])
        self.assertTrue(page["can_edit"])

    @freeze_time("2026-05-03 12:00:00")
    def test_everything_is_in_one_list_newest_first(self):
        self._plan_task("Send the offer", due="2026-05-05")
        self._plan_task("Ring", kind="mail.mail_activity_data_call", due="2026-05-03")
        self._meet()
        self._write_note("Likes oak", date="2026-05-02 08:00:00")
        self._post(
            "Our offer",
            subject="Offer",
            partner_ids=self.customer.ids,
            date="2026-05-02 09:00:00",
            subtype_xmlid="mail.mt_comment",
        )
        self._post(
            "Thank you",
            message_type="email",
            author_id=self.customer.id,
            date="2026-05-02 10:00:00",
            subtype_xmlid="mail.mt_comment",
        )
        self._send_letter()
        self._load()
        self.assertEqual(
            self._get_kinds(),
            [
                "task",
                "meeting",
                "call",
                "email_in",
                "email_out",
                "note",
                "letter",
                "file",
            ],
        )

    @freeze_time("2026-05-03 12:00:00")
    def test_what_is_due_first_comes_first(self):
        self._write_note(date="2026-05-02 08:00:00")
        self._plan_task("Later", due="2026-05-09")
        self._plan_task("Overdue", due="2026-04-01")
        self._meet(name="Meeting")
        titles = self._get_titles(order="due")
        self.assertEqual(titles, ["Overdue", "Meeting", "Later", "Likes oak"])

    def test_a_done_task_is_shown_once_with_its_feedback(self):
        task = self._plan_task("Ring")
        (row,) = self._get_rows(kinds=["task"])
        self.assertEqual(row["activity_id"], task.id)
        task.action_feedback(feedback="Nobody there")
        rows = [row for row in self._get_rows() if row["kind"] != "stage"]
        self.assertEqual([row["source"] for row in rows], ["mail.activity"])
        self.assertEqual(rows[0]["text"], "Nobody there")
        self.assertFalse(rows[0]["is_open"] or rows[0]["activity_id"])

    def test_of_a_task_that_is_gone_the_message_remains(self):
        task = self._plan_task("Ring", kind="mail.mail_activity_data_call")
        task.action_feedback(feedback="Nobody there")
        task.sudo().unlink()
        (row,) = [row for row in self._get_rows() if row["kind"] != "stage"]
        self.assertEqual((row["source"], row["kind"]), ("mail.message", "call"))
        self.assertIn("Nobody there", row["text"])

    def test_a_meeting_is_shown_once_and_marked_done_by_its_activity(self):
        event = self._meet()
        task = self._plan_task("Demo", kind="mail.mail_activity_data_meeting")
        task.calendar_event_id = event
        (row,) = [row for row in self._get_rows() if row["kind"] != "stage"]
        self.assertEqual((row["source"], row["id"]), ("calendar.event", event.id))
        self.assertEqual(row["activity_id"], task.id)
        self.assertIn(self.salesman.partner_id.display_name, row["recipients"])

    def test_logs_of_odoo_and_deleted_messages_are_left_out(self):
        self.opportunity.message_post(body="Logged by Odoo")
        message = self._write_note("")
        self.assertFalse(message.body)
        self.assertEqual(self._get_kinds(), [])

    def test_what_became_of_an_email(self):
        message = self._post(
            "Our offer", partner_ids=self.customer.ids, subtype_xmlid="mail.mt_comment"
        )
        notification = self.env["mail.notification"].search(
            [("mail_message_id", "=", message.id)]
        )
        self.assertEqual(notification.res_partner_id, self.customer)
        notification.notification_status = "bounce"
        (row,) = self._get_rows(kinds=["email_out"])
        self.assertEqual((row["state"], row["state_label"]), ("bounce", "Bounced"))
        self.assertEqual(row["recipients"], ["Rome Stones"])

    def test_stage_moves(self):
        self.opportunity.stage_id = self.stage_second
        rows = self._get_rows(kinds=["stage"])
        self.assertEqual(rows[0]["title"], "Prospecting → Engaging")
        self.assertEqual(len(rows), 2)

    def test_pages_follow_each_other(self):
        for number in range(45):
            # Several at the same moment
            day = f"2026-04-{1 + number // 4:02}"
            self._write_note(f"Note {number}", date=f"{day} 08:00:00")
        for order in ("newest", "due"):
            first = self._get(order=order)
            self.assertEqual(len(first["rows"]), 40)
            # What comes meanwhile moves nothing.
            self._write_note("Meanwhile", date="2026-05-02 08:00:00")
            last = self._get(order=order, after=first["next"])
            self.assertFalse(last["next"])
            self.assertNotIn("pinned", last)
            ids = [(row["source"], row["id"]) for row in first["rows"] + last["rows"]]
            self.assertEqual(len(ids), len(set(ids)))
            self.assertEqual(len(ids), 46 if order == "newest" else 47)

    def test_pages_of_what_is_never_due(self):
        for number in range(45):
            self._plan_task(f"Some day {number}", self.customer, due="2999-12-31")
        for order in ("newest", "due"):
            first = self._get(self.customer, kinds=["task"], order=order)
            after = first["next"]
            last = self._get(self.customer, after=after, kinds=["task"], order=order)
            self.assertEqual(len(first["rows"] + last["rows"]), 45)

    def test_a_page_costs_the_same_however_many_rows_it_has(self):
        def count(notes):
            for __ in range(notes):
                self._plan_task()
                self._post(
                    "Our offer",
                    partner_ids=self.customer.ids,
                    subtype_xmlid="mail.mt_comment",
                )
                self._meet()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.opportunity.get_timeline()
            return self.cr.sql_log_count - before

        count(1)
        few = count(2)
        self.assertEqual(count(8), few)
        self.assertLessEqual(few, 40)

    def test_messages_are_read_in_their_order(self):
        """By their index, not by sorting all there are."""
        lead = self.opportunity.with_user(self.salesman)
        branches = lead._select_timeline_branches({})
        self.env.cr.execute("SET LOCAL enable_sort = off")
        for order in timeline.ORDERS:
            statement = timeline.select_page(branches, order, 41)
            plan = self.env.execute_query(SQL("EXPLAIN %s", statement))
            self.assertIn("mail_message_timeline_idx", str(plan))

    def test_opening_the_form_reads_nothing_of_it(self):
        for record, view in (
            (self.opportunity, "crm_lead_view_form_timeline"),
            (self.customer, "view_partner_form_timeline"),
        ):
            record = record.with_user(self.salesman)
            view = self.env.ref(f"sales_opportunity_classic.{view}")
            with_tab = self._open_form(record)
            self.assertIn("opportunity_timeline", with_tab[0])
            view.active = False
            without_tab = self._open_form(record)
            view.active = True
            self.assertNotIn("opportunity_timeline", without_tab[0])
            self.assertEqual(with_tab[1:], without_tab[1:])

    def _open_form(self, record):
        """Return the form's view, its fields, and how many queries reading them takes
        the second time."""
        info = record.get_view(view_type="form")
        names = {
            name
            for name in info["models"][record._name]
            if record._has_field_access(record._fields[name], "read")
        }
        for __ in range(2):
            self.env.flush_all()
            record.invalidate_recordset()
            before = self.cr.sql_log_count
            record.web_read({name: {} for name in names})
        return info["arch"], names, self.cr.sql_log_count - before

    # The contact

    def test_contact_shows_all_its_opportunities_and_its_own(self):
        other = self._create_opportunity(name="Chairs", partner_id=self.customer.id)
        self._write_note("On the desks")
        self._write_note("On the chairs", lead=other)
        self._write_note("On the contact", lead=self.customer.with_user(self.salesman))
        rows = self._get_rows(self.customer, kinds=["note"])
        self.assertCountEqual(
            [(row["text"], row["lead"] and row["lead"]["name"]) for row in rows],
            [
                ("On the desks", "Ten desks"),
                ("On the chairs", "Chairs"),
                ("On the contact", False),
            ],
        )

    # The pinned note

    def test_one_note_is_pinned(self):
        first, second = self._write_note("First"), self._write_note("Second")
        self.opportunity.action_pin_note(first.id)
        self.opportunity.action_pin_note(second.id)
        (pinned,) = self._get()["pinned"]
        self.assertEqual((pinned["text"], pinned["id"]), ("Second", second.id))
        self.assertIn("First", self._get_titles())
        self.opportunity.action_unpin_note()
        self.assertFalse(self._get()["pinned"])
        self.opportunity.action_pin_note(first.id)
        first.sudo().unlink()
        self.assertFalse(self._get()["pinned"])

    def test_only_notes_of_the_record_are_pinned(self):
        other = self._create_opportunity(name="Chairs")
        foreign = self._write_note(lead=other)
        log = self.opportunity.message_post(body="Logged")
        for message_id in (foreign.id, log.id, 0, False, "x", [1], None, 2**40):
            with self.assertRefused(ValidationError, "no note of"):
                self.opportunity.action_pin_note(message_id)

    def test_who_may_only_read_pins_nothing(self):
        note = self._write_note()
        self._share("read")
        shared = self.opportunity.with_user(self.colleague)
        self.assertFalse(self._get(user=self.colleague)["can_edit"])
        with self.assertRefused(AccessError):
            shared.action_pin_note(note.id)
        with self.assertRefused(AccessError):
            shared.action_unpin_note()

    def test_people_to_filter_by(self):
        self._write_note()
        self._plan_task(user=self.user_sales_leads)
        people = self.opportunity.get_timeline_people()
        self.assertEqual(
            {person["id"] for person in people},
            {
                self.salesman.partner_id.id,
                self.user_sales_leads.partner_id.id,
                self.customer.id,
            },
        )
        with self.assertRefused(AccessError):
            self.opportunity.with_user(self.stranger).get_timeline_people()

    def test_meetings_with_the_contact_are_on_the_contact(self):
        self._meet(
            name="Lunch",
            opportunity_id=False,
            partner_ids=[Command.set(self.customer.ids)],
        )
        self.assertEqual(self._get_titles(self.customer), ["Lunch"])
        self.assertEqual(self._get_titles(), [])

    # What the buttons open

    def test_dialogs_are_odoos_and_for_who_may_change_it(self):
        for name, model in (
            ("action_new_task", "mail.activity.schedule"),
            ("action_log_call", "mail.activity.schedule"),
            ("action_new_meeting", "calendar.event"),
            ("action_write_note", "mail.compose.message"),
            ("action_write_email", "mail.compose.message"),
        ):
            for record in (self.opportunity, self.customer.with_user(self.colleague)):
                action = getattr(record, name)()
                self.assertEqual(action["res_model"], model)
                Form(record.env[model].with_context(**action["context"]))
            self._share("read")
            with self.assertRefused(AccessError):
                getattr(self.opportunity.with_user(self.colleague), name)()
            self.opportunity.share_ids.unlink()

    def test_a_call_is_logged_in_one_go(self):
        action = self.opportunity.action_log_call()
        Wizard = self.env["mail.activity.schedule"].with_user(self.salesman)
        form = Form(Wizard.with_context(**action["context"]))
        form.summary = "Rang"
        form.save().action_schedule_activities_done()
        (row,) = self._get_rows(kinds=["call"])
        self.assertEqual((row["title"], row["is_open"]), ("Rang", False))

    def _compose(self, action, user=None, **values):
        Composer = self.env["mail.compose.message"].with_user(user or self.salesman)
        form = Form(Composer.with_context(**action["context"]))
        for name, value in values.items():
            setattr(form, name, value)
        return form.save()

    def test_a_note_goes_to_nobody(self):
        action = self.opportunity.action_write_note()
        self._compose(action, body="<p>Likes oak</p>").action_send_mail()
        (row,) = self._get_rows(kinds=["note"])
        self.assertEqual(row["text"], "Likes oak")
        self.assertNotIn("recipients", row)

    def test_an_email_takes_files_of_the_file_box_along(self):
        file = self._load()
        secret = self._load("Secret.pdf", self.user_sales_leads, visibility="private")
        composer = self._compose(self.opportunity.action_write_email(), body="<p>x</p>")
        self.assertEqual(composer.offered_file_ids, file)
        self.assertNotIn(secret, composer.offered_file_ids)
        composer.box_file_ids = file
        composer.action_send_mail()
        (row,) = self._get_rows(kinds=["email_out"])
        message = self.env["mail.message"].browse(row["id"])
        self.assertEqual(message.attachment_ids.mapped("name"), ["Contract.pdf"])
        self.assertNotEqual(message.attachment_ids, file.attachment_id)
        self.assertEqual(row["recipients"], ["Rome Stones"])

    def test_files_that_may_only_be_read_are_not_sent(self):
        file = self._load(visibility="sales")
        theirs = self.customer.with_user(self.colleague)
        composer = self._compose(theirs.action_write_email(), self.colleague)
        self.assertEqual(composer.offered_file_ids, file)
        composer.box_file_ids = file.with_user(self.colleague)
        with self.assertRefused(AccessError):
            composer.action_send_mail()

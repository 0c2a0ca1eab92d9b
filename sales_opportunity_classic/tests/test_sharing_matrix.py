import os
from functools import partial
from pathlib import Path

from odoo.fields import Command
from odoo.tests import HttpCase, JsonRpcException, new_test_user, tagged
from odoo.tools import mute_logger

from .test_opportunity_share import ShareCommon

DOC = Path(__file__).parents[2] / "docs" / "sharing.md"
MARK = "<!-- The table is written by tests/test_sharing_matrix.py -->\n"
PEOPLE = {
    "owner": "Salesperson",
    "read": "Can read",
    "edit": "Can edit",
    "member": "Member of a team that can edit",
    "former": "Former member",
    "expired": "Expired",
    "revoked": "Revoked",
    "stranger": "Stranger",
    "foreign": "Of another company",
    "employee": "Employee who can read",
}
RIGHTS = "sales_team.group_sale_salesman,base.group_allow_export"
OPERATIONS = {}


def operation(title):
    """Make a method one row of the table: it is allowed where it returns something
    that is not false, and refused where it raises or finds nothing."""

    def register(method):
        OPERATIONS[title] = method
        return method

    return register


class Refused(Exception):
    """The server refused, and said so."""


class Remote:
    """Records of somebody who is signed in: methods are called over RPC."""

    def __init__(self, case, user, records):
        self.case, self.user, self.records = case, user, records
        self.ids, self.id = records.ids, records[:1].id
        self.env = RemoteEnvironment(case, user)

    def __add__(self, other):
        return self.like(self.records + other.records)

    def __getattr__(self, name):
        return partial(self._call, name)

    def like(self, records):
        """Return other records of the same user."""
        return Remote(self.case, self.user, records)

    def sudo(self):
        return self.records.sudo()

    def _call(self, name, *args, context=None, **values):
        model = self.records._name
        method = getattr(type(self.records), name)
        of_model = getattr(method, "_api_model", False)
        self.case.env.flush_all()
        self.case.env.invalidate_all()
        companies = {"allowed_company_ids": self.user.company_ids.ids}
        try:
            result = self.case.make_jsonrpc_request(
                f"/web/dataset/call_kw/{model}/{name}",
                {
                    "model": model,
                    "method": name,
                    "args": list(args) if of_model else [self.ids, *args],
                    "kwargs": {**values, "context": companies | (context or {})},
                },
            )
        except JsonRpcException as error:
            if str(error).startswith("odoo.exceptions."):
                raise Refused(str(error)) from error
            raise
        if name == "create":
            return self.like(self.records.browse(result))
        return result


class RemoteEnvironment:
    """The models of somebody who is signed in."""

    def __init__(self, case, user):
        self.case, self.user, self.uid = case, user, user.id

    @property
    def company(self):
        return self.user.company_id

    def __getitem__(self, model):
        return Remote(self.case, self.user, self.case.env[model])


@tagged("post_install", "-at_install")
class TestSharingMatrix(ShareCommon, HttpCase):
    """Everything that can be done with an opportunity, by everybody who might try."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_people()
        cls._create_opportunity_with_all()
        cls._share_with_people()
        cls.env.flush_all()

    @classmethod
    def _create_people(cls):
        cls.env["opportunity.share"]._open_to_employees(True)
        cls._set_parameter("share_employees", "True")
        cls.people = {"owner": cls.user_sales_salesman}
        cls.people["owner"].group_ids += cls.env.ref("base.group_allow_export")
        for name in PEOPLE.keys() - {"owner", "employee"}:
            cls.people[name] = new_test_user(cls.env, f"matrix_{name}", groups=RIGHTS)
        cls.people["employee"] = new_test_user(
            cls.env, "matrix_employee", groups="base.group_user,base.group_allow_export"
        )
        cls.elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.people["foreign"].sudo().write(
            {
                "company_ids": [Command.set(cls.elsewhere.ids)],
                "company_id": cls.elsewhere.id,
            }
        )
        cls.third = new_test_user(
            cls.env, "matrix_third", groups="sales_team.group_sale_salesman"
        )

    @classmethod
    def _create_opportunity_with_all(cls):
        env = cls.env(user=cls.people["owner"])
        cls.customer = cls.env["res.partner"].create(
            {"name": "Rome Stones", "email": "rome@example.com"}
        )
        cls.product = cls.env["product.product"].create({"name": "Desk"})
        cls.item = cls.env["opportunity.checklist.item"].create(
            {"name": "Budget", "stage_id": cls.stage_first.id}
        )
        cls.opportunity.write(
            {"company_id": cls.env.company.id, "partner_id": cls.customer.id}
        )
        lead_id = cls.opportunity.id
        env["opportunity.line"].create(
            {"lead_id": lead_id, "product_id": cls.product.id}
        )
        env["opportunity.party"].create(
            {"lead_id": lead_id, "partner_id": cls.customer.id}
        )
        cls.message = cls.opportunity.message_post(body="Called them")
        cls.file = env["ir.attachment"].create(
            {"name": "Plan", "raw": b"x", "res_model": "crm.lead", "res_id": lead_id}
        )
        cls.boxed = env["opportunity.file"].create(
            {"name": "Contract", "raw": b"y", "lead_id": lead_id}
        )
        cls.activity = cls.opportunity.activity_schedule(
            "mail.mail_activity_data_todo", user_id=env.uid
        )
        cls.meeting = env["calendar.event"].create(
            {
                "name": "Demo",
                "start": "2026-05-04 10:00:00",
                "stop": "2026-05-04 11:00:00",
                "opportunity_id": lead_id,
            }
        )
        cls.meeting_message = cls.meeting.message_post(body="Bring the plan")
        cls.meeting_file = env["ir.attachment"].create(
            {
                "name": "Agenda",
                "raw": b"x",
                "res_model": "calendar.event",
                "res_id": cls.meeting.id,
            }
        )
        cls.template = cls.env["mail.template"].create(
            {
                "name": "Thanks",
                "model_id": cls.env["ir.model"]._get_id("crm.lead"),
                "subject": "Thanks",
                "body_html": "<p>Thanks</p>",
                "email_to": "rome@example.com",
            }
        )

    @classmethod
    def _share_with_people(cls):
        share = cls.env(user=cls.people["owner"])["opportunity.share"]
        people, lead_id = cls.people, cls.opportunity.id

        def give(**values):
            return share.create({"lead_id": lead_id, **values})

        cls.share = give(user_id=people["read"].id)
        give(user_id=people["edit"].id, access="edit")
        give(user_id=people["employee"].id)
        give(team_id=cls.team.id, access="edit")
        give(user_id=people["expired"].id, access="edit", date_until="2020-05-03")
        give(user_id=people["revoked"].id, access="edit").unlink()
        # They worked for the company when it was shared with them.
        company = people["foreign"].company_ids
        people["foreign"].company_ids += cls.env.company
        give(user_id=people["foreign"].id, access="edit")
        people["foreign"].company_ids = company
        members = people["member"] + people["former"]
        cls.env["crm.team.member"].create(
            [{"crm_team_id": cls.team.id, "user_id": user.id} for user in members]
        )[1].active = False
        cls.opportunity.sudo().message_subscribe(
            [user.partner_id.id for user in people.values()]
        )

    # === READING === #

    @operation("Find it")
    def _find(self, lead):
        return lead.search([("id", "=", lead.id)])

    @operation("Read it")
    def _read(self, lead):
        return lead.read(["name", "expected_revenue"])

    @operation("Find it by name")
    def _name_search(self, lead):
        return lead.name_search(lead.sudo().name, [("id", "=", lead.id)])

    @operation("Count it in groups")
    def _group(self, lead):
        return lead.formatted_read_group(
            [("id", "=", lead.id)], ["stage_id"], ["__count"]
        )

    @operation("Export it")
    def _export(self, lead):
        return lead.export_data(["name"])["datas"]

    @operation("Read its messages")
    def _messages(self, lead):
        found = lead.like(self.message).read(["body"])
        return found and lead.env["mail.message"].search(
            [("model", "=", "crm.lead"), ("res_id", "=", lead.id)]
        )

    @operation("Read its files")
    def _files(self, lead):
        return lead.like(self.file).read(["raw"])

    @operation("Read its file box")
    def _box(self, lead):
        file = lead.like(self.boxed)
        found = file.search([("lead_id", "=", lead.id)])
        self.assertEqual(bool(found), self._is_told(file))
        return found and file.action_download_zip()

    @operation("See its activities")
    def _activities(self, lead):
        activity = lead.like(self.activity)
        found = activity.search([("id", "=", activity.id)])
        self.assertEqual(bool(found), self._is_told(activity))
        return found

    @operation("Read its products")
    def _lines(self, lead):
        return lead.env["opportunity.line"].search([("lead_id", "=", lead.id)])

    @operation("Read its contacts and roles")
    def _parties(self, lead):
        return lead.env["opportunity.party"].search([("lead_id", "=", lead.id)])

    @operation("Read its sales history")
    def _moves(self, lead):
        return lead.env["opportunity.stage.move"].search([("lead_id", "=", lead.id)])

    @operation("See with whom it is shared")
    def _shares(self, lead):
        return lead.env["opportunity.share"].search([("lead_id", "=", lead.id)])

    @operation("Read its meetings")
    def _meetings(self, lead):
        [values] = lead.like(self.meeting).read(["name"])
        return values["name"] == "Demo"

    @operation("Read messages and files of its meetings")
    def _meeting_thread(self, lead):
        domain = [("id", "=", self.meeting_file.id)]
        files = lead.env["ir.attachment"].search(domain)
        self.assertEqual(bool(files), self._is_told(lead.like(self.meeting_message)))
        return files and lead.like(self.meeting_file).read(["raw"])

    @operation("Be notified of its messages")
    def _notified(self, lead):
        author = self.user_sales_manager
        message = self.opportunity.with_user(author).message_post(
            body="News",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=lead.env.user.partner_id.ids,
        )
        return lead.env.user.partner_id in message.sudo().notified_partner_ids

    # === WORKING ON IT === #

    @operation("Change its fields")
    def _write(self, lead):
        return lead.write({"expected_revenue": 5.0})

    @operation("Move it to another stage")
    def _stage(self, lead):
        return lead.write({"stage_id": self.stage_second.id})

    @operation("Mark it won")
    def _won(self, lead):
        return lead.action_set_won()

    @operation("Mark it lost")
    def _lost(self, lead):
        lead.action_set_lost()
        return True

    @operation("Mark it lost by the dialog")
    def _lost_dialog(self, lead):
        wizard = lead.env["crm.lead.lost"].create({"lead_ids": lead.ids})
        wizard.action_lost_reason_apply()
        return True

    @operation("Archive it")
    def _archive(self, lead):
        lead.action_archive()
        return True

    @operation("Write a message")
    def _post(self, lead):
        return lead.message_post(body="Hello")

    @operation("Change what a colleague wrote")
    def _rewrite(self, lead):
        return lead.like(self.message).write({"body": "Bye"})

    @operation("Schedule an activity")
    def _schedule(self, lead):
        return lead.activity_schedule(
            "mail.mail_activity_data_todo", user_id=lead.env.uid
        )

    @operation("Bring an own activity to it")
    def _bring_activity(self, lead):
        activity = lead.env["mail.activity"].create(
            {"summary": "Mine", "user_id": lead.env.uid}
        )
        model_id = self.env["ir.model"]._get_id("crm.lead")
        return activity.write({"res_model_id": model_id, "res_id": lead.id})

    @operation("Mark a colleague's activity done")
    def _done(self, lead):
        lead.like(self.activity).action_feedback()
        return True

    @operation("Add a file")
    def _add_file(self, lead):
        return lead.env["ir.attachment"].create(
            {"name": "A", "datas": "YQ==", "res_model": "crm.lead", "res_id": lead.id}
        )

    @operation("Delete a file")
    def _delete_file(self, lead):
        return lead.like(self.file).unlink()

    @operation("Load a file into its file box")
    def _load_file(self, lead):
        return lead.env["opportunity.file"].create(
            {"name": "A", "datas": "YQ==", "lead_id": lead.id}
        )

    @operation("Rename a colleague's file of the box")
    def _rename_file(self, lead):
        return lead.like(self.boxed).write({"name": "B"})

    @operation("Delete a colleague's file of the box")
    def _delete_boxed(self, lead):
        return lead.like(self.boxed).unlink()

    @operation("Mail files of the box")
    def _mail_files(self, lead):
        return lead.like(self.boxed).action_send_by_mail()

    @operation("Give files of the box by a public link")
    def _link_files(self, lead):
        return lead.like(self.boxed).action_share_by_link()

    @operation("Keep an attachment in the file box")
    def _keep_file(self, lead):
        return lead.like(self.file).action_keep_in_file_box()

    @operation("Add a product")
    def _add_line(self, lead):
        return lead.env["opportunity.line"].create(
            {"lead_id": lead.id, "product_id": self.product.id}
        )

    @operation("Add a contact with a role")
    def _add_party(self, lead):
        return lead.env["opportunity.party"].create(
            {"lead_id": lead.id, "partner_id": lead.env.user.partner_id.id}
        )

    @operation("Tick its checklist")
    def _tick(self, lead):
        return lead.env["opportunity.checklist.tick"].create(
            {"lead_id": lead.id, "item_id": self.item.id}
        )

    @operation("Follow it")
    def _follow(self, lead):
        lead.message_unsubscribe(lead.env.user.partner_id.ids)
        return lead.message_subscribe(lead.env.user.partner_id.ids)

    @operation("Have a colleague follow it")
    def _subscribe(self, lead):
        return lead.message_subscribe(self.third.partner_id.ids)

    @operation("Plan a meeting")
    def _plan(self, lead):
        return lead.env["calendar.event"].create(
            {
                "name": "Call",
                "start": "2026-05-05 10:00:00",
                "stop": "2026-05-05 11:00:00",
                "opportunity_id": lead.id,
            }
        )

    @operation("Change a colleague's meeting")
    def _change_meeting(self, lead):
        return lead.like(self.meeting).write({"name": "Lunch"})

    @operation("Invite to a colleague's meeting")
    def _invite(self, lead):
        return lead.env["calendar.attendee"].create(
            {"event_id": self.meeting.id, "partner_id": self.customer.id}
        )

    @operation("Delete a colleague's meeting")
    def _delete_meeting(self, lead):
        return lead.like(self.meeting).unlink()

    @operation("Mail the customer by a template")
    def _template(self, lead):
        return lead.like(self.template).send_mail(lead.id)

    @operation("Mail the customer from the list")
    def _compose(self, lead):
        composer = lead.env["mail.compose.message"].create(
            {
                "composition_mode": "mass_mail",
                "model": "crm.lead",
                "res_ids": repr(lead.ids),
                "subject": "Offer",
                "body": "Offer",
            }
        )
        composer.action_send_mail()
        return True

    @operation("Text the customer from the list")
    def _text(self, lead):
        composer = lead.env["sms.composer"].create(
            {
                "res_model": "crm.lead",
                "res_ids": repr(lead.ids),
                "composition_mode": "mass",
                "mass_force_send": False,
                "body": "Offer",
            }
        )
        composer.action_send_sms()
        return True

    @operation("Send the customer a notification")
    def _notify_customer(self, lead):
        return lead.message_notify(
            partner_ids=self.customer.ids, body="Offer", subject="Offer"
        )

    @operation("Send the customer a notification about it")
    def _notify_about(self, lead):
        return lead.env["mail.thread"].message_notify(
            model="crm.lead",
            res_id=lead.id,
            partner_ids=self.customer.ids,
            body="Offer",
            subject="Offer",
        )

    @operation("Hang a quotation on it")
    def _quote(self, lead):
        return lead.env["sale.order"].create(
            {"partner_id": self.customer.id, "opportunity_id": lead.id}
        )

    @operation("Copy it")
    def _copy(self, lead):
        return lead.copy()

    @operation("Copy it as an own one")
    def _copy_own(self, lead):
        return lead.copy({"user_id": lead.env.uid})

    @operation("Convert it")
    def _convert(self, lead):
        self.opportunity.sudo().type = "lead"
        wizard = lead.env["crm.lead2opportunity.partner"].create(
            {
                "lead_id": lead.id,
                "name": "convert",
                "action": "exist",
                "partner_id": self.customer.id,
            }
        )
        wizard.action_apply(
            context={"active_model": "crm.lead", "active_ids": lead.ids}
        )
        return self.opportunity.type == "opportunity"

    # === WHAT IS THE OWNER'S === #

    @operation("Take it over")
    def _take(self, lead):
        return lead.env.uid == lead.sudo().user_id.id or lead.write(
            {"user_id": lead.env.uid}
        )

    @operation("Give it to a colleague")
    def _give(self, lead):
        return lead.write({"user_id": self.third.id})

    @operation("Move it to another sales team")
    def _move(self, lead):
        return lead.write({"team_id": self.team.id})

    @operation("Move it to another company")
    def _move_company(self, lead):
        return lead.write({"company_id": False})

    @operation("Share it")
    def _share_it(self, lead):
        return self._share(lead, recipient=self.third)

    @operation("Share it by its form")
    def _share_by_form(self, lead):
        return lead.write({"share_ids": [Command.create({"user_id": self.third.id})]})

    @operation("Change what is shared")
    def _change_share(self, lead):
        return lead.like(self.share).write({"access": "edit"})

    @operation("Withdraw what is shared")
    def _withdraw(self, lead):
        return lead.like(self.share).unlink()

    @operation("Merge it into an own one")
    def _merge_away(self, lead):
        return self._merge(lead, self.stage_second)

    @operation("Merge an own one into it")
    def _merge_into(self, lead):
        return self._merge(lead, self.stage_first, probability=0.1)

    def _merge(self, lead, stage, **values):
        own = self.Lead.sudo().create(
            {
                "name": "Own",
                "type": "opportunity",
                "user_id": lead.env.uid,
                "company_id": lead.env.company.id,
                "stage_id": stage.id,
                **values,
            }
        )
        return (lead + lead.like(own)).merge_opportunity()

    @operation("Merge it by the dialog")
    def _merge_dialog(self, lead):
        own = self.Lead.sudo().create({"name": "Own", "user_id": lead.env.uid})
        wizard = lead.env["crm.merge.opportunity"].create(
            {"opportunity_ids": [Command.set([*lead.ids, own.id])]}
        )
        return wizard.action_merge()

    @operation("Delete it")
    def _delete(self, lead):
        return lead.unlink()

    # === THE TABLE === #

    def _is_allowed(self, method, user):
        """Try an operation over RPC, and roll it back."""
        savepoint = self.cr.savepoint()
        try:
            return bool(method(self, Remote(self, user, self.opportunity)))
        except Refused:
            return False
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def _is_told(self, remote):
        """Tell whether records may be read that are known by their ids."""
        try:
            return bool(remote.read(["display_name"]))
        except Refused:
            return False

    def _get_answers(self, user):
        self.authenticate(user.login, user.login)
        return [
            "yes" if self._is_allowed(method, user) else "–"
            for method in OPERATIONS.values()
        ]

    def _get_table(self):
        columns = [["", *OPERATIONS]]
        for name, title in PEOPLE.items():
            columns.append([title, *self._get_answers(self.people[name])])
        widths = [max(3, *map(len, column)) for column in columns]
        rows = list(zip(*columns, strict=True))
        rows.insert(1, ["-" * width for width in widths])
        return "".join(self._format_row(row, widths) for row in rows)

    def _format_row(self, row, widths):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        return f"| {' | '.join(cells)} |\n"

    def test_everything_that_can_be_done(self):
        self.assertGreaterEqual(len(OPERATIONS), 34)
        with mute_logger(
            "odoo.http", "odoo.addons.base.models.ir_rule", "odoo.models.unlink"
        ):
            table = self._get_table()
        text = DOC.read_text()
        before, _mark, _old = text.partition(MARK)
        written = f"{before}{MARK}\n{table}"
        if os.environ.get("OPPORTUNITY_WRITE_DOCS"):
            DOC.write_text(written)
        self.assertEqual(written, text)

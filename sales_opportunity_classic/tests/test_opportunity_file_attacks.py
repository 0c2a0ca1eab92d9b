import json

from odoo import http
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .file_common import FileCommon


@tagged("post_install", "-at_install")
class TestOpportunityFileAttacks(FileCommon, HttpCase):
    """Side doors: Odoo's own routes, defaults of the context, forms, superuser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own_lead = cls._create_opportunity(cls.stranger)
        cls.Foreign = cls.File.with_user(cls.stranger)
        cls.own = {"name": "Own.txt", "raw": b"x", "lead_id": cls.own_lead.id}

    def _call(self, path, **params):
        self.authenticate("stranger", "stranger")
        return self.url_open(
            path,
            data=json.dumps({"params": params}),
            headers={"Content-Type": "application/json"},
        ).json()

    # === ODOO'S CHATTER === #

    @mute_logger("odoo.http")
    def test_the_chatter_deletes_no_content_of_the_box(self):
        self._share(self.stranger, "edit")
        file = self._load()
        attachment_id = file.attachment_id.id
        answer = self._call("/mail/attachment/delete", attachment_id=attachment_id)
        self.assertIn("is kept in a file box", json.dumps(answer))
        self.env.invalidate_all()
        self.assertEqual(file.raw, b"Terms")

    def test_not_even_the_superuser_deletes_content_without_its_file(self):
        file = self._load()
        attachment = file.sudo().attachment_id
        with self.assertRefused(UserError, "is kept in a file box"):
            attachment.unlink()
        file.sudo().unlink()
        self.assertFalse(attachment.exists())

    @mute_logger("odoo.http")
    def test_odoos_zip_takes_no_foreign_content(self):
        own = self.Foreign.create(self.own)
        file = self._load()
        self.authenticate("stranger", "stranger")
        answer = self.url_open(
            "/mail/attachment/zip",
            data={
                "csrf_token": http.Request.csrf_token(self),
                "file_ids": f"{own.attachment_id.id},{file.attachment_id.id}",
                "zip_name": "a.zip",
            },
        )
        self.assertEqual(answer.status_code, 403)
        self.assertNotIn(b"Terms", answer.content)

    # === DEFAULTS OF THE CONTEXT === #

    def _create_with(self, values=None, **defaults):
        context = {f"default_{name}": value for name, value in defaults.items()}
        return self.Foreign.with_context(**context).create(values or self.own)

    def test_defaults_are_checked_like_values(self):
        secret = self._load("Secret.pdf")
        with self.assertRefused(AccessError) as refused:
            self._create_with(previous_version_id=secret.id)
        self.assertNotIn("Secret", str(refused.exception))
        empty = {"name": "a.txt", "lead_id": self.own_lead.id}
        self._set_parameter("file_max_size", "0")
        for values, defaults in (
            (empty, {"raw": b"x"}),
            ({**self.own, "raw": False}, {"datas": b"eA=="}),
            ({"lead_id": self.own_lead.id}, {"name": "a.exe"}),
        ):
            with self.assertRefused(ValidationError, "is refused"):
                self._create_with(values, **defaults)

    def test_defaults_fill_in_nothing_of_the_system(self):
        stored = self._load().sudo().attachment_id
        file = self._create_with(
            {"lead_id": self.own_lead.id},
            attachment_id=stored.id,
            date_binned="2020-01-01",
            name="Given.txt",
            public=True,
            store_fname=stored.store_fname,
            type="url",
            url="https://example.com",
        )
        self.assertNotEqual(file.attachment_id, stored)
        self.assertRecordValues(
            file.sudo(),
            [{"name": "Given.txt", "public": False, "type": "binary", "url": False}],
        )
        self.assertFalse(file.raw or file.date_binned)
        self.assertIn("default_name", file.env.context)

    # === BOXES OF OTHERS === #

    def test_nobody_puts_a_file_into_a_box_they_may_not_see(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.customer.company_id = elsewhere
        own = self.Foreign.create(self.own)
        for operation in (
            lambda: self.Foreign.create({**self.own, "partner_id": self.customer.id}),
            lambda: self._create_with(partner_id=self.customer.id),
            lambda: own.write({"partner_id": self.customer.id}),
        ):
            with self.assertRefused(AccessError):
                operation()

    def test_nobody_moves_away_what_others_loaded(self):
        self._share(self.stranger, "edit")
        file = self._load()
        for values in (
            {"lead_id": self.own_lead.id},
            {"lead_id": False},
            {"partner_id": self.anna.id},
        ):
            with self.assertRefused(AccessError, "was loaded by"):
                file.with_user(self.stranger).write(values)
        own = self.Foreign.create({**self.own, "lead_id": self.opportunity.id})
        own.lead_id = self.own_lead
        self.assertEqual(own.lead_id, self.own_lead)

    def test_hidden_and_deleted_versions_hide_nothing(self):
        self._share(self.stranger, "edit")
        first = self._load()
        newer = self.Foreign.create(
            {
                **self.own,
                "lead_id": self.opportunity.id,
                "previous_version_id": first.id,
            }
        )
        salesman = self.opportunity.with_user(self.user_sales_salesman)
        stranger = self.opportunity.with_user(self.stranger)

        def shown(lead):
            return [row["id"] for row in lead.get_file_panel()["rows"]]

        self.assertEqual(shown(salesman), newer.ids)
        newer.visibility = "private"
        self.assertEqual(shown(salesman), first.ids)
        self.assertEqual(shown(stranger), newer.ids)
        newer.visibility = "team"
        newer.unlink()
        self.assertEqual(shown(salesman), first.ids)

    def test_forms_tell_nothing_of_foreign_opportunities(self):
        spec = {"partner_id": {"fields": {"display_name": {}}}}
        with self.assertRefused(AccessError):
            self.Foreign.onchange({"lead_id": self.opportunity.id}, ["lead_id"], spec)
        self.own_lead.partner_id = self.anna
        answer = self.Foreign.onchange({"lead_id": self.own_lead.id}, ["lead_id"], spec)
        self.assertEqual(answer["value"]["partner_id"]["id"], self.anna.id)

    # === CUSTOMERS === #

    def test_customers_read_nothing_internal(self):
        portal = new_test_user(self.env, "customer", groups="base.group_portal")
        portal.partner_id.parent_id = self.customer
        file = self._load(visibility="portal", description="Mean words")
        file = file.with_user(portal)
        self.assertEqual(file.read(["partner_id"])[0]["id"], file.id)
        for operation in (
            lambda: file.read(["lead_id"]),
            lambda: file.read(["description"]),
            lambda: file.search([("lead_id.name", "ilike", "desks")]),
            self.customer.with_user(portal).get_file_panel,
            file.get_file_versions,
        ):
            with self.assertRefused(AccessError):
                operation()

    # === BAD INPUT === #

    def test_uploads_of_nothing_to_nowhere(self):
        self.authenticate("stranger", "stranger")
        token = {"csrf_token": http.Request.csrf_token(self), "res_model": "crm.lead"}
        lead_id = str(self.own_lead.id)
        file = {"ufile": ("a.txt", b"x")}
        for data, files in (
            ({"res_id": "0"}, file),
            ({"res_id": ""}, file),
            ({"res_id": lead_id, "ufile": "text"}, {}),
            ({"res_id": lead_id}, {}),
            ({"res_id": lead_id, "res_model": "res.users"}, file),
        ):
            answer = self.url_open(
                "/opportunity/files/upload", data=token | data, files=files
            )
            self.assertEqual(answer.status_code, 404, data)

    def test_searches_that_the_database_does_not_take(self):
        file = self._load("Terms.pdf")
        panel = self.opportunity.get_file_panel({"search": "Ter\x00ms"})
        self.assertEqual([row["id"] for row in panel["rows"]], file.ids)

    def test_characters_that_the_database_does_not_take(self):
        for model in ("opportunity.file.tag", "opportunity.file.category"):
            record = self.env[model].create({"name": "Si\x00gned"})
            self.assertEqual(record.name, "Signed")
            record.name = "\x00Seen"
            self.assertEqual(record.display_name, "Seen")
            record.update_field_translations("name", {"en_US": "Re\x00ad"})
            self.assertEqual(record.name, "Read")
        file = self._load("Ter\x00ms.pdf", description="Le\x00ase")
        self.assertEqual((file.name, file.description), ("Terms.pdf", "Lease"))
        file.write({"name": "Old\x00.pdf", "description": "\x00"})
        self.assertEqual((file.name, file.description), ("Old.pdf", ""))

    def test_ids_and_filters_that_are_none(self):
        file = self._load("Terms.pdf")
        lead = self.opportunity.with_user(self.user_sales_salesman)
        for number in (10**12, "9" * 5000, -1, "x", [1], {"x": 1}, 1.5):
            filters = dict.fromkeys(("category_id", "tag_id", "lead_id"), number)
            [row] = lead.get_file_panel(filters)["rows"]
            self.assertEqual(row["id"], file.id)
            self.assertEqual(lead.get_file_panel({}, number)["rows"], [])
            self.assertEqual(lead.get_chatter_files(number)["rows"], [])
            self.assertEqual(lead.get_file_offers([number]), {})
            lead.action_make_file_version(number, number)
        for filters in ("x", [1], 5):
            self.assertEqual(len(lead.get_file_panel(filters)["rows"]), 1)
            self.assertTrue(lead.get_file_filters(filters))

    def test_addresses_with_ids_that_are_none(self):
        self.authenticate("user_sales_salesman", "user_sales_salesman")
        token = {"csrf_token": http.Request.csrf_token(self)}
        for number in ("9" * 12, "9" * 5000, "-1", "\u00b2", ""):
            answer = self.url_open(f"/opportunity/files/zip?ids={number}")
            self.assertEqual(answer.status_code, 404, number)
            answer = self.url_open(
                "/opportunity/files/upload",
                data=token | {"res_model": "crm.lead", "res_id": number},
                files={"ufile": ("a.txt", b"x")},
            )
            self.assertEqual(answer.status_code, 404, number)

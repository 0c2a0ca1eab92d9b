from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged

from .file_common import FileCommon


@tagged("post_install", "-at_install")
class TestOpportunityFileAccess(FileCommon):
    """Who reads, changes, deletes; by record and by search alike."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = new_test_user(
            cls.env, "customer", groups="base.group_portal", name="Anna's user"
        )
        cls.portal.partner_id.parent_id = cls.customer
        cls.portal_elsewhere = new_test_user(
            cls.env, "elsewhere", groups="base.group_portal"
        )
        cls.by_visibility = {
            visibility: cls._load(name=visibility, visibility=visibility)
            for visibility in ("private", "team", "sales", "portal")
        }
        cls.files = cls.File.union(*cls.by_visibility.values())

    def _assert_reads(self, user, *visibilities):
        """These files, and no others, are read by the user, however they are asked."""
        expected = {self.by_visibility[name].id for name in visibilities}
        self.env.invalidate_all()
        files = self.files.with_user(user).with_context(active_test=False)
        found = files.search([("id", "in", self.files.ids)])
        self.assertEqual(set(found.ids), expected)
        self.assertEqual(set(files._filtered_access("read").ids), expected)
        if user._is_internal():
            attachments = files.sudo().attachment_id.with_user(user)
            readable = attachments._filtered_access("read")
            self.assertEqual(
                set(readable.mapped("raw")), {b"Terms"} if expected else set()
            )
            self.assertEqual(set(readable.sudo().mapped("res_id")), expected)
        for file in files:
            if file.id in expected:
                self.assertTrue(file.read(["visibility"]))
            else:
                with self.assertRaises(AccessError):
                    file.read(["visibility"])
                with self.assertRaises(AccessError):
                    file.sudo().attachment_id.with_user(user).read(["raw"])

    def test_by_visibility(self):
        everything = ("private", "team", "sales", "portal")
        self._assert_reads(self.user_sales_salesman, *everything)
        self._assert_reads(self.user_sales_leads, "team", "sales", "portal")
        self._assert_reads(self.user_sales_manager, "team", "sales", "portal")
        self._assert_reads(self.stranger, "sales", "portal")
        self._assert_reads(self.portal, "portal")
        self._assert_reads(self.portal_elsewhere)

    def test_former_members_read_nothing_not_even_what_they_loaded(self):
        self.opportunity.sudo().user_id = self.stranger
        self._assert_reads(self.user_sales_salesman, "sales", "portal")
        self._assert_reads(self.stranger, "team", "sales", "portal")

    def test_managers_take_over_from_who_left(self):
        self.user_sales_salesman.active = False
        self._assert_reads(
            self.user_sales_manager, "private", "team", "sales", "portal"
        )
        self._assert_reads(self.user_sales_leads, "team", "sales", "portal")

    def test_without_the_opportunity_the_contact_decides(self):
        self.opportunity.sudo().unlink()
        self.assertEqual(self.files.partner_id, self.customer)
        self._assert_reads(
            self.user_sales_salesman, "private", "team", "sales", "portal"
        )
        self._assert_reads(self.stranger, "team", "sales", "portal")
        self._assert_reads(self.portal, "portal")
        self.portal.partner_id.parent_id = False
        self.customer.company_id = self.env["res.company"].create({"name": "Far"})
        self._assert_reads(self.stranger)

    def test_the_bin_is_read_by_the_same_people_but_customers(self):
        self.files.with_user(self.user_sales_salesman).unlink()
        self._assert_reads(self.stranger, "sales", "portal")
        self._assert_reads(self.portal)

    def test_who_may_only_read_the_opportunity_changes_nothing(self):
        self._give_read_access()
        file = self.by_visibility["team"].with_user(self.stranger)
        self._assert_reads(self.stranger, "team", "sales", "portal")
        attachment = file.attachment_id
        for operation in (
            lambda: file.write({"description": "x"}),
            lambda: file.write({"name": "x"}),
            lambda: file.write({"raw": b"x"}),
            lambda: file.write({"lead_id": False}),
            lambda: attachment.write({"raw": b"x"}),
            file.unlink,
            file.action_archive,
            file.copy,
            attachment.unlink,
            lambda: file.create(
                {"name": "x", "raw": b"x", "lead_id": self.opportunity.id}
            ),
            lambda: attachment.create(
                {"name": "x", "res_model": file._name, "res_id": file.id}
            ),
        ):
            with self.assertRefused(AccessError):
                operation()

    def test_who_may_change_the_opportunity_adds_but_deletes_only_the_own(self):
        file = self.by_visibility["team"].with_user(self.user_sales_leads)
        file.write({"description": "Read", "name": "Renamed.pdf"})
        for operation in (
            file.unlink,
            file.action_archive,
            lambda: file.write({"raw": b"x"}),
            lambda: file.attachment_id.write({"raw": b"x"}),
            lambda: file.write({"visibility": "private"}),
        ):
            with self.assertRefused(AccessError, "was loaded by"):
                operation()
        own = file.create({"name": "x", "raw": b"x", "lead_id": self.opportunity.id})
        own.unlink()
        self.assertFalse(own.active)

    def test_managers_delete_and_restore(self):
        file = self.by_visibility["team"].with_user(self.user_sales_manager)
        file.unlink()
        with self.assertRefused(AccessError, "was loaded by"):
            file.with_user(self.user_sales_leads).action_restore()
        file.action_restore()
        self.assertTrue(file.active)

    def test_nobody_puts_a_file_where_they_may_not_write(self):
        foreign = self._create_opportunity(self.user_sales_leads)
        with self.assertRefused(AccessError):
            self._load(lead=foreign)
        with self.assertRefused(AccessError):
            self.by_visibility["team"].lead_id = foreign
        with self.assertRefused(AccessError):
            self.File.with_user(self.user_sales_salesman).with_context(
                default_lead_id=foreign.id
            ).create({"name": "x", "raw": b"x"})

    def test_contact_only_files_are_loaded_by_salespeople(self):
        values = {"name": "x", "raw": b"x", "partner_id": self.customer.id}
        file = self.File.with_user(self.stranger).create(values)
        self.assertEqual(file.with_user(self.user_sales_salesman).raw, b"x")
        for user in (self.portal, self.env.ref("base.public_user")):
            with self.assertRefused(AccessError):
                self.File.with_user(user).create(values)

    def test_customers_change_nothing(self):
        file = self.by_visibility["portal"].with_user(self.portal)
        for operation in (file.unlink, lambda: file.write({"name": "x"})):
            with self.assertRefused(AccessError):
                operation()


@tagged("post_install", "-at_install")
class TestOpportunityFileHttp(FileCommon, HttpCase):
    """Files by their address in the browser."""

    def test_customers_load_what_is_for_the_portal(self):
        portal = new_test_user(self.env, "customer", groups="base.group_portal")
        portal.partner_id.parent_id = self.customer
        file = self._load(visibility="portal")
        path = f"/web/content?model=opportunity.file&id={file.id}&field=raw"
        self.assertEqual(self._get(path, "customer").content, b"Terms")
        file.visibility = "sales"
        self.assertNotIn(b"Terms", self._get(path, "customer").content)

    def _get(self, path, user="stranger"):
        self.authenticate(user, user)
        return self.url_open(path)

    def test_addresses_open_for_readers_only(self):
        file = self._load()
        attachment = file.attachment_id
        token = attachment.sudo()._get_raw_access_token()
        paths = (
            f"/web/content/{attachment.id}",
            f"/web/content/{attachment.id}?access_token={token}",
            f"/web/content?model=opportunity.file&id={file.id}&field=raw",
            f"/web/image/{attachment.id}",
        )
        for path in paths[:3]:
            answer = self._get(path, "user_sales_salesman")
            self.assertEqual((answer.status_code, answer.content), (200, b"Terms"))
        for user in ("stranger", None):
            for path in paths:
                answer = self._get(path, user)
                self.assertNotIn(b"Terms", answer.content, path)
        self.opportunity.sudo().user_id = self.stranger
        for path in paths:
            answer = self._get(path, "user_sales_salesman")
            self.assertNotIn(b"Terms", answer.content, path)

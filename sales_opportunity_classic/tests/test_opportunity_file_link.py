import io
import re
import zipfile

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .file_common import FileCommon


class FileLinkCommon(FileCommon):
    """A contract and an estimate, and a link to both, made by the salesman."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._load()
        cls.estimate = cls._load("Estimate.txt", b"A thousand")
        cls.files = cls.contract + cls.estimate
        cls.Link = cls.env["opportunity.file.link"]
        cls.link = cls._create_link(cls.files)

    @classmethod
    def _create_link(cls, files, user=None, **values):
        links = cls.Link.with_user(user or cls.user_sales_salesman)
        return links.create({"file_ids": [Command.set(files.ids)], **values})

    @classmethod
    def _get_token(cls, link=None):
        return (link or cls.link).sudo().token

    def _assert_gives(self, files, link=None):
        """The link gives these files to whoever has it."""
        self.env.flush_all()
        self.env.invalidate_all()
        found = self.Link._find_active(self._get_token(link))
        self.assertEqual(found._get_given_files(), files)


@tagged("post_install", "-at_install")
class TestOpportunityFileLink(FileLinkCommon):
    def test_a_link_gives_its_files_until_its_last_day(self):
        with freeze_time("2026-05-04 10:00:00"):
            link = self._create_link(self.contract)
            self.assertEqual(str(link.date_expiry), "2026-06-03")
        with freeze_time("2026-06-03 10:00:00"):
            self._assert_gives(self.contract, link)
            self.assertEqual(link.state, "active")
        with freeze_time("2026-06-04 10:00:00"):
            self._assert_gives(self.File, link)
            self.assertEqual(link.state, "expired")
            self.assertIn(link, self.Link.search([("state", "=", "expired")]))

    def test_dates_that_are_none(self):
        for value in ("soon", "9999-12-31", 5):
            with self.assertRefused(ValidationError, "no date"):
                self.link.write({"date_expiry": value})

    def test_revoking(self):
        self._assert_gives(self.files)
        self.link.action_revoke()
        self.assertEqual(self.link.state, "revoked")
        self._assert_gives(self.File)

    def test_the_last_download_ends_it(self):
        self.link.max_downloads = 2
        link = self.Link._find_active(self._get_token())
        link._count_download()
        self._assert_gives(self.files)
        link._count_download()
        self.assertEqual(self.link.state, "used")
        self.assertTrue(self.link.date_downloaded)
        self._assert_gives(self.File)
        self.link.max_downloads = 3
        self._assert_gives(self.files)
        with mute_logger("odoo.sql_db"), self.assertRefused(CheckViolation):
            self.link.max_downloads = -1
            self.link.flush_recordset()

    def test_what_lies_in_the_bin_is_not_given(self):
        self.contract.unlink()
        self._assert_gives(self.estimate)
        self.contract.action_restore()
        self._assert_gives(self.files)
        self.files.sudo().unlink()
        self._assert_gives(self.File)

    def test_it_ends_with_the_rights_of_its_maker(self):
        self.opportunity.sudo().user_id = self.stranger
        self._assert_gives(self.File)
        self.opportunity.sudo().user_id = self.user_sales_salesman
        self._assert_gives(self.files)
        self.user_sales_salesman.active = False
        self._assert_gives(self.File)

    def test_an_editing_sharee_gives_until_the_share_ends(self):
        share = self._share(self.stranger, "edit")
        link = self._create_link(self.contract, self.stranger)
        self._assert_gives(self.contract, link)
        share.unlink()
        self._assert_gives(self.File, link)

    def test_a_reading_sharee_gives_nothing(self):
        self._share(self.stranger, "read")
        for operation in (
            lambda: self._create_link(self.contract, self.stranger),
            self.contract.with_user(self.stranger).action_share_by_link,
        ):
            with self.assertRefused(AccessError):
                operation()
        link = self.link.with_user(self.stranger)
        self.assertEqual(link.state, "active")
        self.assertFalse(link.url)
        for operation in (
            link.action_revoke,
            link.unlink,
            lambda: link.write({"date_expiry": "2030-01-01"}),
            lambda: link.read(["token"]),
        ):
            with self.assertRefused(AccessError):
                operation()

    def test_who_does_not_see_the_files_does_not_see_the_link(self):
        links = self.Link.with_user(self.stranger)
        self.assertFalse(links.search([("id", "=", self.link.id)]))
        with self.assertRefused(AccessError):
            self.link.with_user(self.stranger).read(["file_ids"])

    def test_who_may_change_all_files_sees_and_revokes(self):
        link = self.link.with_user(self.user_sales_leads)
        self.assertIn(self._get_token(), link.url)
        link.action_revoke()
        self.assertEqual(link.state, "revoked")

    def test_one_private_file_hides_the_address_from_others(self):
        self.contract.visibility = "private"
        link = self.link.with_user(self.user_sales_leads)
        self.env.invalidate_all()
        self.assertFalse(link.url)
        self.assertEqual(link.file_ids, self.estimate)
        with self.assertRefused(AccessError):
            link.action_revoke()
        self.assertTrue(self.link.url)

    def test_its_maker_revokes_it_when_the_files_are_gone(self):
        self.opportunity.sudo().user_id = self.stranger
        self.env.invalidate_all()
        self.link.action_revoke()
        self.assertEqual(self.link.state, "revoked")

    def test_nobody_gives_what_is_not_theirs(self):
        foreign = self.File.with_user(self.user_sales_leads).create(
            {
                "name": "Foreign.pdf",
                "raw": b"x",
                "lead_id": self._create_opportunity(self.user_sales_leads).id,
            }
        )
        for operation in (
            lambda: self._create_link(foreign),
            lambda: self._create_link(self.contract + foreign),
            lambda: self.link.write({"file_ids": [Command.link(foreign.id)]}),
        ):
            with self.assertRefused(AccessError):
                operation()
        with self.assertRefused(UserError, "fills in these fields by itself"):
            self.contract.link_ids = [Command.clear()]
        with self.assertRefused(ValidationError, "Choose the files"):
            self._create_link(self.File)
        self.contract.unlink()
        with self.assertRefused(UserError, "lies in the bin"):
            self._create_link(self.contract)

    def test_what_happened_is_not_written(self):
        for name in ("is_revoked", "download_count", "date_downloaded"):
            with self.assertRefused(AccessError):
                self.link.write({name: False})

    def test_the_dialog(self):
        action = self.files.action_share_by_link()
        link = self.Link.browse(action["res_id"])
        self.assertEqual(link.file_ids, self.files)
        self.assertEqual(self.contract.link_ids, self.link + link)
        self.assertNotEqual(self._get_token(), self._get_token(link))
        self.assertEqual(link.display_name, "Contract.pdf, Estimate.txt")

    def test_copies_of_the_database_give_nothing(self):
        self.env["ir.config_parameter"].set_param("database.is_neutralized", True)
        self._assert_gives(self.File)


@tagged("post_install", "-at_install")
class TestOpportunityFileLinkRoutes(FileLinkCommon, HttpCase):
    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def _get_url(self, link=None):
        return f"/opportunity/shared/{self._get_token(link)}"

    def _open(self, url=None):
        return self.url_open(url or self._get_url())

    def _post(self, html, file="", url=None):
        [token] = re.findall(r'name="csrf_token" value="([^"]*)"', html)
        return self.url_open(
            url or self._get_url(), data={"csrf_token": token, "file": file}
        )

    def test_signed_out_visitors_see_and_download(self):
        page = self._open()
        self.assertEqual(page.status_code, 200)
        for text in ("Contract.pdf", "Estimate.txt", "Download all"):
            self.assertIn(text, page.text)
        answer = self._post(page.text, self.contract.id)
        self.assertEqual((answer.status_code, answer.content), (200, b"Terms"))
        self.assertEqual(
            answer.headers["Content-Disposition"],
            "attachment; filename=Contract.pdf",
        )
        archive = zipfile.ZipFile(io.BytesIO(self._post(page.text).content))
        self.assertEqual(archive.read("Estimate.txt"), b"A thousand")
        self.assertEqual(len(archive.namelist()), 2)
        self.env.invalidate_all()
        self.assertEqual(self.link.download_count, 2)

    def test_looking_is_no_download(self):
        self.link.max_downloads = 1
        for _again in range(3):
            page = self._open()
        self.assertEqual(page.status_code, 200)
        self.assertEqual(self._post(page.text).status_code, 200)
        self.assertEqual(self._post(page.text).status_code, 404)
        self.assertEqual(self._open().status_code, 404)

    def test_headers(self):
        html = self._open().text
        for answer in (
            self._open(),
            self._open("/opportunity/shared/x"),
            self._post(html, self.contract.id),
            self._post(html),
        ):
            self.assertEqual(answer.headers["Cache-Control"], "no-store")
            self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")
            self.assertIn("noindex", answer.headers["X-Robots-Tag"])
        for file in (self.contract.id, ""):
            answer = self._post(html, file)
            self.assertIn("attachment", answer.headers["Content-Disposition"])
            self.assertIn("sandbox", answer.headers["Content-Security-Policy"])
            self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")

    def test_hostile_names_are_text(self):
        file = self._load('"><svg onload=alert(1)>.html', b"<script>alert(1)</script>")
        link = self._create_link(file)
        page = self._open(self._get_url(link))
        self.assertNotIn("<svg onload", page.text)
        answer = self._post(page.text, file.id, self._get_url(link))
        self.assertTrue(answer.headers["Content-Type"].startswith("text/plain"))
        self.assertIn("attachment", answer.headers["Content-Disposition"])

    @mute_logger("odoo.http")
    def test_downloading_needs_the_csrf_token(self):
        answer = self.url_open(self._get_url(), data={"file": self.contract.id})
        self.assertEqual(answer.status_code, 400)

    def test_other_files_are_not_given(self):
        other = self._load("Other.pdf", b"Secret")
        html = self._open().text
        for file in (other.id, "x", "0", f"{self.contract.id}.0", "'"):
            self.assertEqual(self._post(html, file).status_code, 404)
        self.assertFalse(self.link.download_count)

    def test_every_token_that_opens_nothing_gets_the_same_answer(self):
        html, token = self._open().text, self._get_token()
        binned = self._load()
        links = {
            "expired": self._create_link(self.contract, date_expiry="2020-01-01"),
            "revoked": self._create_link(self.contract),
            "binned": self._create_link(binned),
            "used": self._create_link(self.contract, max_downloads=1),
            "lost": self._create_link(self.contract, self.user_sales_leads),
        }
        links["revoked"].action_revoke()
        binned.unlink()
        links["used"].sudo()._count_download()
        self.user_sales_leads.active = False
        wrong = [self._get_token(link) for link in links.values()]
        wrong += ["x", token[:-1], token + "x", "%00", "a/b", "", "%ff", "x" * 60_000]
        bodies = set()
        for text in wrong:
            url = f"/opportunity/shared/{text}"
            for answer in (self._open(url), self._post(html, url=url)):
                self.assertEqual(answer.status_code, 404, text[:60])
                bodies.add(answer.content)
        self.assertEqual(len(bodies), 1)

    def test_in_the_office_it_is_the_same(self):
        portal = new_test_user(
            self.env, "visitor", groups="base.group_portal", password="long enough"
        )
        for login, password in ((portal.login, "long enough"), ("stranger",) * 2):
            self.authenticate(login, password)
            self.assertIn("Contract.pdf", self._open().text)

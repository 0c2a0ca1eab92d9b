import base64

from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .file_common import FileCommon

PNG = base64.b64decode(
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    b"AABJRU5ErkJggg=="
)
SCRIPT = b"<script>alert(1)</script>"
# What one program takes for a picture or a document, another for a page.
POLYGLOTS = {
    "page.png": b"<html>" + SCRIPT,
    "picture.png": PNG + SCRIPT,
    "picture.gif": b"GIF89a/*" + SCRIPT + b"*/",
    "paper.pdf": b"%PDF-1.4\n" + SCRIPT,
    "image.svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "image.svgz": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "data.xml": b"<?xml version='1.0'?><x:script xmlns:x='http://www.w3.org/1999/xhtml'/>",
    "data.xsl": b"<?xml version='1.0'?><a/>",
    "page.xhtml": b"<html xmlns='http://www.w3.org/1999/xhtml'/>",
    "page.xht": b"<html xmlns='http://www.w3.org/1999/xhtml'/>",
    "page.htm": SCRIPT,
    "page.shtml": SCRIPT,
    "page.mht": b"MIME-Version: 1.0\nContent-Type: text/html\n\n" + SCRIPT,
    "page": b"\xef\xbb\xbf <!DOCTYPE html>" + SCRIPT,
    "code.mjs.txt": b"alert(1)",
    "code.css": b"*{}",
}
HARMLESS = (
    "application/octet-stream",
    "application/pdf",
    "image/gif",
    "image/png",
    "message/rfc822",
    "text/css",
    "text/plain",
)
HOSTILE_NAMES = (
    "../../x",
    "..%2f..%2fx",
    '"><svg onload=alert(1)>.txt',
    "a\r\nSet-Cookie: x=1.txt",
    "a\x00b.txt",
    "n" * 300,
    "\u202etxt.pdf",
    "a;filename=b.html",
    "\U0001f469\u200d\U0001f52c.txt",
)


class FileRoutesCommon(FileCommon, HttpCase):
    def _get(self, path, user):
        self.authenticate(user, user)
        return self.url_open(path, allow_redirects=False)

    def _get_paths(self, file):
        """Every kind of address that leads to a content."""
        attachment = file.sudo().attachment_id
        ids = (attachment.id, f"{attachment.id}-unique")
        tokens = (
            attachment._get_raw_access_token(),
            attachment.sudo().generate_access_token()[0],
        )
        query = "model={}&id={}&field={}"
        record = query.format(file._name, file.id, "{}")
        return [
            *(f"/web/content/{attachment.id}{rest}" for rest in ("", "/a.html")),
            *(f"/web/image/{one}{rest}" for one in ids for rest in ("", "/9x9/a.png")),
            *(f"/web/image/{one}/9x9" for one in ids),
            *(
                f"/web/{kind}/{attachment.id}?access_token={token}"
                for kind in ("content", "image")
                for token in tokens
            ),
            *(
                f"/web/{kind}?{record.format(field)}"
                for kind in ("content", "image")
                for field in ("raw", "datas")
            ),
            *(
                f"/web/{kind}/{file._name}/{file.id}/{field}"
                for kind in ("content", "image")
                for field in ("raw", "datas")
            ),
            f"/web/content/ir.attachment/{attachment.id}/raw/a.svg",
            f"/web/image/ir.attachment/{attachment.id}/raw/9x9/a.svg",
            f"/web/image/{attachment.id}?width=9&height=9&crop=1",
            f"/web/image?{query.format('ir.attachment', attachment.id, 'raw')}",
            f"/web/content?{query.format('ir.attachment', attachment.id, 'raw')}"
            "&mimetype=text/html&filename=a.html&download=false&unique=1",
            f"/mail/attachment/pdf_first_page/{attachment.id}",
            f"/opportunity/files/zip?ids={file.id}",
        ]


@tagged("post_install", "-at_install")
class TestOpportunityFileRoutes(FileRoutesCommon):
    """Every address of every file, for everybody who might try."""

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def _assert_shut(self, file, user):
        for path in self._get_paths(file):
            answer = self._get(path, user)
            self.assertNotIn(b"IHDR", answer.content[:40].replace(*PLACEHOLDER), path)
            self.assertNotIn(SECRET, answer.content, path)

    def _assert_open(self, file, user):
        path = f"/web/content/{file._name}/{file.id}/raw"
        self.assertEqual(self._get(path, user).content, file.sudo().raw)

    def _load_secret(self, **values):
        return self._load("picture.png", PNG + SECRET, **values)

    def test_strangers(self):
        file = self._load_secret()
        self._assert_open(file, "user_sales_salesman")
        self._assert_shut(file, "stranger")
        self._assert_shut(file, None)

    def test_a_former_member_has_no_access_by_old_addresses(self):
        share = self._share(self.stranger, "edit")
        file = self._load_secret()
        own = self.File.with_user(self.stranger).create(
            {"name": "a.png", "raw": PNG + SECRET, "lead_id": self.opportunity.id}
        )
        for one in (file, own):
            self._assert_open(one, "stranger")
        share.unlink()
        for one in (file, own):
            self._assert_shut(one, "stranger")

    def test_private_files(self):
        file = self._load_secret(visibility="private")
        self._assert_shut(file, "user_sales_manager")
        self._assert_open(file, "user_sales_salesman")

    def test_another_company(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        far = new_test_user(
            self.env,
            "far",
            groups="sales_team.group_sale_salesman_all_leads",
            company_id=elsewhere.id,
            company_ids=elsewhere.ids,
        )
        self.opportunity.sudo().company_id = self.env.company
        self.customer.company_id = self.env.company
        for visibility in ("team", "sales", "portal"):
            self._assert_shut(self._load_secret(visibility=visibility), far.login)

    def test_customers_on_the_portal(self):
        for login, parent in (("customer", self.customer), ("other", False)):
            portal = new_test_user(self.env, login, groups="base.group_portal")
            portal.partner_id.parent_id = parent
        inside = self._load_secret(visibility="sales")
        for_customer = self._load_secret(visibility="portal")
        self._assert_shut(inside, "customer")
        self._assert_open(for_customer, "customer")
        self._assert_shut(for_customer, "other")
        for_customer.unlink()
        self._assert_shut(for_customer, "customer")

    def test_employees_without_sales(self):
        new_test_user(self.env, "employee", groups="base.group_user")
        for visibility in ("team", "sales", "portal"):
            self._assert_shut(self._load_secret(visibility=visibility), "employee")

    def test_an_employee_with_whom_it_is_shared(self):
        self.env["opportunity.share"]._open_to_employees(True)
        self._set_parameter("share_employees", "True")
        employee = new_test_user(self.env, "employee", groups="base.group_user")
        self._share(employee, "read")
        file = self._load_secret()
        self._assert_open(file, "employee")
        other = self._create_opportunity(partner_id=self.customer.id)
        for visibility in ("sales", "portal"):
            file = self._load_secret(lead=other, visibility=visibility)
            self._assert_shut(file, "employee")


@tagged("post_install", "-at_install")
class TestOpportunityFileHostile(FileRoutesCommon):
    """Names and contents that want to run in the browser of whoever opens them."""

    def test_contents(self):
        self.authenticate("user_sales_salesman", "user_sales_salesman")
        for name, raw in POLYGLOTS.items():
            for mimetype in (False, "text/html", "image/svg+xml"):
                values = {"mimetype": mimetype} if mimetype else {}
                file = self._load(name, raw, **values)
                self.assertIn(file.mimetype, HARMLESS, name)
                for path in self._get_paths(file):
                    if not path.startswith("/web/"):
                        continue
                    answer = self.url_open(path)
                    sent = answer.headers["Content-Type"].partition(";")[0]
                    self.assertIn(sent, HARMLESS, f"{name} {path}")
                    self.assertEqual(
                        answer.headers["X-Content-Type-Options"], "nosniff", path
                    )
                    self.assertIn(
                        "default-src 'none'",
                        answer.headers["Content-Security-Policy"],
                        path,
                    )

    def test_names(self):
        self.authenticate("user_sales_salesman", "user_sales_salesman")
        for name in HOSTILE_NAMES:
            file = self._load(name, description=name.replace("\x00", ""))
            for path in (
                f"/web/content/{file.attachment_id.id}?download=true",
                f"/opportunity/files/zip?ids={file.id}",
            ):
                answer = self.url_open(path)
                self.assertEqual(answer.status_code, 200, name)
                self.assertNotIn("x=1", answer.headers.get("Set-Cookie", ""))
                disposition = answer.headers["Content-Disposition"]
                self.assertTrue(disposition.startswith("attachment"), disposition)
                self.assertNotRegex(disposition, r"[\x00-\x1f\u202e]")

    def test_texts_that_the_database_does_not_take(self):
        file = self._load(description="a\x00b")
        self.env.invalidate_all()
        self.assertEqual(file.description, "ab")
        file.description = "\x00"
        file.flush_recordset()
        self.assertFalse(file.description)


SECRET = b"Secret"
PLACEHOLDER = (b"IHDR", b"")

import base64

from odoo.exceptions import ValidationError
from odoo.tests import Form, HttpCase, tagged

from ..tools.file_names import clean_name, get_extensions
from .file_common import FileCommon

HTML = b"<html><script>alert(1)</script></html>"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
XML = b"<?xml version='1.0'?><a/>"
RUN_IN_BROWSER = {
    "page.html": HTML,
    "page.xhtml": HTML,
    "picture.svg": SVG,
    "data.xml": XML,
    "nothing": HTML,
    "nothing.bin": SVG,
}


@tagged("post_install", "-at_install")
class TestOpportunityFileLimit(FileCommon):
    """Hostile names and contents, on every path."""

    def test_blocked_extensions(self):
        for name in (
            "virus.exe",
            "VIRUS.EXE",
            "invoice.pdf.bat",
            "virus.exe.",
            "virus.exe ",
            "virus.exe::$DATA",
            "a:b.exe",
            "../../virus.scr",
            "virus.\u202eexe",
            "virus.ex\x00e",
            "virus.\uff45\uff58\uff45",
        ):
            with self.assertRefused(ValidationError, "blocked"):
                self._load(name)
        for name in ("exe", "exe.pdf", "my.exe.notes.txt"):
            self.assertEqual(self._load(name).name, name)

    def test_blocked_on_every_path(self):
        file = self._load()
        files = self.File.with_user(self.user_sales_salesman)
        box = {"res_model": file._name, "res_id": file.id}
        lead = self.opportunity

        def import_():
            result = files.load(
                ["name", "datas", "lead_id/.id"],
                [["a.exe", base64.b64encode(b"x").decode(), str(lead.id)]],
            )
            self.assertFalse(result["ids"])
            raise ValidationError(result["messages"][0]["message"])

        def form():
            with Form(files.with_context(default_lead_id=lead.id)) as record:
                record.datas = base64.b64encode(b"x")
                record.name = "a.exe"

        for operation in (
            lambda: file.write({"name": "a.exe"}),
            lambda: file.attachment_id.write({"name": "a.exe"}),
            lambda: file.attachment_id.create({"name": "a.exe", **box}),
            lambda: self.File.create({"name": "a.exe", "lead_id": lead.id}),
            lambda: file.copy({"name": "a.exe"}),
            import_,
            form,
        ):
            with self.assertRefused(ValidationError, "blocked"):
                operation()

    def test_blocked_by_setting(self):
        self._set_parameter("file_blocked", ".DOC odt")
        for name in ("a.doc", "a.ODT"):
            with self.assertRefused(ValidationError, "blocked"):
                self._load(name)
        self._load("a.exe")

    def test_nothing_is_blocked_by_an_empty_setting(self):
        settings = self.env["res.config.settings"]
        settings.create({"opportunity_file_blocked": False}).execute()
        self.assertFalse(settings.create({}).opportunity_file_blocked)
        self.assertEqual(self._load("a.exe").name, "a.exe")
        settings.create({"opportunity_file_blocked": "exe"}).execute()
        self.assertEqual(settings.create({}).opportunity_file_blocked, "exe")
        with self.assertRefused(ValidationError, "blocked"):
            self._load("a.exe")

    def test_largest_size_by_setting(self):
        self._set_parameter("file_max_size", "1")
        small, large = b"x" * 1024**2, b"x" * (1024**2 + 1)
        file = self._load(raw=small)
        for operation in (
            lambda: self._load(raw=large),
            lambda: self._load(raw=False, datas=base64.b64encode(large)),
            lambda: file.write({"raw": large}),
            lambda: file.attachment_id.write({"datas": base64.b64encode(large)}),
        ):
            with self.assertRefused(ValidationError, "more than 1 MB"):
                operation()

    def test_moving_the_store_keeps_what_is_too_large_by_now(self):
        file = self._load(raw=b"x" * (1024**2 + 1))
        self._set_parameter("file_max_size", "1")
        self._set_parameter("file_blocked", "pdf")
        file.sudo().attachment_id._migrate()
        self.assertEqual(len(file.raw), 1024**2 + 1)
        self.assertEqual(file.mimetype, "application/pdf")

    def test_names_are_kept_but_for_what_deceives(self):
        long = "n" * 300 + ".pdf"
        for name, stored in (
            ("../../x", "../../x"),
            ('"><svg onload>.txt', '"><svg onload>.txt'),
            ("a\x00b\r\nc\x1f.txt", "abc.txt"),
            ("exe\u202efdp.txt", "exefdp.txt"),
            (
                "Ärger \U0001f469\u200d\U0001f52c.pdf",
                "Ärger \U0001f469\u200d\U0001f52c.pdf",
            ),
            ("\x00", "Unnamed"),
            (long, "n" * 251 + ".pdf"),
        ):
            file = self._load(name)
            self.env.invalidate_all()
            self.assertEqual(file.name, stored)
            file.name = "Other.txt"
            file.name = name
            self.assertEqual(file.name, stored)
            self.assertRegex(file.sudo().attachment_id.store_fname, r"^\w\w/\w{40}$")

    def test_contents_that_are_none(self):
        for values in ({"datas": "é"}, {"raw": 5}, {"datas": "abc"}, {"raw": [1]}):
            with self.assertRefused(ValidationError, "cannot be read"):
                self._load(**{"raw": False, **values})
        self.assertEqual(self._load(raw=b"").file_size, 0)

    def test_nothing_is_stored_that_a_browser_runs(self):
        for user in (self.user_sales_salesman, self.user_sales_manager, self.user_root):
            for name, raw in RUN_IN_BROWSER.items():
                for mimetype in (False, "text/html", "image/svg+xml"):
                    values = {"name": name, "raw": raw, "mimetype": mimetype}
                    file = self.File.with_user(user).create(
                        {**values, "lead_id": self.opportunity.id}
                    )
                    self.assertEqual(file.mimetype, "text/plain")
                    file.write({"mimetype": "text/html"})
                    file.attachment_id.write({**values, "mimetype": "text/html"})
                    self.assertEqual(file.mimetype, "text/plain")

    def test_pictures_stay_as_they_were_given(self):
        raw = base64.b64decode(
            b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGA"
            b"WjR9awAAAABJRU5ErkJggg=="
        )
        self.env["ir.config_parameter"].set_param("base.image_autoresize_max_px", "1x1")
        file = self._load("picture.png", raw)
        self.assertEqual((file.raw, file.mimetype), (raw, "image/png"))

    def test_the_tools(self):
        self.assertEqual(clean_name(" a\u2066b\ud800 "), "ab")
        self.assertEqual(clean_name("." + "x" * 300), ("." + "x" * 300)[:255])
        self.assertEqual(get_extensions("a\\b.exe\\c"), set())
        self.assertEqual(get_extensions("c.TAR.Gz"), {"gz"})

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_root = cls.env.ref("base.user_root")


@tagged("post_install", "-at_install")
class TestOpportunityFileLimitHttp(FileCommon, HttpCase):
    def test_the_browser_runs_nothing(self):
        self.authenticate("user_sales_manager", "user_sales_manager")
        for name, raw in RUN_IN_BROWSER.items():
            file = self._load(name, raw).with_user(self.user_sales_manager)
            for path in (
                f"/web/content/{file.attachment_id.id}",
                f"/web/content/{file.attachment_id.id}?mimetype=text/html",
                f"/web/content?model=opportunity.file&id={file.id}&field=raw",
                f"/web/content?model=opportunity.file&id={file.id}&field=datas",
            ):
                answer = self.url_open(path)
                self.assertEqual(answer.status_code, 200, path)
                self.assertTrue(answer.headers["Content-Type"].startswith("text/plain"))
                self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")

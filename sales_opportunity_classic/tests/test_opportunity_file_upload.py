from odoo import http
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .file_common import FileCommon


@tagged("post_install", "-at_install")
class TestOpportunityFileUpload(FileCommon, HttpCase):
    def _upload(self, *files, user="user_sales_salesman", record=None, **values):
        """Post files, given by their names and contents, as the panel does."""
        record = self.opportunity if record is None else record
        self.authenticate(user, user)
        return self.url_open(
            "/opportunity/files/upload",
            data={
                "csrf_token": http.Request.csrf_token(self),
                "res_model": record._name,
                "res_id": record.id,
                **values,
            },
            files=[("ufile", file) for file in files],
        )

    def test_many_files_of_which_some_are_refused(self):
        self._set_parameter("file_max_size", "1")
        known = self._load("Contract.pdf", b"Terms")
        answer = self._upload(
            ("Again.pdf", b"Terms"),
            ("virus.exe", b"x"),
            ("large.pdf", b"x" * (1024**2 + 1)),
            ("Estimate.txt", b"A thousand", "text/html"),
        )
        self.assertEqual(answer.status_code, 200)
        again, blocked, large, estimate = answer.json()["files"]
        self.assertEqual(
            again["same_content"], {"id": known.id, "name": "Contract.pdf"}
        )
        self.assertIn("blocked", blocked["error"])
        self.assertIn("more than 1 MB", large["error"])
        self.assertIsNone(estimate["same_content"])
        self.env.invalidate_all()
        files = self.opportunity.file_ids - known
        self.assertEqual(set(files.ids), {again["id"], estimate["id"]})
        file = files.browse(estimate["id"])
        self.assertRecordValues(
            file,
            [
                {
                    "raw": b"A thousand",
                    "mimetype": "text/plain",
                    "partner_id": self.customer.id,
                    "create_uid": self.user_sales_salesman.id,
                }
            ],
        )

    def test_into_the_box_of_a_contact(self):
        [loaded] = self._upload(("a.txt", b"x"), record=self.anna).json()["files"]
        self.assertEqual(self.File.browse(loaded["id"]).partner_id, self.anna)

    def test_who_may_not_change_the_opportunity(self):
        self._share(self.stranger, "read")
        for user in ("stranger", "user_sales_leads"):
            [answer] = self._upload(("a.txt", b"x"), user=user).json()["files"]
            self.assertEqual("error" in answer, user == "stranger")
        self.assertEqual(self.opportunity.file_ids.create_uid, self.user_sales_leads)

    def test_hostile_names_and_addresses(self):
        names = ("../../x", '"><svg onload=alert(1)>.svg', "n" * 400 + ".html", "a\tb")
        answer = self._upload(*((name, b"<svg/>") for name in names))
        self.assertTrue(answer.headers["Content-Type"].startswith("application/json"))
        files = self.File.browse([file["id"] for file in answer.json()["files"]])
        self.assertEqual(set(files.mapped("mimetype")), {"text/plain"})
        self.assertFalse([name for name in files.mapped("name") if len(name) > 255])
        for values in (
            {"res_model": "res.users"},
            {"res_model": "ir.attachment"},
            {"res_id": "x"},
            {"res_id": "-1"},
            {"res_id": ""},
        ):
            answer = self._upload(("a.txt", b"x"), **values)
            self.assertEqual(answer.status_code, 404, values)
        [answer] = self._upload(("a.txt", b"x"), res_id=10**9).json()["files"]
        self.assertIn("error", answer)
        self.assertEqual(self._upload().json(), {"files": []})

    @mute_logger("odoo.http")
    def test_it_needs_the_csrf_token_and_a_user(self):
        self.assertEqual(self._upload(csrf_token="").status_code, 400)
        self.authenticate(None, None)
        answer = self.url_open("/opportunity/files/upload", data={"res_id": 1})
        self.assertIn("/web/login", answer.url)

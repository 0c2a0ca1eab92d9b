from odoo import http
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .file_common import FileCommon


@tagged("post_install", "-at_install")
class TestOpportunityFileUpload(FileCommon, HttpCase):
    def _upload(self, file, user="user_sales_salesman", record=None, **values):
        """Post a file, given by its name and content, as the panel does."""
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
            files={"ufile": file},
        )

    def test_loading(self):
        answer = self._upload(("Estimate.txt", b"A thousand", "text/html")).json()
        self.assertRecordValues(
            self.File.browse(answer["id"]),
            [
                {
                    "name": "Estimate.txt",
                    "raw": b"A thousand",
                    "mimetype": "text/plain",
                    "lead_id": self.opportunity.id,
                    "partner_id": self.customer.id,
                    "create_uid": self.user_sales_salesman.id,
                }
            ],
        )

    def test_what_is_refused_says_why(self):
        self._set_parameter("file_max_size", "1")
        for file, reason in (
            (("virus.exe", b"x"), "blocked"),
            (("large.pdf", b"x" * (1024**2 + 1)), "more than 1 MB"),
        ):
            error = self._upload(file).json()["error"]
            self.assertIn(reason, error["message"])
        self.assertFalse(self.opportunity.file_ids)

    def test_into_the_box_of_a_contact(self):
        answer = self._upload(("a.txt", b"x"), record=self.anna).json()
        self.assertEqual(self.File.browse(answer["id"]).partner_id, self.anna)

    def test_who_may_not_change_the_opportunity(self):
        self._share(self.stranger, "read")
        for user in ("stranger", "user_sales_leads"):
            answer = self._upload(("a.txt", b"x"), user=user).json()
            self.assertEqual("error" in answer, user == "stranger")
        self.assertEqual(self.opportunity.file_ids.create_uid, self.user_sales_leads)

    def test_hostile_names_and_addresses(self):
        for name in (
            "../../x",
            '"><svg onload=alert(1)>.svg',
            "n" * 400 + ".html",
            "a\tb",
        ):
            answer = self._upload((name, b"<svg/>"))
            kind = answer.headers["Content-Type"]
            self.assertTrue(kind.startswith("application/json"))
            file = self.File.browse(answer.json()["id"])
            self.assertEqual(file.mimetype, "text/plain")
            self.assertLessEqual(len(file.name), 255)
        for values in (
            {"res_model": "res.users"},
            {"res_model": "ir.attachment"},
            {"res_id": "x"},
            {"res_id": "-1"},
            {"res_id": ""},
        ):
            answer = self._upload(("a.txt", b"x"), **values)
            self.assertEqual(answer.status_code, 404, values)
        self.assertIn("error", self._upload(("a.txt", b"x"), res_id=10**9).json())

    @mute_logger("odoo.http")
    def test_it_needs_the_csrf_token_and_a_user(self):
        self.assertEqual(self._upload(("a.txt", b"x"), csrf_token="").status_code, 400)
        self.authenticate(None, None)
        answer = self.url_open("/opportunity/files/upload", data={"res_id": 1})
        self.assertIn("/web/login", answer.url)

import io
import tracemalloc
import zipfile
from unittest.mock import patch

from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..controllers import file_zip
from ..tools.file_names import make_archive_names
from ..tools.zip_stream import PIECE, stream_zip
from .file_common import FileCommon


@tagged("post_install", "-at_install")
class TestOpportunityFileZip(FileCommon, HttpCase):
    def _get(self, files, user="user_sales_salesman"):
        self.authenticate(user, user)
        return self.url_open(files.action_download_zip()["url"])

    def _unpack(self, answer):
        self.assertEqual(answer.status_code, 200)
        archive = zipfile.ZipFile(io.BytesIO(answer.content))
        self.assertIsNone(archive.testzip())
        return {info.filename: archive.read(info) for info in archive.infolist()}

    def test_many_files_in_one_archive(self):
        files = self._load() + self._load("Estimate.txt", b"A thousand")
        files += self._load("Empty", b"")
        answer = self._get(files)
        self.assertEqual(
            self._unpack(answer),
            {"Contract.pdf": b"Terms", "Estimate.txt": b"A thousand", "Empty": b""},
        )
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
        self.assertEqual(answer.headers["Cache-Control"], "no-store")

    def test_hostile_names_stay_in_one_folder(self):
        names = (
            "../../x",
            "..\\..\\x",
            "/etc/passwd",
            "C:\\x",
            '"><svg onload>.png',
            "CON.pdf",
            "a\u202efdp.txt",
            "...",
            "n" * 300 + ".pdf",
            "n" * 300 + ".pdf",
            "é" * 300,
            "same.txt",
            "SAME.txt",
            "same (2).txt",
        )
        files = self.File.union(*(self._load(name) for name in names))
        unpacked = self._unpack(self._get(files))
        self.assertEqual(len(unpacked), len(names))
        self.assertEqual(set(unpacked.values()), {b"Terms"})
        self.assertEqual(len({name.casefold() for name in unpacked}), len(names))
        for name in unpacked:
            self.assertNotRegex(name, r'[/\\:*?"<>|\x00-\x1f\u202e]|^\.|[. ]$')
            self.assertLessEqual(len(name.encode()), 255)
        self.assertIn("_CON.pdf", unpacked)

    @mute_logger("odoo.http")
    def test_the_right_to_read_each_of_them(self):
        own = self._load()
        private = self._load("Own.pdf", b"Secret", visibility="private")
        shared = self._load("Prices.pdf", b"Prices", visibility="sales")
        files = own + private + shared
        self.assertEqual(len(self._unpack(self._get(files))), 3)
        url = files.action_download_zip()["url"]
        for user in ("user_sales_leads", "stranger"):
            self.authenticate(user, user)
            answer = self.url_open(url)
            self.assertNotEqual(answer.status_code, 200)
            self.assertNotIn(b"Secret", answer.content)
        url = f"/opportunity/files/zip?ids={shared.id}"
        self.assertEqual(self._unpack(self.url_open(url)), {"Prices.pdf": b"Prices"})
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open(url).url)

    @mute_logger("odoo.http")
    def test_customers_take_what_is_for_the_portal(self):
        portal = new_test_user(self.env, "customer", groups="base.group_portal")
        portal.partner_id.parent_id = self.customer
        for_all = self._load(visibility="portal")
        inside = self._load(visibility="sales")
        self.authenticate("customer", "customer")
        url = "/opportunity/files/zip?ids={}"
        answer = self.url_open(url.format(for_all.id))
        self.assertEqual(self._unpack(answer), {"Contract.pdf": b"Terms"})
        answer = self.url_open(url.format(f"{for_all.id},{inside.id}"))
        self.assertNotEqual(answer.status_code, 200)

    def test_ids_that_are_none(self):
        self.authenticate("stranger", "stranger")
        for ids in ("", "x", "-1", "0", "999999999", "1.5", "'", "%00", "9" * 30):
            answer = self.url_open(f"/opportunity/files/zip?ids={ids}")
            self.assertEqual(answer.status_code, 404, ids)

    def test_what_is_no_file_on_this_machine(self):
        files = self._load() + self._load("Estimate.txt", b"A thousand")
        self.env["ir.config_parameter"].set_param("ir_attachment.location", "db")
        files.attachment_id.sudo()._migrate()
        self.assertFalse(files.sudo().attachment_id.filtered("store_fname"))
        self.assertEqual(
            self._unpack(self._get(files)),
            {"Contract.pdf": b"Terms", "Estimate.txt": b"A thousand"},
        )

    def test_a_storage_elsewhere(self):
        """An addon that keeps the content in a cloud gives Odoo an address."""
        file = self._load()

        def to_cloud(attachment):
            return file_zip.http.Stream(type="url", url="https://cloud.example.com/x")

        attachment_class = type(self.env["ir.attachment"])
        with patch.object(attachment_class, "_to_http_stream", to_cloud):
            answer = self._get(file)
        self.assertEqual(self._unpack(answer), {"Contract.pdf": b"Terms"})

    def test_memory_stays_small(self):
        size, count = 8 * 1024**2, 12
        content = bytes(size)
        moment = self.opportunity.create_date
        entries = [
            (str(number), moment, size, lambda: io.BytesIO(content))
            for number in range(count)
        ]
        tracemalloc.start()
        self.addCleanup(tracemalloc.stop)
        longest = total = 0
        for piece in stream_zip(entries):
            longest, total = max(longest, len(piece)), total + len(piece)
        _now, peak = tracemalloc.get_traced_memory()
        self.assertGreater(total, size * count)
        self.assertLess(longest, 2 * PIECE)
        self.assertLess(peak, 4 * 1024**2)

    def test_a_thousand_equal_names(self):
        names = make_archive_names(["Scan.pdf"] * 1000)
        self.assertEqual(len(set(names)), 1000)
        self.assertEqual(names[:2], ["Scan.pdf", "Scan (2).pdf"])

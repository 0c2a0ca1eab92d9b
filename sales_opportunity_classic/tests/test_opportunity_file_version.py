from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .file_common import FileCommon


@tagged("post_install", "-at_install")
class TestOpportunityFileVersion(FileCommon):
    def _load_next(self, file, raw=b"More", **values):
        return self._load(raw=raw, previous_version_id=file.id, **values)

    def _prepare_next(self, file, **values):
        return {
            "name": "Next.pdf",
            "raw": b"Next",
            "lead_id": self.opportunity.id,
            "previous_version_id": file.id,
            **values,
        }

    def test_a_new_version_takes_over_what_is_known(self):
        first = self._load(description="Lease")
        first.category_id = self.env["opportunity.file.category"].search([], limit=1)
        context = first.action_new_version()["context"]
        files = self.File.with_user(self.user_sales_leads).with_context(**context)
        with Form(files) as form:
            form.datas = b"TW9yZQ=="
        second = first.next_version_ids
        self.assertRecordValues(
            second,
            [
                {
                    "name": "Contract.pdf",
                    "raw": b"More",
                    "version": 2,
                    "category_id": first.category_id.id,
                    "description": "Lease",
                    "partner_id": self.customer.id,
                    "create_uid": self.user_sales_leads.id,
                }
            ],
        )
        self.assertEqual(first.version, 1)

    def test_the_same_content_is_offered_as_a_version_and_stored_once(self):
        first = self._load()
        self._load("Other.pdf", b"Other")
        lead = self._create_opportunity(partner_id=self.customer.id)
        again = self._load("Again.pdf", lead=lead)
        self.assertEqual(again.same_content_id, first)
        self.assertFalse(first.same_content_id)
        self.assertEqual(
            again.attachment_id.store_fname, first.attachment_id.store_fname
        )
        again.action_make_version()
        self.assertEqual((again.previous_version_id, again.version), (first, 2))
        self.assertFalse(again.same_content_id)

    def test_what_may_not_be_read_is_not_offered(self):
        self._load(visibility="private")
        again = self._load().with_user(self.user_sales_leads)
        self.assertFalse(again.same_content_id)
        elsewhere = self._create_opportunity(partner_id=self.anna.id)
        self.assertFalse(self._load(lead=elsewhere).same_content_id)

    def test_a_chain_has_no_forks_and_no_cycles(self):
        first = self._load()
        second = self._load_next(first)
        with mute_logger("odoo.sql_db"), self.assertRefused(UniqueViolation):
            self._load_next(first)
        with self.assertRefused(ValidationError, "its own later versions"):
            first.previous_version_id = second
        self.assertEqual(first._get_latest_version(), second)

    def test_versions_are_of_one_box_and_readable(self):
        first = self._load()
        lead = self._create_opportunity(partner_id=self.anna.id)
        with self.assertRefused(ValidationError, "is no version of"):
            self._load_next(first, lead=lead)
        hidden = self.File.with_user(self.user_sales_leads).create(
            {
                "name": "Hers",
                "raw": b"x",
                "lead_id": self.opportunity.id,
                "visibility": "private",
            }
        )
        with self.assertRefused(AccessError):
            self._load_next(hidden)

    def test_a_hidden_version_is_in_nobodys_way(self):
        first = self._load()
        hers = self.File.with_user(self.user_sales_leads)
        hidden = hers.create(self._prepare_next(first, visibility="private"))
        newest = hers.create(self._prepare_next(hidden, visibility="private"))
        own = self._load_next(first)
        self.assertEqual((own.previous_version_id, own.version), (first, 2))
        self.assertEqual(first._get_latest_version(), own)
        self.assertEqual(hidden.previous_version_id, own.with_env(hidden.env))
        self.assertEqual((hidden.version, newest.version), (3, 4))
        self.assertEqual(first.with_user(hers.env.user)._get_latest_version(), newest)

    def test_a_hidden_version_does_not_keep_one_in_the_bin(self):
        first = self._load()
        own = self._load_next(first)
        own.unlink()
        hers = self.File.with_user(self.user_sales_leads)
        hidden = hers.create(self._prepare_next(first, visibility="private"))
        own.action_restore()
        self.assertEqual(own.previous_version_id, first)
        self.assertEqual(hidden.previous_version_id.id, own.id)

    def test_a_version_that_is_binned_at_once_moves_nothing(self):
        first = self._load()
        hers = self.File.with_user(self.user_sales_leads)
        hidden = hers.create(self._prepare_next(first, visibility="private"))
        self._load_next(first, active=False)
        self.assertEqual(hidden.previous_version_id.id, first.id)

    def test_the_latest_version_may_be_above_a_hidden_one(self):
        first = self._load()
        second = self.File.with_user(self.user_sales_leads).create(
            self._prepare_next(first)
        )
        third = self._load_next(second)
        second.visibility = "private"
        self.assertEqual(first._get_latest_version(), third)

    def test_the_name_of_a_hidden_version_is_not_told(self):
        first = self._load("Price floor.pdf")
        second = self._load_next(first)
        first.visibility = "private"
        for user, name in (
            (self.user_sales_salesman, "Price floor.pdf"),
            (self.user_sales_leads, "Another file"),
        ):
            [row] = second.with_user(user).web_read(
                {"previous_version_id": {"fields": {"display_name": {}}}}
            )
            self.assertEqual(row["previous_version_id"]["display_name"], name)

    def test_a_deleted_version_leaves_no_gap(self):
        first = self._load()
        second = self._load_next(first)
        third = self._load_next(second)
        second.unlink()
        second.unlink()
        self.assertFalse(second.exists())
        self.assertEqual((third.previous_version_id, third.version), (first, 3))
        first.sudo().unlink()
        self.env.invalidate_all()
        self.assertEqual((third.previous_version_id.id, third.version), (False, 3))

    def test_what_is_hidden_or_deleted_between_parts_no_versions(self):
        first = self._load()
        second = self.File.with_user(self.user_sales_leads).create(
            self._prepare_next(first)
        )
        third = self._load_next(second)
        lead = self.opportunity.with_user(self.user_sales_salesman)
        for hide in (lambda: second.write({"visibility": "private"}), second.unlink):
            hide()
            (row,) = lead.get_file_panel()["rows"]
            self.assertEqual(row["id"], third.id)
            self.assertEqual(first._get_latest_version(), third)
            self.assertEqual([first.is_latest, third.is_latest], [False, True])
            older = third.get_file_versions()
            self.assertEqual(older[-1]["id"], first.id)
        third.unlink()
        rows = lead.get_file_panel()["rows"]
        self.assertEqual([row["id"] for row in rows], first.ids)

    def test_a_file_from_the_bin_goes_below_what_came_since(self):
        first = self._load()
        own = self._load_next(first)
        on_top = self._load_next(own)
        (own + on_top).unlink()
        hers = self.File.with_user(self.user_sales_leads)
        since = hers.create(self._prepare_next(first))
        own.action_restore()
        self.assertEqual(own.previous_version_id, first)
        self.assertEqual(since.previous_version_id.id, own.id)
        on_top.action_restore()
        self.assertEqual(on_top.previous_version_id, own)
        self.assertEqual(since.previous_version_id.id, on_top.id)
        self.assertEqual((own.version, on_top.version, since.version), (2, 3, 4))

    def test_files_from_the_bin_that_followed_the_same_one(self):
        first = self._load()
        binned = self.File
        for __ in range(3):
            file = self._load_next(first)
            file.unlink()
            binned += file
        binned.with_user(self.user_sales_salesman).action_restore()
        chain = first._get_latest_version()._get_older_versions()
        self.assertEqual(chain, binned[1::-1] + first)
        self.assertTrue(all(binned.mapped("active")))

    def test_a_file_that_is_active_already_moves_nothing(self):
        first = self._load()
        second = self._load_next(first)
        (first + second).active = True
        self.assertEqual(second.previous_version_id, first)

    def test_a_gap_in_a_forked_chain_is_closed(self):
        first = self._load()
        second = self._load_next(first)
        third = self._load_next(second)
        second.unlink()
        fork = self._load_next(first)
        second.unlink()
        self.assertFalse(second.exists())
        self.assertEqual(fork.previous_version_id, first)
        self.assertEqual(third.previous_version_id, fork)

    def test_a_gap_between_files_of_different_boxes_stays(self):
        first = self._load()
        second = self._load_next(first)
        third = self._load_next(second)
        lead = self._create_opportunity(partner_id=self.anna.id)
        third.sudo().write({"lead_id": lead.id, "partner_id": self.anna.id})
        second.unlink()
        second.unlink()
        self.assertFalse(third.previous_version_id)

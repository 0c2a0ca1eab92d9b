from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .file_common import FileCommon


@tagged("post_install", "-at_install")
class TestOpportunityFilePanel(FileCommon):
    def _get_rows(self, record=None, user=None, **filters):
        record = self.opportunity if record is None else record
        record = record.with_user(user or self.user_sales_salesman)
        return record.get_file_panel(filters)["rows"]

    def _get_names(self, *args, **kwargs):
        return [row["name"] for row in self._get_rows(*args, **kwargs)]

    def test_the_rows_say_what_may_be_done(self):
        file = self._load(description="Lease", date_expiry="2020-01-01")
        (row,) = self._get_rows()
        self.assertEqual(row["id"], file.id)
        self.assertEqual(row["attachment_id"], file.attachment_id.id)
        self.assertEqual((row["size"], row["version"]), (5, 1))
        self.assertEqual(row["user"], self.user_sales_salesman.name)
        self.assertTrue(row["can_edit"] and row["can_delete"] and row["is_expired"])
        (row,) = self._get_rows(user=self.user_sales_leads)
        self.assertEqual((row["can_edit"], row["can_delete"]), (True, False))

    def test_who_may_only_read_adds_and_changes_nothing(self):
        self._load()
        self._give_read_access()
        panel = self.opportunity.with_user(self.stranger).get_file_panel()
        self.assertFalse(panel["can_add"])
        self.assertFalse(panel["rows"][0]["can_edit"])
        self.assertFalse(panel["rows"][0]["can_delete"])
        self.assertTrue(
            self.opportunity.with_user(self.user_sales_salesman).get_file_panel()[
                "can_add"
            ]
        )

    def test_who_may_not_read_is_told_nothing(self):
        file = self._load()
        lead = self.opportunity.with_user(self.stranger)
        for operation in (
            lead.get_file_panel,
            lead.get_file_filters,
            lead.get_chatter_files,
            file.with_user(self.stranger).get_file_versions,
            lambda: lead._load_file("a.txt", b"x"),
        ):
            with self.assertRefused(AccessError):
                operation()
        self.assertEqual(lead.get_file_offers(file.ids), {})

    def test_page_by_page(self):
        for number in range(45):
            self._load(f"{number}.txt")
        lead = self.opportunity.with_user(self.user_sales_salesman)
        page = lead.get_file_panel()
        self.assertEqual(len(page["rows"]), 40)
        self.assertTrue(page["has_more"])
        rest = lead.get_file_panel({}, page["rows"][-1]["id"])
        self.assertEqual(
            [row["name"] for row in rest["rows"]],
            [f"{number}.txt" for number in (4, 3, 2, 1, 0)],
        )
        self.assertFalse(rest["has_more"])

    def test_the_queries_do_not_depend_on_the_number_of_files(self):
        lead = self.opportunity.with_user(self.user_sales_salesman)
        self._load("0.txt")
        lead.get_file_panel()
        counts = []
        for _round in range(2):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            lead.get_file_panel()
            counts.append(self.cr.sql_log_count - before)
            for number in range(20):
                self._load(f"{number}.txt")
        self.assertEqual(*counts)

    def test_search_and_filters(self):
        category, other = self.env["opportunity.file.category"].search([], limit=2)
        child = category.sudo().create({"name": "Leases", "parent_id": category.id})
        tag = self.env["opportunity.file.tag"].create({"name": "Signed"})
        self._load("Lease.txt", b"The marble", category_id=child.id)
        self._load("Plan.txt", b"x", tag_ids=tag.ids, description="Of the quarry")
        self._load("Bill.txt", b"x", category_id=other.id)
        for filters, names in (
            ({"search": "lease"}, ["Lease.txt"]),
            ({"search": "QUARRY"}, ["Plan.txt"]),
            ({"search": "marble"}, ["Lease.txt"]),
            ({"search": "100%"}, []),
            ({"category_id": category.id}, ["Lease.txt"]),
            ({"tag_id": tag.id}, ["Plan.txt"]),
            ({"lead_id": self.opportunity.id, "search": "bill"}, ["Bill.txt"]),
        ):
            self.assertEqual(self._get_names(**filters), names, filters)
        choices = self.opportunity.get_file_filters()
        self.assertEqual(
            {choice["id"] for choice in choices["category_id"]}, {child.id, other.id}
        )
        self.assertEqual(choices["tag_ids"], [{"id": tag.id, "name": "Signed"}])

    def test_the_bin(self):
        file = self._load()
        file.unlink()
        self.assertEqual(self._get_names(), [])
        (row,) = self._get_rows(bin=True)
        self.assertEqual((row["id"], row["active"]), (file.id, False))
        file.action_restore()
        self.assertEqual(self._get_names(bin=True), [])

    def test_a_company_shows_its_people_and_back(self):
        lead = self._create_opportunity(partner_id=self.anna.id)
        self._load("Of Anna.txt", lead=lead)
        self._load("Of Rome.txt")
        user = self.user_sales_salesman
        self.assertEqual(self._get_names(self.customer), ["Of Rome.txt"])
        both = ["Of Rome.txt", "Of Anna.txt"]
        for contact, kind in ((self.customer, "people"), (self.anna, "company")):
            panel = contact.with_user(user).get_file_panel({"related": True})
            self.assertEqual([row["name"] for row in panel["rows"]], both)
            self.assertEqual(panel["related"]["kind"], kind)
        self.assertEqual(self._get_names(lead, related=True), both)
        self.assertEqual(
            lead.with_user(user).get_file_panel()["related"],
            {"kind": "contact", "name": self.anna.display_name},
        )
        lead = self._create_opportunity()
        self.assertFalse(lead.with_user(user).get_file_panel()["related"])

    def test_versions_are_below_their_latest(self):
        first = self._load()
        second = self._load(raw=b"More", previous_version_id=first.id)
        (row,) = self._get_rows()
        self.assertEqual((row["id"], row["has_older"]), (second.id, True))
        self.assertEqual([old["id"] for old in second.get_file_versions()], first.ids)

    def test_same_content_or_name_is_offered(self):
        lead = self.opportunity.with_user(self.user_sales_salesman)
        category = self.env["opportunity.file.category"].search([], limit=1)
        first = self._load(category_id=category.id, description="Lease")
        same = self._load("Other.pdf")
        named = self._load(raw=b"More")
        new = self._load("New.pdf", b"New")
        offers = lead.get_file_offers((same + named + new).ids)
        self.assertEqual(
            offers,
            {
                same.id: {"id": first.id, "name": first.name, "is_same": True},
                named.id: {"id": first.id, "name": first.name, "is_same": False},
            },
        )
        self.assertTrue(lead.action_make_file_version(same.id, first.id))
        self.assertTrue(lead.action_make_file_version(named.id, first.id))
        self.assertFalse(lead.action_make_file_version(named.id, first.id))
        self.assertEqual((same.version, named.version), (2, 3))
        self.assertEqual(named.category_id, category)
        self.assertEqual(named.description, "Lease")
        with self.assertRefused(AccessError):
            lead.with_user(self.stranger).action_make_file_version(new.id, named.id)

    def test_refused_before_they_are_sent(self):
        self._set_parameter("file_max_size", "1")
        refusals = self.env["crm.lead"].get_file_refusals(
            [
                {"name": "a.txt", "size": 1},
                {"name": "a.exe", "size": 1},
                {"name": "a.iso", "size": 1024**2 + 1},
            ]
        )
        self.assertFalse(refusals[0])
        self.assertIn("blocked", refusals[1])
        self.assertIn("more than 1 MB", refusals[2])
        for file in ({}, {"name": "a.txt", "size": "x"}, {"name": 1, "size": 1}, "a"):
            with self.assertRefused(ValidationError, "name of each file"):
                self.env["crm.lead"].get_file_refusals([file])

    def test_what_hangs_in_the_chatter(self):
        lead = self.opportunity.with_user(self.user_sales_salesman)
        lead.message_post(body="x", attachments=[("a.txt", b"A"), ("b.exe", b"B")])
        refused, taken = lead.get_chatter_files()["rows"]
        self.assertIn("blocked", refused["refusal"])
        self.assertEqual((taken["name"], taken["is_kept"]), ("a.txt", False))
        attachment = self.env["ir.attachment"].with_user(self.user_sales_salesman)
        attachment.browse(taken["id"]).action_keep_in_file_box()
        self.assertEqual(self._get_names(), ["a.txt"])
        self.assertTrue(lead.get_chatter_files()["rows"][1]["is_kept"])
        self.assertEqual(lead.get_chatter_files(taken["id"])["rows"], [])

    def test_opening_the_form_reads_no_file(self):
        for model in ("crm.lead", "res.partner"):
            arch = self.env[model].get_view(view_type="form")["arch"]
            self.assertIn("opportunity_files", arch)
            self.assertNotIn('"file_ids"', arch)

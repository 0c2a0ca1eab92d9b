from odoo.fields import Date
from odoo.tests import tagged

from .file_common import FileCommon


@tagged("post_install", "-at_install")
class TestOpportunityFileExpiry(FileCommon):
    def _load_expiring(self, **values):
        return self._load(date_expiry="2030-05-04", **values)

    def test_the_salesperson_is_reminded(self):
        file = self.File.with_user(self.user_sales_leads).create(
            {
                "name": "Contract.pdf",
                "raw": b"x",
                "lead_id": self.opportunity.id,
                "date_expiry": "2030-05-04",
            }
        )
        self.assertRecordValues(
            self.opportunity.activity_ids,
            [
                {
                    "summary": "Contract.pdf expires",
                    "date_deadline": Date.to_date("2030-05-04"),
                    "user_id": self.user_sales_salesman.id,
                }
            ],
        )
        self.assertEqual(file.sudo().reminder_id, self.opportunity.activity_ids)

    def test_without_an_opportunity_the_uploader_is(self):
        file = self.File.with_user(self.stranger).create(
            {
                "name": "Contract.pdf",
                "raw": b"x",
                "partner_id": self.customer.id,
                "date_expiry": "2030-05-04",
            }
        )
        self.assertEqual(file.reminder_id, self.customer.activity_ids)
        self.assertEqual(file.reminder_id.user_id, self.stranger)

    def test_the_reminder_follows_the_file(self):
        file = self._load_expiring()
        file.date_expiry = "2030-06-01"
        activity = self.opportunity.activity_ids
        self.assertEqual(activity.date_deadline, Date.to_date("2030-06-01"))
        file.name = "Lease.pdf"
        self.assertEqual(self.opportunity.activity_ids.summary, "Lease.pdf expires")
        file.visibility = "private"
        self.assertNotIn("Lease", self.opportunity.activity_ids.summary)
        file.unlink()
        self.assertFalse(self.opportunity.activity_ids)
        file.action_restore()
        self.assertTrue(self.opportunity.activity_ids)
        file.date_expiry = False
        self.assertFalse(self.opportunity.activity_ids)

    def test_employees_read_no_name_of_what_only_salespeople_may_read(self):
        file = self._load(
            "Salary.pdf",
            lead=self.Lead,
            partner_id=self.customer.id,
            date_expiry="2026-03-09",
        )
        self.assertNotIn("Salary", file.sudo().reminder_id.summary)

    def test_done_is_done(self):
        file = self._load_expiring()
        self.opportunity.activity_ids.action_feedback()
        file.name = "Lease.pdf"
        self.assertFalse(self.opportunity.activity_ids)
        file.date_expiry = "2031-05-04"
        self.assertTrue(self.opportunity.activity_ids)

    def test_the_reminder_goes_on_with_the_contact(self):
        file = self._load_expiring()
        self.opportunity.sudo().unlink()
        self.env.invalidate_all()
        self.assertEqual(file.sudo().reminder_id, self.customer.activity_ids)
        file.sudo().unlink()
        self.assertFalse(self.customer.activity_ids)

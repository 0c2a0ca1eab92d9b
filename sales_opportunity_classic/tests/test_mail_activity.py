from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_opportunity_share import ShareCommon


@tagged("post_install", "-at_install")
class TestActivityOfOpportunity(ShareCommon):
    """Activities come to an opportunity by whoever may change it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.activity = (
            cls.env["mail.activity"]
            .with_user(cls.colleague)
            .create({"summary": "Mine", "user_id": cls.colleague.id})
        )
        cls.to_opportunity = {
            "res_model_id": cls.env["ir.model"]._get_id("crm.lead"),
            "res_id": cls.opportunity.id,
        }

    def test_nobody_brings_one_to_what_they_may_not_change(self):
        with self.assertRefused(AccessError):
            self.activity.write(self.to_opportunity)
        share = self._share()
        with self.assertRefused(AccessError):
            self.activity.write(self.to_opportunity)
        share.access = "edit"
        self.activity.write(self.to_opportunity)
        self.assertIn(self.activity, self.shared.activity_ids)

    def test_nor_from_one_opportunity_to_another(self):
        own = self._create_opportunity(self.colleague)
        activity = own.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.colleague.id
        )
        with self.assertRefused(AccessError):
            activity.res_id = self.opportunity.id
        activity.summary = "Still mine"

    def test_readers_do_what_they_were_asked_to(self):
        self._share()
        activity = self.opportunity.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.colleague.id
        )
        activity.with_user(self.colleague).action_feedback(feedback="Done so")
        self.assertIn("Done so", self.opportunity.message_ids[:1].body)

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_opportunity_share import ShareCommon


@tagged("post_install", "-at_install")
class TestMessageOfOpportunity(ShareCommon):
    """What is posted on an opportunity follows it, whoever is author or notified."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Message = cls.env["mail.message"].with_user(cls.colleague)
        cls.customer = cls.env["res.partner"].create(
            {"name": "Rome Stones", "email": "rome@example.com"}
        )

    def _mention(self):
        return self.opportunity.message_post(
            body="Ask Clara",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.colleague.partner_id.ids,
        ).with_user(self.colleague)

    def test_whom_it_notified_does_not_change_it(self):
        share = self._share()
        message = self._mention()
        self.assertIn(self.colleague.partner_id, message.sudo().notified_partner_ids)
        with self.assertRefused(AccessError):
            message.body = "Ask nobody"
        message.toggle_message_starred()
        message.set_message_done()
        share.access = "edit"
        message.body = "Ask Clara or Tom"

    def test_former_authors_do_not_change_it(self):
        share = self._share(access="edit")
        message = self.shared.message_post(body="Called them")
        message.body = "Called them twice"
        share.unlink()
        with self.assertRefused(AccessError):
            message.body = "Called nobody"

    def test_notices_take_the_right_to_read(self):
        values = {
            "model": "crm.lead",
            "res_id": self.opportunity.id,
            "message_type": "user_notification",
            "body": "Look",
        }
        partners = self.user_sales_leads.partner_id.ids
        with self.assertRefused(AccessError):
            self.Message.create(values)
        with self.assertRefused(AccessError):
            self.shared.message_notify(partner_ids=partners, body="A", subject="A")
        self._share()
        self.assertTrue(self.Message.create(values))
        self.shared.message_notify(partner_ids=partners, body="A", subject="A")

    def test_customers_are_notified_by_who_may_change_it(self):
        share = self._share()
        Thread = self.Message.env["mail.thread"]
        notice = {
            "model": "crm.lead",
            "res_id": self.opportunity.id,
            "partner_ids": self.customer.ids,
            "subject": "Offer",
            "body": "Offer",
        }
        with self.assertRefused(AccessError):
            Thread.message_notify(**notice)
        share.access = "edit"
        self.assertTrue(Thread.message_notify(**notice))
        elsewhere = {**notice, "model": "res.partner", "res_id": self.customer.id}
        self.assertTrue(Thread.message_notify(**elsewhere))

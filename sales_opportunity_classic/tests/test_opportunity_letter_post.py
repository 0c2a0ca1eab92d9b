import io
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools.pdf import PdfReader

from .letter_common import LetterCommon

CAN_POST = (
    "odoo.addons.sales_opportunity_classic.models.opportunity_letter_post_mixin."
    "OpportunityLetterPostMixin._can_post"
)


@tagged("post_install", "-at_install")
class TestOpportunityLetterPost(LetterCommon):
    """Letters that Odoo's Snailmail prints and posts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.country_id = cls.env.ref("base.be")

    def _post(self, records=None, **values):
        return self._start(records=records, kind="post", **values)

    def _find_posts(self, records):
        return self.env["snailmail.letter"].search(
            [("model", "=", records._name), ("res_id", "in", records.ids)]
        )

    def test_a_letter_is_queued_with_its_text_behind_a_cover(self):
        batch = self._post()
        self.assertEqual((batch.letter_count, batch.problem_count), (1, 0))
        self.assertEqual(batch.letter_ids.kind, "post")
        post = self._find_posts(self.opportunity)
        self.assertRecordValues(
            post,
            [
                {
                    "state": "pending",
                    "partner_id": self.customer.id,
                    "user_id": self.user_sales_salesman.id,
                    "cover": True,
                    "city": "Springfield",
                }
            ],
        )
        pages = PdfReader(io.BytesIO(post.attachment_id.raw)).pages
        self.assertIn("Jane Doe", pages[0].extract_text())
        self.assertIn("Ten desks", pages[len(pages) - 1].extract_text())
        self.assertIn(post.message_id, self.opportunity.message_ids)

    def test_each_gets_only_the_own_letter(self):
        other = self._create_opportunity(
            name="Other",
            partner_id=self._create_customer(
                "Max", country_id=self.env.ref("base.de").id
            ).id,
        )
        self._post(self.opportunity + other)
        for lead, foreign in ((other, "Ten desks"), (self.opportunity, "Other")):
            pdf = self._find_posts(lead).attachment_id.raw
            texts = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
            self.assertIn(lead.name, texts[-1])
            self.assertNotIn(foreign, "".join(texts))

    def test_a_contact_gets_post_too(self):
        self._post(self.customer, template=self._create_template("<p>Hello</p>"))
        self.assertTrue(self._find_posts(self.customer))

    def test_what_cannot_be_posted_is_listed(self):
        self.customer.country_id = False
        self.assertIn("Post needs street", self._post().problem_list)
        typed = self._create_opportunity(partner_id=False, contact_name="Ann")
        self.assertIn("No contact", self._post(typed).problem_list)
        self.template.paper = "letter"
        self.assertIn("Only letters on A4", self._post().problem_list)
        self.assertFalse(self._find_posts(self.opportunity + typed))

    def test_who_may_not_change_an_opportunity_posts_nothing(self):
        batch = self._post(user=self.reader)
        self.assertEqual((batch.letter_count, batch.problem_count), (0, 1))
        with self.assertRefused(AccessError):
            self.env["snailmail.letter"].with_user(self.reader).create(
                {
                    "model": self.opportunity._name,
                    "res_id": self.opportunity.id,
                    "partner_id": self.customer.id,
                }
            )

    def test_the_dialog_offers_post_where_snailmail_is(self):
        values = {"res_ids": self.opportunity.ids, "template_id": self.template.id}
        dialogs = self.env["opportunity.letter.print"]
        dialog = dialogs.with_user(self.user_sales_salesman).create(values)
        self.assertTrue(dialog.can_post)
        self.assertEqual(dialog.action_post()["tag"], "display_notification")
        with patch(CAN_POST, lambda self: False):
            dialog.invalidate_recordset(["can_post"])
            self.assertFalse(dialog.can_post)
            self.assertIn("Snailmail is not installed", self._post().problem_list)

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import OpportunityCommon


@tagged("post_install", "-at_install")
class TestOpportunityFileTag(OpportunityCommon):
    def test_salespeople_add_and_managers_tidy_up(self):
        Tag = self.env["opportunity.file.tag"]
        tag = Tag.with_user(self.user_sales_salesman).create({"name": "Signed"})
        for operation in (lambda: tag.write({"name": "x"}), tag.unlink):
            with self.assertRefused(AccessError):
                operation()
        tag = tag.with_user(self.user_sales_manager)
        with mute_logger("odoo.sql_db"), self.assertRefused(UniqueViolation):
            tag.copy({"name": "Signed"})
        tag.name = "Signed twice"
        tag.unlink()

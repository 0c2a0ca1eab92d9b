from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import OpportunityCommon


@tagged("post_install", "-at_install")
class TestOpportunityLabelPrinter(OpportunityCommon):
    def test_managers_set_up_and_salespeople_choose(self):
        printers = self.env["opportunity.label.printer"]
        manager = printers.with_user(self.user_sales_manager)
        printer = manager.create({"name": "Cellar", "nudge_x": 0.3})
        salesman = printer.with_user(self.user_sales_salesman)
        self.assertEqual(salesman.name, "Cellar")
        for operation in (
            lambda: salesman.write({"nudge_x": 1}),
            lambda: salesman.create({"name": "Mine"}),
            lambda: salesman.unlink(),
        ):
            with self.assertRefused(AccessError):
                operation()

    @mute_logger("odoo.sql_db")
    def test_names_are_unique_and_nudges_small(self):
        printers = self.env["opportunity.label.printer"]
        printer = printers.create({"name": "Cellar"})
        with self.assertRefused(UniqueViolation):
            printers.create({"name": "Cellar"})
        with self.assertRefused(CheckViolation):
            printer.nudge_y = -20.1
            self.env.flush_all()

    def test_a_copy_has_a_name_of_its_own(self):
        printer = self.env["opportunity.label.printer"].create({"name": "Cellar"})
        self.assertEqual(printer.copy().name, "Cellar (copy)")

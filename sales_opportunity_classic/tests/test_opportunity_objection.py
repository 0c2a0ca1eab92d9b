from odoo.tests import tagged

from .common import ChoiceCommon


@tagged("post_install", "-at_install")
class TestOpportunityObjection(ChoiceCommon):
    _choice_model = "opportunity.objection"

    def test_managers_define_and_salespeople_choose(self):
        self._check_rights_and_names()

from odoo.tests import tagged

from .common import ChoiceCommon


@tagged("post_install", "-at_install")
class TestOpportunityPartyRole(ChoiceCommon):
    _choice_model = "opportunity.party.role"

    def test_managers_define_and_salespeople_choose(self):
        self._check_rights_and_names()

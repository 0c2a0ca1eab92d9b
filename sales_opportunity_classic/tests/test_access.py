from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import OpportunityCommon

OWN_MODELS = (
    "opportunity.checklist.item",
    "opportunity.checklist.tick",
    "opportunity.custom.definition",
    "opportunity.custom.field",
    "opportunity.custom.group",
    "opportunity.custom.option",
    "opportunity.custom.tab",
    "opportunity.folder",
    "opportunity.folder.move",
    "opportunity.mark.won",
    "opportunity.objection",
    "opportunity.party",
    "opportunity.party.role",
    "opportunity.stage.move",
    "opportunity.won.reason",
)

# Whoever reads contacts reads the options of their custom fields.
FOR_EMPLOYEES = ("opportunity.custom.option",)
PUBLIC_METHODS = r"^(_|action_|create$|write$|unlink$|fields_get$|get_editor$)"


@tagged("post_install", "-at_install")
class TestAccess(OpportunityCommon):
    def test_without_sales_rights_nothing_opens(self):
        employee = new_test_user(self.env, "no_sales", groups="base.group_user")
        portal = new_test_user(self.env, "portal_user", groups="base.group_portal")
        for user in (employee, portal, self.env.ref("base.public_user")):
            for model in OWN_MODELS:
                if user == employee and model in FOR_EMPLOYEES:
                    continue
                with self.assertRaises(AccessError, msg=f"{user.login} {model}"):
                    self.env[model].with_user(user).search([])

    def test_every_model_is_covered(self):
        ours = self.env["ir.model"].search(
            [("model", "=like", "opportunity.%"), ("abstract", "=", False)]
        )
        self.assertEqual(set(ours.mapped("model")), set(OWN_MODELS))

    def test_private_methods_stay_private(self):
        extended = ("crm.lead", "crm.lead.lost", "crm.stage", "res.partner")
        for model in (*OWN_MODELS, *extended):
            for name in dir(type(self.env[model])):
                method = getattr(type(self.env[model]), name, None)
                if "sales_opportunity_classic" in (
                    getattr(method, "__module__", "") or ""
                ):
                    self.assertRegex(name, PUBLIC_METHODS, f"{model}.{name}")

    def test_public_actions_need_the_opportunity(self):
        foreign = self._create_opportunity(self.user_sales_leads)
        stranger = foreign.with_user(self.user_sales_salesman)
        self.env.invalidate_all()
        with self.assertRefused(AccessError):
            stranger.action_open_contact()
        self._set_parameter("require_won_reason", "True")
        with self.assertRefused(AccessError):
            stranger.action_get_closing_dialog(self.stage_won.id)
        wizard = self.env["opportunity.mark.won"].with_user(self.user_sales_salesman)
        with self.assertRefused(AccessError):
            wizard.create({"lead_ids": foreign.ids}).action_mark_won()
        self.assertEqual(foreign.won_status, "pending")

    def test_companies_stay_apart(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        lead = self.opportunity.sudo()
        lead.write({"user_id": False, "team_id": False})
        lead.company_id = company
        self.env.flush_all()
        moves = lead.stage_move_ids.sudo(False).with_user(self.user_sales_manager)
        self.assertFalse(moves.search([("lead_id", "=", self.opportunity.id)]))
        with self.assertRefused(AccessError):
            moves.read(["kind"])

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from .common import OpportunityCommon

ADDON = "sales_opportunity_classic"
OWN_MODELS = (
    "opportunity.bundle",
    "opportunity.bundle.line",
    "opportunity.buy.link",
    "opportunity.checklist.item",
    "opportunity.checklist.tick",
    "opportunity.click",
    "opportunity.custom.definition",
    "opportunity.custom.field",
    "opportunity.custom.field.convert",
    "opportunity.custom.field.delete",
    "opportunity.custom.group",
    "opportunity.custom.import",
    "opportunity.custom.option",
    "opportunity.custom.option.replace",
    "opportunity.custom.tab",
    "opportunity.deal.team",
    "opportunity.discount.limit",
    "opportunity.file",
    "opportunity.file.category",
    "opportunity.file.link",
    "opportunity.file.tag",
    "opportunity.folder",
    "opportunity.folder.move",
    "opportunity.forecast.snapshot",
    "opportunity.label.format",
    "opportunity.label.print",
    "opportunity.label.printer",
    "opportunity.letter",
    "opportunity.letter.batch",
    "opportunity.letter.print",
    "opportunity.letter.template",
    "opportunity.line",
    "opportunity.mail.trace",
    "opportunity.mark.won",
    "opportunity.objection",
    "opportunity.party",
    "opportunity.party.role",
    "opportunity.quota",
    "opportunity.report.ageing",
    "opportunity.report.billing",
    "opportunity.report.forecast",
    "opportunity.report.mrr",
    "opportunity.report.outcome",
    "opportunity.report.salesperson",
    "opportunity.report.stage",
    "opportunity.sequence",
    "opportunity.sequence.enrollment",
    "opportunity.sequence.resume",
    "opportunity.sequence.run",
    "opportunity.sequence.start",
    "opportunity.sequence.step",
    "opportunity.share",
    "opportunity.share.wizard",
    "opportunity.stage.move",
    "opportunity.subscription",
    "opportunity.subscription.cancel",
    "opportunity.subscription.change",
    "opportunity.subscription.change.line",
    "opportunity.subscription.line",
    "opportunity.subscription.movement",
    "opportunity.subscription.period",
    "opportunity.subscription.plan",
    "opportunity.won.reason",
)

# Customers find what is for the portal of their company, and nothing else.
FOR_PORTAL = ("opportunity.file", "opportunity.subscription")
# Whoever reads contacts reads the options of their custom fields and prints labels.
FOR_EMPLOYEES = (
    "opportunity.custom.option",
    "opportunity.label.format",
    "opportunity.label.print",
    "opportunity.label.printer",
)
# Besides buttons: what screens read, in the rights of the reader.
FILES = r"get_(chatter_files|file_(filters|offers|panel|refusals|versions))$"
SCREENS = (
    r"get_dashboard$|get_editor$|get_follow_up$|get_letter_fields$|get_order_overview$"
    rf"|get_timeline(_people)?$|{FILES}"
)
PUBLIC_METHODS = (
    # init: Odoo's own, closed to clients
    r"^(_|action_|create$|write$|unlink$|fields_get$|onchange$|copy$|copy_data$|init$"
    r"|update_field_translations$"
    rf"|{SCREENS})"
)


@tagged("post_install", "-at_install")
class TestAccess(OpportunityCommon):
    def test_without_sales_rights_nothing_opens(self):
        employee = new_test_user(self.env, "no_sales", groups="base.group_user")
        portal = new_test_user(self.env, "portal_user", groups="base.group_portal")
        for user in (employee, portal, self.env.ref("base.public_user")):
            for model in OWN_MODELS:
                if user == employee and model in FOR_EMPLOYEES:
                    continue
                if user == portal and model in FOR_PORTAL:
                    self.assertFalse(self.env[model].with_user(user).search([]))
                    continue
                with self.assertRaises(AccessError, msg=f"{user.login} {model}"):
                    self.env[model].with_user(user).search([])

    def test_without_sales_rights_a_whole_stage_is_read(self):
        employee = new_test_user(self.env, "no_sales", groups="base.group_user")
        values = self.stage_first.with_user(employee).read()[0]
        self.assertEqual(values["name"], "Prospecting")
        self.assertNotIn("checklist_item_ids", values)
        salesman = self.stage_first.with_user(self.user_sales_salesman)
        self.assertIn("checklist_item_ids", salesman.read()[0])

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
                if ADDON in (getattr(method, "__module__", "") or ""):
                    self.assertRegex(name, PUBLIC_METHODS, f"{model}.{name}")

    def test_dialogs_are_for_who_opened_them(self):
        dialogs = [name for name in OWN_MODELS if self.env[name].is_transient()]
        self.assertIn("opportunity.share.wizard", dialogs)
        rules = self.env["ir.rule"].search([("model_id.model", "in", dialogs)])
        own = rules.filtered(
            lambda rule: rule.domain_force == "[('create_uid', '=', user.id)]"
        )
        self.assertEqual(set(own.model_id.mapped("model")), set(dialogs))
        self.assertTrue(all(own.mapped("global")))
        dialog = self.env["opportunity.mark.won"].with_user(self.user_sales_manager)
        dialog = dialog.create({"lead_ids": self.opportunity.ids})
        dialog.check_access("write")
        self.env.invalidate_all()
        for access in ("read", "write"):
            with self.assertRefused(AccessError):
                dialog.with_user(self.user_sales_salesman).check_access(access)

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

    def test_rows_of_named_opportunities_are_found_where_they_may_be_read(self):
        foreign = self._create_opportunity(self.user_sales_leads)
        deleted = self._create_opportunity()
        deleted.sudo().unlink()
        others = [foreign.id, deleted.id]
        moves = self.env["opportunity.stage.move"].with_user(self.user_sales_salesman)
        for names in ([foreign.id], others):
            self.assertFalse(moves.search([("lead_id", "in", names)]))
            found = moves.search([("lead_id", "in", [*names, self.opportunity.id])])
            self.assertEqual(found, self.opportunity.stage_move_ids)
        for domain in (
            ["!", ("lead_id", "in", others)],
            [("lead_id", "in", ["Ten desks"])],
        ):
            found = moves.search(domain)
            self.assertIn(self.opportunity, found.lead_id)
            self.assertNotIn(foreign, found.lead_id.sudo())


@tagged("post_install", "-at_install")
class TestPortalAccess(OpportunityCommon):
    """A reseller of the portal who may read and write the opportunity.

    Odoo's addon ``website_crm_partner_assign`` gives the reading; it writes as
    superuser, other addons may give the writing as well.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reseller = new_test_user(cls.env, "reseller", groups="base.group_portal")
        cls.env["ir.model.access"].create(
            [
                {
                    "name": model,
                    "model_id": cls.env["ir.model"]._get_id(model),
                    "group_id": cls.env.ref("base.group_portal").id,
                    "perm_read": True,
                    "perm_write": model != "crm.stage",
                }
                for model in ("crm.lead", "crm.stage", "crm.lead.scoring.frequency")
            ]
        )
        cls.lead = cls.opportunity.with_user(cls.reseller)
        cls.item = cls.env["opportunity.checklist.item"].create(
            {"name": "Budget", "stage_id": cls.stage_first.id, "required": True}
        )

    def _get_own_fields(self, model):
        fields = self.env[model]._fields.values()
        return [field for field in fields if field._modules == (ADDON,)]

    def _tick(self):
        self.opportunity.checklist_done_ids = self.item

    def test_none_of_our_fields_is_read_or_searched(self):
        self.assertEqual(self.lead.read(["name"])[0]["name"], "Ten desks")
        for records in (self.lead, self.stage_first.with_user(self.reseller)):
            fields = self._get_own_fields(records._name)
            self.assertGreater(len(fields), 2)
            for field in fields:
                with self.assertRaises(AccessError, msg=field):
                    records.read([field.name])
                if field.store:
                    with self.assertRaises(AccessError, msg=field):
                        records.search([(field.name, "!=", False)])

    def test_moving_the_stage_is_recorded(self):
        self._tick()
        self.stage_second.default_probability = 30
        self.lead.stage_id = self.stage_second
        self.assertEqual(self.opportunity.probability, 30)
        move = self.opportunity.stage_move_ids[0]
        self.assertEqual(move.to_stage_id, self.stage_second)
        self.assertEqual(move.user_id, self.reseller)
        self.lead.sudo().write({"stage_id": self.stage_first.id})
        self.assertEqual(len(self.opportunity.stage_move_ids), 3)

    def test_the_checklist_holds(self):
        for lead in (self.lead, self.lead.sudo()):
            with self.assertRefused(ValidationError, "Ten desks: Budget"):
                lead.stage_id = self.stage_second

    def test_winning_losing_and_reopening_write_the_outcome(self):
        self._tick()
        self.lead.with_context(tracking_disable=False).stage_id = self.stage_won
        self.flush_tracking()
        self.assertEqual(self.opportunity.actual_revenue, 1000.0)
        self.assertTrue(self.opportunity.actual_close_date)
        self.lead.stage_id = self.stage_second
        self.assertFalse(self.opportunity.actual_revenue)
        self.lead.action_set_lost()
        self.assertTrue(self.opportunity.actual_close_date)
        self.lead.sudo().stage_id = self.stage_won
        self.assertEqual(
            self.opportunity.stage_move_ids.sorted("id").mapped("kind"),
            ["created", "won", "restored", "lost", "won"],
        )

    def test_the_guards_of_the_salespeople_hold(self):
        self._tick()
        self._set_parameter("closed_edit", "managers")
        self._set_parameter("duplicate_guard", "block")
        self.opportunity.partner_id = self.contact_1
        self._set_parameter("require_won_reason", "True")
        with self.assertRefused(ValidationError, "Won Reason"):
            self.lead.stage_id = self.stage_won
        self.lead.write({"stage_id": self.stage_second.id, "priority": "2"})
        self.assertEqual(self.opportunity.stage_id, self.stage_second)

from lxml import etree

from odoo.tests import tagged, users
from odoo.tools.safe_eval import safe_eval

from .common import OpportunityCommon

READY_FILTERS = (
    "my_team",
    "next_action_overdue",
    "next_action_today",
    "next_action_week",
    "next_action_none",
    "closing_this_month",
    "closing_passed",
    "over_target",
    "high_value",
    "in_forecast",
    "not_in_forecast",
)


@tagged("post_install", "-at_install")
class TestViews(OpportunityCommon):
    def _get_arch(self, view_type, xmlid=None, model="crm.lead"):
        view = xmlid and self.env.ref(xmlid).id
        arch = self.env[model].get_views([(view, view_type)])["views"][view_type][
            "arch"
        ]
        return etree.fromstring(arch)

    @users("user_sales_salesman")
    def test_every_ready_filter_and_grouping_runs(self):
        search = self._get_arch("search", "crm.view_crm_case_opportunities_filter")
        names = {node.get("name") for node in search.iter("filter")}
        self.assertLessEqual(set(READY_FILTERS), names)
        Lead = self.env["crm.lead"].with_context(active_test=False)
        for node in search.iter("filter"):
            if domain := node.get("domain"):
                domain = self._evaluate(domain)
                Lead.search(domain, limit=1)
            if "group_by" in (node.get("context") or ""):
                spec = self._evaluate(node.get("context"))["group_by"]
                if spec != "lead_properties":
                    if Lead._fields[spec.split(":")[0]].type in ("date", "datetime"):
                        spec = f"{spec.split(':')[0]}:month"
                    Lead.formatted_read_group([], [spec], ["__count"])

    def _evaluate(self, expression):
        return safe_eval(expression, {"uid": self.env.uid})

    @users("user_sales_salesman")
    def test_nothing_of_odoo_is_hidden(self):
        form = self._get_arch("form", "crm.crm_lead_view_form")
        pages = [page.get("name") for page in form.iter("page")]
        for name in ("internal_notes", "lead", "general", "details", "sales_history"):
            self.assertIn(name, pages)
        for button in ("action_set_won_rainbowman", "action_restore"):
            self.assertTrue(form.xpath(f"//header/button[@name='{button}']"))
        self.assertEqual(len(form.xpath("//sheet/notebook")), 2)

    @users("user_sales_salesman")
    def test_all_screens_load_for_a_salesperson(self):
        for model, types in (
            ("crm.lead", ("form", "list", "kanban", "search", "pivot", "graph")),
            ("opportunity.stage.move", ("list", "kanban", "pivot", "graph", "search")),
            ("opportunity.party", ("list", "form", "kanban")),
            ("opportunity.folder", ("list", "search")),
            ("opportunity.objection", ("list", "search")),
            ("opportunity.won.reason", ("list", "search")),
            ("opportunity.party.role", ("list", "search")),
            ("opportunity.checklist.item", ("list", "search")),
            ("opportunity.checklist.tick", ("list",)),
            ("opportunity.mark.won", ("form",)),
            ("opportunity.folder.move", ("form",)),
            ("crm.lead.lost", ("form",)),
        ):
            for view_type in types:
                arch = self._get_arch(view_type, model=model)
                self.assertEqual(arch.tag, view_type)

    @users("user_sales_manager")
    def test_all_screens_of_custom_fields_load_for_a_manager(self):
        for part in ("tab", "group", "field", "option"):
            for view_type in ("form", "list", "search"):
                arch = self._get_arch(view_type, model=f"opportunity.custom.{part}")
                self.assertEqual(arch.tag, view_type)

    @users("user_sales_manager")
    def test_the_settings_are_kept(self):
        values = {
            "opportunity_require_won_reason": True,
            "opportunity_require_lost_reason": True,
            "opportunity_closed_edit": "managers",
            "opportunity_duplicate_guard": "block",
            "opportunity_high_value": 2500.0,
        }
        self.env["res.config.settings"].sudo().create(values).execute()
        read = self.env["res.config.settings"].sudo().default_get(list(values))
        self.assertEqual({name: read[name] for name in values}, values)

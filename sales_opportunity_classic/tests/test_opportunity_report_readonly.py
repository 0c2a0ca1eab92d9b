import json
from urllib.parse import quote

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .report_common import NOW, ReportCommon

REPORTS = ("ageing", "billing", "forecast", "mrr", "outcome", "salesperson", "stage")
PRINT = "/report/pdf/sales_opportunity_classic.opportunity_report_print"


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestOpportunityReportReadonly(ReportCommon, HttpCase):
    """Reports run where nothing can be written: a request that wrote would be made a
    second time with a cursor that may, which Odoo warns of."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        plan = cls.env["opportunity.subscription.plan"].create({"name": "Club"})
        product = cls.env["product.product"].create(
            {"name": "Support", "type": "service", "list_price": 30}
        )
        line = {"product_id": product.id, "opportunity_plan_id": plan.id}
        order = cls.env["sale.order"].create(
            {
                "partner_id": cls.seller.partner_id.id,
                "user_id": cls.seller.id,
                "order_line": [Command.create(line)],
            }
        )
        order.action_confirm()

    def setUp(self):
        super().setUp()
        self.authenticate(self.seller.login, self.seller.login)

    def _call(self, model, method, *args, **kwargs):
        self.assertTrue(getattr(self.env.registry[model], method)._readonly, method)
        with self.assertNoLogs("odoo.http", "WARNING"):
            return self.make_jsonrpc_request(
                f"/web/dataset/call_kw/{model}/{method}",
                {"model": model, "method": method, "args": args, "kwargs": kwargs},
                timeout=60,
            )

    def test_each_report_as_the_views_read_it(self):
        for name in REPORTS:
            model = f"opportunity.report.{name}"
            report = self.env[model]
            figures = [report._get_aggregate(name) for name in report._printed_figures]
            views = [[False, kind] for kind in ("search", "list", "pivot", "graph")]
            self._call(model, "get_views", views=views)
            self._call(
                model,
                "formatted_read_grouping_sets",
                domain=[],
                grouping_sets=[list(report._printed_groups[0]), []],
                aggregates=figures,
            )
            self._call(
                model,
                "web_read_group",
                domain=[],
                groupby=["user_id"],
                aggregates=figures,
            )
            found = self._call(
                model,
                "web_search_read",
                domain=[],
                specification={"lead_id": {"fields": {"display_name": {}}}},
            )
            self.assertTrue(found["records"], model)

    def test_the_dashboard(self):
        for period in ("month", "quarter", "year"):
            model = "opportunity.report.dashboard"
            dashboard = self._call(model, "get_dashboard", period=period)
            self.assertTrue(dashboard["tiles"])

    def test_what_is_printed(self):
        for name in (*REPORTS, "dashboard"):
            options = quote(json.dumps({"model": f"opportunity.report.{name}"}))
            with self.assertNoLogs("odoo.http", "WARNING"):
                response = self.url_open(f"{PRINT}?options={options}", timeout=60)
            self.assertEqual(response.status_code, 200)
            self.assertIn("Amounts are in USD", response.text)

from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .letter_common import read_pages
from .report_common import NOW, ReportCommon

REPORT = "sales_opportunity_classic.opportunity_report_print"
REPORTS = ("ageing", "forecast", "outcome", "salesperson", "stage")


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestOpportunityReportPrint(ReportCommon):
    def _prepare(self, user, model, **options):
        report = self.env[f"opportunity.report.{model}"].with_user(user)
        return report._prepare_print(options)

    def _print(self, user, model, **options):
        """Return the text of the PDF file, as the client asks for it."""
        reports = self.env["ir.actions.report"].with_user(user)
        pdf, kind = reports.with_context(force_report_rendering=True)._render_qweb_pdf(
            REPORT, data={"model": f"opportunity.report.{model}", **options}
        )
        self.assertEqual(kind, "pdf")
        return " ".join(read_pages(pdf))

    def test_the_figures_are_those_of_the_report(self):
        for user in (self.user_sales_manager, self.seller):
            for name in REPORTS:
                report = self.env[f"opportunity.report.{name}"].with_user(user)
                for groupby, table in zip(
                    report._printed_groups,
                    report._prepare_print({})["tables"],
                    strict=True,
                ):
                    self._assert_same(report, groupby, table)

    def _assert_same(self, report, groupby, table):
        """Compare a table with what the pivot reads, level by level."""
        names = report._printed_figures
        specs = [report._get_aggregate(name) for name in names]
        for level in range(len(groupby)):
            groups = report.formatted_read_group([], groupby[: level + 1], specs)
            rows = [row for row in table["rows"] if row["level"] == level]
            self.assertCountEqual(
                [row["values"] for row in rows],
                [
                    [
                        report._format_figure(name, group[spec])
                        for name, spec in zip(names, specs, strict=True)
                    ]
                    for group in groups
                ],
            )
        [total] = report.formatted_read_group([], [], specs)
        self.assertEqual(
            table["total"],
            [
                report._format_figure(name, total[spec])
                for name, spec in zip(names, specs, strict=True)
            ],
        )

    def test_a_table_as_the_view_shows_it(self):
        document = self._prepare(
            self.user_sales_manager,
            "outcome",
            title="Won and Lost",
            filters=["Won"],
            domain=[["won_status", "=", "won"]],
            groupby=["user_id", "won_status"],
            measures=["won_revenue", "win_rate", "__count"],
        )
        [table] = document["tables"]
        self.assertEqual(table["title"], "Salesperson / Won/Lost")
        self.assertEqual(table["columns"], ["Won Revenue", "Win Rate", "Count"])
        self.assertEqual(
            {
                row["label"]: row["values"][0]
                for row in table["rows"]
                if row["level"] == 0
            },
            {self.seller.name: "$\N{NBSP}1,100.00", self.other.name: "$\N{NBSP}133.20"},
        )
        self.assertEqual(
            [row["label"] for row in table["rows"] if row["level"] == 1], ["Won"] * 2
        )
        self.assertEqual(table["total"], ["$\N{NBSP}1,233.20", "100.00%", "2"])
        self.assertIn("USD", document["note"])

    def test_dates_nothing_and_shares_as_words(self):
        [table] = self._prepare(
            self.user_sales_manager,
            "outcome",
            groupby=["date_closed:month", "lost_reason_id"],
            measures=["lost_revenue"],
        )["tables"]
        self.assertEqual(
            [row["label"] for row in table["rows"]], ["January 2026", "None"]
        )

    def test_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.seller.lang = "de_DE"
        report = self.env["opportunity.report.outcome"]
        report = report.with_user(self.seller).with_context(lang="de_DE")
        [table] = report._prepare_print(
            {"groupby": ["date_closed:month"], "measures": ["won_revenue"]}
        )["tables"]
        [row] = table["rows"]
        self.assertEqual(row["label"], "Januar 2026")
        self.assertIn("1.100,00", row["values"][0])

    def test_everybody_prints_their_own(self):
        [table] = self._prepare(
            self.seller, "outcome", groupby=["user_id"], measures=["won_revenue"]
        )["tables"]
        self.assertEqual([row["label"] for row in table["rows"]], [self.seller.name])
        employee = new_test_user(self.env, "no_sales", groups="base.group_user")
        with self.assertRefused(AccessError):
            self._prepare(employee, "outcome")

    def test_the_pdf_of_each_report(self):
        for name in REPORTS:
            text = self._print(self.user_sales_manager, name, title=f"Of {name}")
            self.assertIn(f"Of {name}", text)
            self.assertIn("Total", text)
            self.assertIn("Amounts are in USD", text)

    def test_the_pdf_of_the_dashboard(self):
        text = self._print(
            self.user_sales_manager,
            "dashboard",
            title="Sales Dashboard",
            period="year",
            filters=["This Year"],
        )
        for part in ("This Year", "$ 1,233.20", "66.67%", "Engaging", "Abroad", "Slow"):
            self.assertIn(part, text)

    def test_the_dashboard_prints_what_it_shows(self):
        manager = self.user_sales_manager
        dashboard = self.env["opportunity.report.dashboard"].with_user(manager)
        shown = dashboard.get_dashboard("year")
        tiles, funnel, forecast, top, stuck = self._prepare(
            manager, "dashboard", period="year"
        )["tables"]
        self.assertEqual(
            [row["label"] for row in tiles["rows"]],
            [tile["label"] for tile in shown["tiles"]],
        )
        self.assertEqual(
            tiles["rows"][0]["values"], ["$\N{NBSP}1,233.20", "$\N{NBSP}0.00"]
        )
        self.assertEqual(funnel["total"], ["2", "$\N{NBSP}333.32"])
        self.assertEqual(len(forecast["rows"]), len(shown["forecast"]))
        for table, name in ((top, "top"), (stuck, "stuck")):
            self.assertEqual(
                [row["label"] for row in table["rows"]],
                [row["name"] for row in shown[name]],
            )

    def test_nonsense_is_refused(self):
        reports = self.env["ir.actions.report"].with_user(self.seller)
        for options in (
            {},
            {"model": "res.users"},
            {"model": ["res.users"]},
            {"model": "opportunity.report.print.mixin"},
            {"model": "opportunity.report.outcome", "domain": [["nothing", "=", 1]]},
            {"model": "opportunity.report.outcome", "groupby": ["nothing"]},
            {"model": "opportunity.report.outcome", "measures": ["lead_id"]},
        ):
            with self.assertRefused(UserError):
                reports._render_qweb_html(REPORT, None, data=options)

    def test_a_made_up_heading_is_words(self):
        for filters, count in ((10**9, 0), ("abc", 0), ([1, {"<b>": 2}], 2)):
            document = self._prepare(
                self.seller, "outcome", groupby=["user_id"], title=7, filters=filters
            )
            self.assertEqual(document["title"], "7")
            self.assertEqual(len(document["filters"]), count)
            self.assertTrue(all(type(word) is str for word in document["filters"]))

    def test_too_much_is_refused(self):
        path = "odoo.addons.sales_opportunity_classic.reports"
        with (
            patch(f"{path}.opportunity_report_print_mixin.MOST_ROWS", 1),
            self.assertRefused(UserError),
        ):
            self._prepare(self.user_sales_manager, "outcome", groupby=["lead_id"])

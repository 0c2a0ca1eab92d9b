from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged

from .report_common import NOW, ReportCommon

REPORTS = tuple(
    f"opportunity.report.{name}"
    for name in ("ageing", "forecast", "outcome", "salesperson", "stage")
)
FIGURES = (*REPORTS, "opportunity.forecast.snapshot", "opportunity.quota")


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestOpportunityReportAccess(ReportCommon):
    """Who reads what of the reports, asked as a client asks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["opportunity.forecast.snapshot"]._cron_take_snapshot()
        cls.env["opportunity.quota"].create(
            [
                {"user_id": user.id, "date_from": "2026-03-01", "amount": 500}
                for user in cls.seller + cls.other
            ]
        )
        cls.env.flush_all()
        cls.env.invalidate_all()

    def _call(self, user, model, method, *args, context=None, **kwargs):
        kwargs["context"] = {"tz": "UTC", **(context or {})}
        return call_kw(self.env(user=user)[model], method, args, kwargs)

    def _get_specs(self, model):
        """Return how each field is grouped, and all figures."""
        groups, figures = [], ["__count"]
        for name, field in self.env[model]._fields.items():
            is_list = field.type == "many2many"
            if name == "id" or not (field.store and (field.column_type or is_list)):
                continue
            is_date = field.type in ("date", "datetime")
            groups.append(f"{name}:month" if is_date else name)
            if field.aggregator:
                figures.append(f"{name}:{field.aggregator}")
        return groups, figures

    def _read_leads_of(self, user, model):
        groups = self._call(
            user,
            model,
            "formatted_read_group",
            [],
            groupby=["lead_id"],
            aggregates=["__count"],
        )
        return {group["lead_id"][0] for group in groups if group["lead_id"]}

    # === TESTS === #

    def test_others_read_nothing(self):
        groups = {
            "no_sales": "base.group_user",
            "customer": "base.group_portal",
            "visitor": "base.group_public",
        }
        for login, group in groups.items():
            user = new_test_user(self.env, login, groups=group)
            for model in FIGURES:
                for method, args in (
                    ("search_read", [[], ["id"]]),
                    ("search_count", [[]]),
                    ("read", [[self.quick.id * 8]]),
                    ("web_search_read", [[], {"display_name": {}}]),
                    ("formatted_read_group", [[], [], ["__count"]]),
                    ("formatted_read_grouping_sets", [[], [[]], ["__count"]]),
                    ("web_read_group", [[], ["user_id"]]),
                ):
                    with self.assertRefused(AccessError):
                        self._call(user, model, method, *args)
            with self.assertRefused(AccessError):
                self._call(user, "opportunity.report.dashboard", "get_dashboard")

    def test_a_reader_of_one_opportunity_sees_its_figures_alone(self):
        self.env["opportunity.share"].with_user(self.user_sales_manager).create(
            {"lead_id": self.lost.id, "user_id": self.seller.id, "access": "read"}
        )
        own = self.quick + self.slow + self.archived + self.prospect + self.lost
        for model in REPORTS:
            leads = self._read_leads_of(self.seller, model)
            self.assertTrue(leads)
            self.assertLessEqual(leads, set(own.ids), model)
        self.assertIn(self.lost.id, leads)

    def test_every_field_groups_and_adds_up(self):
        for user in (self.user_sales_manager, self.seller):
            for model in FIGURES:
                groups, figures = self._get_specs(model)
                total = self._call(user, model, "search_count", [])
                for group in groups:
                    found = self._call(
                        user,
                        model,
                        "formatted_read_group",
                        [],
                        groupby=[group],
                        aggregates=figures,
                    )
                    count = sum(row["__count"] for row in found)
                    if self.env[model]._fields[group.split(":")[0]].type != "many2many":
                        self.assertEqual(count, total, f"{model} {group}")

    def test_the_context_of_a_client_changes_no_rights(self):
        for model in REPORTS:
            rows = self._call(self.seller, model, "search", [])
            for context in (
                {"tz": "UTC'; DROP TABLE crm_lead; --"},
                {"active_test": False, "bypass_access": True},
                {"opportunity_search_hint": "everything"},
                {"opportunity_access": "read"},
                {"uid": self.user_sales_manager.id, "su": True},
            ):
                again = self._call(self.seller, model, "search", [], context=context)
                self.assertCountEqual(again, rows, context)
            with self.assertRefused(AccessError):
                context = {"allowed_company_ids": self.elsewhere.ids}
                self._call(self.seller, model, "search", [], context=context)

    def test_quotas_of_colleagues_are_not_added_up(self):
        for user, quota in ((self.seller, 500), (self.user_sales_manager, 1000)):
            for model, figure in (
                ("opportunity.report.salesperson", "quota:sum"),
                ("opportunity.quota", "amount:sum"),
            ):
                domain = [("user_id", "in", (self.seller + self.other).ids)]
                [total] = self._call(
                    user, model, "formatted_read_group", domain, aggregates=[figure]
                )
                self.assertEqual(total[figure], quota)

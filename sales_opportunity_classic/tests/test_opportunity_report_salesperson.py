from collections import defaultdict
from datetime import datetime

from freezegun import freeze_time

from odoo.tests import tagged

from .report_common import NOW, ReportCommon

MODEL = "opportunity.report.salesperson"
SUMS = (
    "created_count",
    "won_count",
    "lost_count",
    "open_count",
    "done_count",
    "overdue_count",
    "won_revenue",
    "lost_revenue",
    "open_revenue",
    "weighted_revenue",
    "quota",
)


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestOpportunityReportSalesperson(ReportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._write_messages()
        cls._schedule_activities()
        cls.env["opportunity.quota"].create(
            [
                {
                    "user_id": cls.seller.id,
                    "period": "quarter",
                    "date_from": "2026-01-01",
                    "amount": 3000,
                },
                {
                    "user_id": cls.other.id,
                    "company_id": cls.elsewhere.id,
                    "date_from": "2026-02-01",
                    "amount": 50,
                },
            ]
        )
        cls.env.cr.execute(
            "UPDATE crm_lead SET probability = 40 WHERE won_status = 'pending'"
        )
        cls.env.invalidate_all()

    @classmethod
    def _write_messages(cls):
        """The first answer to Quick takes 26 hours, that to Lost 2."""
        activity = cls.env.ref("mail.mail_activity_data_call").id
        comment = {"message_type": "comment", "model": "crm.lead"}
        cls.env["mail.message"].search([("model", "=", "crm.lead")]).unlink()
        cls.env["mail.message"].create(
            [
                {**comment, "res_id": lead.id, "author_id": author.id, "date": date}
                | values
                for lead, author, date, values in (
                    (cls.quick, cls.contact_1, "2026-01-05 09:00:00", {}),
                    (cls.quick, cls.seller.partner_id, "2026-01-06 10:00:00", {}),
                    (cls.quick, cls.seller.partner_id, "2026-01-06 11:00:00", {}),
                    (
                        cls.quick,
                        cls.seller.partner_id,
                        "2026-01-05 08:30:00",
                        {"is_internal": True},
                    ),
                    (
                        cls.lost,
                        cls.seller.partner_id,
                        "2025-12-01 10:00:00",
                        {
                            "message_type": "notification",
                            "mail_activity_type_id": activity,
                        },
                    ),
                )
            ]
        )

    @classmethod
    def _schedule_activities(cls):
        slow = cls.slow.with_user(cls.user_sales_manager)
        for date in ("2026-03-01", "2026-03-02"):
            slow.activity_schedule(
                "mail.mail_activity_data_call",
                date_deadline=date,
                user_id=cls.seller.id,
            )

    # === THE SAME FIGURES APART === #

    def _work_out(self, user):
        """Return {salesperson id: {figure: its values}} from the raw rows."""
        figures = defaultdict(lambda: defaultdict(list))
        leads = self._read_leads(user)
        for lead in leads.values():
            own = figures[lead["user_id"]]
            if lead["type"] == "opportunity":
                own["created_count"].append(1)
                self._work_out_revenue(own, lead)
        self._work_out_work(figures, leads)
        self._work_out_quotas(figures, user)
        return figures

    def _work_out_revenue(self, own, lead):
        expected = self._exchange(lead["expected_revenue"], lead)
        if lead["won_status"] == "won":
            own["won_count"].append(1)
            own["won_revenue"].append(self._exchange(lead["actual_revenue"], lead))
            days = lead["actual_close_date"] - lead["create_date"].date()
            own["days_to_close"].append(days.days)
        elif lead["won_status"] == "lost":
            own["lost_count"].append(1)
            own["lost_revenue"].append(expected)
        elif lead["active"]:
            own["open_count"].append(1)
            own["open_revenue"].append(expected)
            weighted = float(lead["expected_revenue"]) * 0.4
            own["weighted_revenue"].append(self._exchange(weighted, lead))

    def _work_out_work(self, figures, leads):
        for move in self._read_rows(
            "SELECT * FROM opportunity_stage_move WHERE lead_id = ANY(%s)", list(leads)
        ):
            figures[move["user_id"]]["worked"].append(move["lead_id"])
        users = {user.partner_id.id: user.id for user in self.seller + self.other}
        answers = defaultdict(list)
        for message in self._read_rows(
            "SELECT * FROM mail_message WHERE model = 'crm.lead' AND res_id = ANY(%s)",
            list(leads),
        ):
            author = users.get(message["author_id"])
            if not author:
                continue
            figures[author]["worked"].append(message["res_id"])
            if message["mail_activity_type_id"]:
                figures[author]["done_count"].append(1)
            if not message["is_internal"]:
                answers[message["res_id"]].append(message["date"])
        for lead_id, dates in answers.items():
            wait = min(dates) - leads[lead_id]["create_date"]
            hours = wait.total_seconds() / 3600
            figures[leads[lead_id]["user_id"]]["response_hours"].append(hours)
        if self.slow.id in leads:
            figures[self.seller.id]["overdue_count"].append(1)

    def _work_out_quotas(self, figures, user):
        figures[self.seller.id]["quota"] = [1000.0] * 3
        if user != self.seller:
            figures[self.other.id]["quota"] = [200.0]

    def _assert_figures(self, user):
        sums = [f"{name}:sum" for name in SUMS]
        ratios = [
            f"{name}:ratio" for name in ("win_rate", "win_rate_revenue", "attainment")
        ]
        means = ["average_revenue:avg", "days_to_close:avg", "response_hours:avg"]
        medians = ["days_to_close_median:median", "response_hours_median:median"]
        names = ["worked_count:count_distinct", *sums, *ratios, *means, *medians]
        figures = self._get_figures(user, MODEL, "user_id", *names)
        expected = self._work_out(user)
        for owner in self.seller + self.other:
            if owner not in figures:
                self.assertFalse(any(expected[owner.id].values()))
                continue
            values = dict(zip(names, figures[owner], strict=True))
            own = expected[owner.id]
            for name in SUMS:
                value = values[f"{name}:sum"]
                self.assertAlmostEqual(value or 0, sum(own[name]), 6, name)
            worked = values["worked_count:count_distinct"]
            self.assertEqual(worked, len(set(own["worked"])))
            self._assert_rates(values, own)

    def _assert_rates(self, values, own):
        won, lost = len(own["won_count"]), len(own["lost_count"])
        revenue, missed = sum(own["won_revenue"]), sum(own["lost_revenue"])
        for name, value, of in (
            ("win_rate:ratio", won, won + lost),
            ("win_rate_revenue:ratio", revenue, revenue + missed),
            ("attainment:ratio", revenue, sum(own["quota"])),
            ("average_revenue:avg", revenue, won),
        ):
            if of:
                self.assertAlmostEqual(values[name] or 0, value / of, 6, name)
            else:
                self.assertFalse(values[name], name)
        for name in ("days_to_close", "response_hours"):
            if own[name]:
                mean = sum(own[name]) / len(own[name])
                self.assertAlmostEqual(values[f"{name}:avg"], mean, 6)
                median = self._percentile(own[name], 5)
                self.assertAlmostEqual(values[f"{name}_median:median"], median, 6)

    # === TESTS === #

    def test_figures_of_a_manager(self):
        self._assert_figures(self.user_sales_manager)

    def test_figures_of_salespeople(self):
        self._assert_figures(self.seller)
        self._assert_figures(self.other)

    def test_a_salesperson_sees_facts_of_their_own(self):
        facts = self.env[MODEL].with_user(self.seller).search([])
        own = self.quick + self.slow + self.archived + self.prospect
        self.assertEqual(facts.lead_id, own)
        quotas = facts.filtered(lambda fact: not fact.lead_id)
        self.assertEqual(quotas.user_id, self.seller)
        self.assertTrue(quotas.has_access("read"))
        users = self.seller + self.other
        all_quotas = self.env[MODEL].search(
            [("event", "=", "quota"), ("user_id", "in", users.ids)]
        )
        self.assertEqual(len(all_quotas), 4)
        self.assertFalse(all_quotas.with_user(self.seller).has_access("read"))

    def test_a_quota_opens_no_opportunity(self):
        facts = self.env[MODEL].with_user(self.seller)
        self.assertFalse(facts.search([("event", "=", "quota")])[0].action_open_lead())
        self.assertTrue(facts.search([("event", "=", "open")])[0].action_open_lead())

    def test_the_parts_of_a_quota_add_up_to_it(self):
        self.env["opportunity.quota"].create(
            {
                "user_id": self.seller.id,
                "period": "quarter",
                "date_from": "2026-07-01",
                "amount": 100,
            }
        )
        domain = [("date", ">=", "2026-07-01")]
        [[quota]] = self.env[MODEL]._read_group(domain, aggregates=["quota:sum"])
        self.assertAlmostEqual(quota, 100, 6)

    def test_what_odoo_writes_itself_is_no_answer(self):
        self.env["mail.message"].create(
            {
                "message_type": "email_outgoing",
                "model": "crm.lead",
                "res_id": self.quick.id,
                "author_id": self.env.ref("base.partner_root").id,
                "date": "2026-01-05 08:00:10",
            }
        )
        domain = [("lead_id", "=", self.quick.id), ("event", "=", "answered")]
        [fact] = self.env[MODEL].with_user(self.seller).search(domain)
        self.assertEqual(fact.response_hours, 26)

    def test_a_quota_counts_in_each_of_its_months(self):
        figures = self._get_figures(
            self.seller,
            MODEL,
            "date:month",
            "quota:sum",
            "attainment:ratio",
            domain=[("user_id", "=", self.seller.id)],
        )
        january, february = datetime(2026, 1, 1).date(), datetime(2026, 2, 1).date()
        self.assertEqual(figures[january], (1000, 1.1))
        self.assertEqual(figures[february][0], 1000)

    def test_reading_writes_nothing(self):
        self.env.flush_all()
        with self.cr.savepoint():
            self.cr.execute("SET TRANSACTION READ ONLY")
            self._assert_figures(self.seller)

import json
from datetime import timedelta
from random import Random

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .report_common import NOW, ReportCommon
from .report_figures import PlainReports, find_differences

OPPORTUNITIES = 10_000
# {report: how its figures are grouped}
GROUPS = {
    "ageing": ("age", "next_action", "stage_id", "user_id"),
    "forecast": ("date:month", "date_believed:month", "user_id", "kind"),
    "outcome": (
        "user_id",
        "date_closed:month",
        "won_reason_id",
        "lost_reason_id",
        "objection_ids",
        "competitor_ids",
        "awarded_to_id",
        "product_ids",
        "source_id",
    ),
    "salesperson": ("user_id", "team_id", "date:month", "event"),
    "stage": ("stage_id", "user_id", "outcome", "team_id"),
}


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestOpportunityReportFigures(ReportCommon):
    """10,000 made-up opportunities of two companies: every figure of every report is
    the one worked out in plain Python."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.random = Random(9)
        cls.user_sales_manager.tz = "Asia/Kolkata"
        cls.seller.tz = "America/New_York"
        cls.stages = cls.stage_first + cls.stage_second + cls.stage_won
        cls.stage_second.target_days = 20
        cls._create_dimensions()
        first = cls._get_next_id("crm_lead")
        cls.rows = [cls._invent(first + number) for number in range(OPPORTUNITIES)]
        cls._insert("crm_lead", [row for row, __ in cls.rows])
        cls._insert(
            "opportunity_stage_move", [move for __, moves in cls.rows for move in moves]
        )
        cls._insert_facts([row for row, __ in cls.rows])
        cls.env.invalidate_all()

    @classmethod
    def _create_dimensions(cls):
        cls.won_reasons = cls.won_reason
        cls.lost_reasons = cls.env["crm.lost.reason"].create(
            [{"name": name} for name in ("Dear", "Late")]
        )
        cls.objections = cls.env["opportunity.objection"].create(
            [{"name": name} for name in ("Too red", "Too blue", "Too green")]
        )
        cls.rivals = cls.env["res.partner"].create(
            [{"name": name} for name in ("Rival", "Giant")]
        )
        cls.products = cls.env["product.product"].create(
            [{"name": name} for name in ("Desk", "Chair")]
        )
        cls.sources = cls.env["utm.source"].create(
            [{"name": name} for name in ("Fair", "Call")]
        )
        cls.env["opportunity.quota"].create(
            [
                {
                    "user_id": user.id,
                    "company_id": company.id,
                    "period": period,
                    "date_from": date,
                    "amount": amount,
                }
                for user, company, period, date, amount in (
                    (cls.seller, cls.company, "year", "2025-01-01", 1_000_000),
                    (cls.seller, cls.company, "month", "2026-01-01", 77_777.77),
                    (cls.other, cls.elsewhere, "quarter", "2026-01-01", 100_000),
                )
            ]
        )
        # who sells in both companies
        users = cls.seller + cls.other
        users.write({"company_ids": [Command.link(cls.elsewhere.id)]})

    # === WHAT HAPPENED === #

    @classmethod
    def _pick(cls, choices, chance=1.0):
        """Return the id of one of some records, or None."""
        return cls.random.choice(choices.ids) if cls.random.random() < chance else None

    @classmethod
    def _amount(cls, chance=1.0):
        return round(cls.random.random() * 50_000, 2) * (cls.random.random() < chance)

    @classmethod
    def _invent(cls, lead_id):
        """Return the row of an opportunity, and those of its movements."""
        draw = cls.random
        created = NOW - timedelta(seconds=draw.randrange(500 * 86400))
        row = {
            "id": lead_id,
            "name": f"Deal {lead_id}",
            "type": "lead" if draw.random() < 0.03 else "opportunity",
            "create_date": created,
            "user_id": cls._pick(cls.seller + cls.other + cls.user_sales_manager, 0.95),
            "team_id": cls._pick(cls.sales_team_1, 0.7),
            "company_id": cls._pick(cls.company + cls.elsewhere, 0.9),
            "source_id": cls._pick(cls.sources, 0.6),
            "won_reason_id": cls._pick(cls.won_reasons, 0.5),
            "lost_reason_id": cls._pick(cls.lost_reasons, 0.5),
            "awarded_to_id": cls._pick(cls.rivals, 0.3),
            "expected_revenue": cls._amount(),
            "revenue_low": cls._amount(0.4),
            "revenue_high": cls._amount(0.4),
            "actual_revenue": cls._amount(0.9),
            "awarded_revenue": cls._amount(0.3),
            "recurring_revenue_monthly": cls._amount(0.2),
            "probability": round(draw.random() * 100, 2),
            "include_in_forecast": draw.choice((True, True, False, None)),
            "date_deadline": NOW.date() + timedelta(draw.randrange(-60, 300)),
            "next_action_date": draw.choice(
                (None, NOW.date(), NOW.date() + timedelta(draw.randrange(-40, 40)))
            ),
        }
        return row, cls._move(row)

    @classmethod
    def _move(cls, row):
        """Return the movements of an opportunity, and note in its row where it is."""
        draw, date, kind = cls.random, row["create_date"], "created"
        stage, status, closed, moves = cls.stage_first, "pending", None, []
        for __ in range(draw.randrange(1, 7)):
            moves.append(cls._get_move(row, date, kind, stage))
            date += timedelta(seconds=draw.randrange(1, 60 * 86400))
            if date > NOW:
                break
            kind, status, stage = cls._choose_next(status, stage)
            if kind in ("won", "lost"):
                closed = date
        else:
            moves.append(cls._get_move(row, date, kind, stage))
        status = cls._get_status(moves)
        closed = closed if status != "pending" else None
        day = closed and closed.date() - timedelta(draw.choice((0, 0, 0, 3)))
        row |= {
            "stage_id": moves[-1]["to_stage_id"],
            "won_status": status,
            "active": status != "lost" and draw.random() < 0.95,
            "date_closed": closed,
            "actual_close_date": day if draw.random() < 0.9 else None,
        }
        return moves

    @classmethod
    def _choose_next(cls, status, stage):
        """Return what happens next: its kind, the status and the stage then."""
        draw, still_open = cls.random.random(), cls.stages[:2]
        if status == "lost" and draw < 0.6:
            return "restored", "pending", stage
        if status == "lost":
            return "moved", "lost", cls.random.choice(still_open)
        if status == "pending" and draw < 0.2:
            return "won", "won", cls.stage_won
        if status == "pending" and draw < 0.4:
            return "lost", "lost", stage
        return "moved", "pending", cls.random.choice(still_open)

    @classmethod
    def _get_status(cls, moves):
        for move in reversed(moves):
            if move["kind"] == "lost":
                return "lost"
            if move["kind"] != "moved":
                break
        return "won" if moves[-1]["kind"] == "won" else "pending"

    @classmethod
    def _get_move(cls, row, date, kind, stage):
        return {
            "lead_id": row["id"],
            "date": date,
            "kind": kind,
            "to_stage_id": stage.id,
            "user_id": cls._pick(cls.seller + cls.other, 0.95),
            "owner_id": cls._pick(cls.seller + cls.other, 0.95),
            "team_id": row["team_id"],
            "expected_revenue": cls._amount(),
            "origin": "merged" if cls.random.random() < 0.02 else None,
        }

    @classmethod
    def _insert_facts(cls, leads):
        """Write what stands beside the opportunities."""
        tables = {
            "crm_lead_opportunity_objection_rel": cls._get_objections,
            "crm_lead_competitor_rel": cls._get_competitors,
            "opportunity_line": cls._get_lines,
            "mail_message": cls._get_messages,
            "mail_activity": cls._get_activities,
            "opportunity_forecast_snapshot": cls._get_snapshots,
        }
        for table, make in tables.items():
            cls._insert(table, [row for lead in leads for row in make(lead)])

    @classmethod
    def _get_objections(cls, lead):
        return [
            {"crm_lead_id": lead["id"], "opportunity_objection_id": objection.id}
            for objection in cls.objections
            if cls.random.random() < 0.2
        ]

    @classmethod
    def _get_competitors(cls, lead):
        return [
            {"lead_id": lead["id"], "partner_id": rival.id}
            for rival in cls.rivals
            if cls.random.random() < 0.2
        ]

    @classmethod
    def _get_lines(cls, lead):
        return [
            {
                "lead_id": lead["id"],
                "product_id": cls._pick(cls.products),
                "name": "Line",
                "quantity": 1,
                "is_optional": cls.random.choice((True, False, None)),
            }
            for __ in range(cls.random.choice((0, 0, 1, 3)))
        ]

    @classmethod
    def _get_messages(cls, lead):
        draw = cls.random
        people = (cls.seller + cls.other).partner_id + cls.contact_1
        call = cls.env.ref("mail.mail_activity_data_call")
        return [
            {
                "model": "crm.lead",
                "res_id": lead["id"],
                "message_type": draw.choice(("comment", "notification", "email")),
                "is_internal": draw.choice((True, False, None)),
                "author_id": cls._pick(people),
                "mail_activity_type_id": cls._pick(call, 0.2),
                "date": lead["create_date"]
                + timedelta(seconds=draw.randrange(-9999, 999_999)),
            }
            for __ in range(draw.randrange(4))
        ]

    @classmethod
    def _get_activities(cls, lead):
        if cls.random.random() < 0.8:
            return []
        return [
            {
                "res_model": "crm.lead",
                "res_model_id": cls.env["ir.model"]._get_id("crm.lead"),
                "res_id": lead["id"],
                "user_id": cls._pick(cls.seller + cls.other),
                "date_deadline": NOW.date() + timedelta(cls.random.randrange(-9, 9)),
                "active": cls.random.random() < 0.8,
            }
        ]

    @classmethod
    def _get_snapshots(cls, lead):
        names = ("date_deadline", "user_id", "team_id", "company_id", "stage_id")
        names += ("revenue_low", "recurring_revenue_monthly", "probability")
        return [
            {name: lead[name] for name in names}
            | {
                "lead_id": lead["id"],
                "date": date,
                "expected_revenue": cls._amount(),
                "revenue_high": cls._amount(0.5),
                "include_in_forecast": cls.random.choice((True, False)),
            }
            for date in ("2026-01-01", "2026-02-01")
            if cls.random.random() < 0.2
        ]

    @classmethod
    def _get_next_id(cls, table):
        cls.env.cr.execute(SQL("SELECT MAX(id) + 1 FROM %s", SQL.identifier(table)))
        return cls.env.cr.fetchone()[0]

    @classmethod
    def _insert(cls, table, rows):
        columns = SQL(", ").join(map(SQL.identifier, rows[0]))
        cls.env.cr.execute(
            SQL(
                "INSERT INTO %(table)s (%(columns)s) SELECT %(columns)s"
                " FROM jsonb_populate_recordset(NULL::%(table)s, %(rows)s)",
                table=SQL.identifier(table),
                columns=columns,
                rows=json.dumps(rows, default=str),
            )
        )
        # Without figures PostgreSQL takes the table for an empty one.
        cls.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))

    # === TESTS === #

    def _assert_figures(self, user):
        env = self.env(user=user)
        plain = PlainReports(env, NOW)
        self.assertGreater(len(plain.leads), OPPORTUNITIES / 10)
        for name, groups in GROUPS.items():
            rows = list(getattr(plain, name)())
            self.assertGreater(len(rows), 100)
            report = env[f"opportunity.report.{name}"]
            for groupby in (None, *groups):
                differences = list(find_differences(report, rows, groupby))
                self.assertFalse(differences, "\n".join(differences[:20]))

    def test_every_figure_of_a_manager(self):
        self._assert_figures(self.user_sales_manager)

    def test_every_figure_of_a_salesperson(self):
        self._assert_figures(self.seller)

    def test_every_figure_in_another_currency(self):
        manager = self.user_sales_manager
        manager.company_id = self.elsewhere
        self._assert_figures(manager)

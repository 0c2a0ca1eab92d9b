from datetime import datetime
from statistics import quantiles

from odoo.tools import SQL

from .common import OpportunityCommon

NOW = datetime(2026, 3, 2, 9)


class ReportCommon(OpportunityCommon):
    """Opportunities with a known past, in two currencies, seen on 2 March 2026.

    The company keeps its books in dollars, ``elsewhere`` in euros: a dollar was half a
    euro until February, and a quarter since. The salesman owns ``quick``, ``slow`` and
    ``archived``; the others belong to ``user_sales_leads``.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.opportunity.sudo().unlink()
        # what demo data may have brought
        cls.env.cr.execute("DELETE FROM crm_lead")
        cls.env.invalidate_all()
        cls._create_companies()
        cls.seller, cls.other = cls.user_sales_salesman, cls.user_sales_leads
        cls._create_deals()
        cls.env.flush_all()
        cls.env.invalidate_all()

    @classmethod
    def _create_companies(cls):
        Currency = cls.env["res.currency"].with_context(active_test=False)
        cls.dollar, cls.euro = (
            Currency.search([("name", "=", name)]) for name in ("USD", "EUR")
        )
        (cls.dollar + cls.euro).write({"active": True, "rate_ids": [(5,)]})
        cls.company = cls.env.company
        cls.env.cr.execute("UPDATE res_company SET currency_id = %s", [cls.dollar.id])
        cls.env.invalidate_all()
        cls.env["res.currency.rate"].create(
            [
                {"currency_id": cls.euro.id, "name": date, "rate": rate}
                for date, rate in (("2025-01-01", 0.5), ("2026-02-01", 0.25))
            ]
        )
        cls.elsewhere = cls.env["res.company"].create(
            {"name": "Elsewhere", "currency_id": cls.euro.id}
        )
        (cls.user_sales_manager + cls.user_sales_leads).company_ids += cls.elsewhere

    @classmethod
    def _create_deals(cls):
        first, second, won = cls.stage_first, cls.stage_second, cls.stage_won
        cls.quick = cls._create_deal(
            "Quick",
            ("2026-01-05 08:00:00", "created", first),
            ("2026-01-10 20:00:00", "moved", second),
            ("2026-01-20 08:00:00", "won", won),
            expected_revenue=1000,
            actual_revenue=1100,
        )
        cls.slow = cls._create_deal(
            "Slow",
            ("2026-01-10 08:00:00", "created", first),
            ("2026-02-01 08:00:00", "lost", first),
            ("2026-02-11 08:00:00", "restored", first),
            ("2026-02-15 08:00:01", "moved", second),
            expected_revenue=200,
        )
        cls.lost = cls._create_deal(
            "Lost",
            ("2025-12-01 08:00:00", "created", first),
            ("2025-12-11 08:00:00", "moved", second),
            ("2025-12-14 08:00:00", "moved", first),
            ("2026-01-13 08:00:00", "lost", first),
            ("2026-01-14 08:00:00", "moved", second),
            user=cls.other,
            expected_revenue=400,
        )
        cls.foreign = cls._create_deal(
            "Foreign",
            ("2026-01-07 08:00:00", "created", first),
            ("2026-01-08 08:00:00", "won", won),
            user=cls.other,
            company=cls.elsewhere,
            expected_revenue=55.5,
            actual_revenue=66.6,
        )
        cls.abroad = cls._create_deal(
            "Abroad",
            ("2026-01-07 08:00:00", "created", first),
            ("2026-01-09 08:00:00", "moved", second),
            user=cls.other,
            company=cls.elsewhere,
            expected_revenue=33.33,
        )
        cls.archived = cls._create_deal(
            "Archived",
            ("2026-01-02 08:00:00", "created", first),
            expected_revenue=70,
            active=False,
        )
        cls.prospect = cls._create_deal(
            "Prospect", ("2026-01-02 08:00:00", "created", first), type="lead"
        )

    @classmethod
    def _create_deal(cls, name, *moves, user=None, company=None, **values):
        """Create an opportunity whose history is these movements: date, kind, stage."""
        status = {"won": "won", "lost": "lost"}.get(
            next((kind for __, kind, __ in reversed(moves) if kind != "moved"), ""),
            "pending",
        )
        lead = cls._create_opportunity(
            user=cls.user_sales_manager,
            name=name,
            user_id=(user or cls.seller).id,
            company_id=(company or cls.company).id,
            team_id=False,
            stage_id=moves[-1][2].id,
            **values,
        ).sudo()
        cls.env.flush_all()
        closed = moves[-1][0] if status == "won" else None
        if status == "lost":
            closed = next(date for date, kind, __ in moves if kind == "lost")
        cls.env.cr.execute(
            SQL(
                "UPDATE crm_lead SET create_date = %s, won_status = %s, active = %s,"
                " date_closed = %s, actual_close_date = %s WHERE id = %s",
                moves[0][0],
                status,
                status != "lost" and values.get("active", True),
                closed,
                closed and closed[:10],
                lead.id,
            )
        )
        cls._write_history(lead, moves)
        return lead

    @classmethod
    def _write_history(cls, lead, moves):
        cls.env.cr.execute(
            SQL("DELETE FROM opportunity_stage_move WHERE lead_id = %s", lead.id)
        )
        before = (None, None, None)
        for move in moves:
            cls.env.cr.execute(
                SQL(
                    "INSERT INTO opportunity_stage_move (lead_id, date, kind,"
                    " to_stage_id, from_stage_id, previous_date, owner_id,"
                    " expected_revenue) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
                    lead.id,
                    move[0],
                    move[1],
                    move[2].id,
                    before[2] and before[2].id,
                    before[0],
                    lead.user_id.id or None,
                    lead.expected_revenue,
                )
            )
            before = move

    # === THE SAME FIGURES APART === #

    def _read_rows(self, query, *parameters):
        """Return the rows of a query as dictionaries."""
        self.env.flush_all()
        self.env.cr.execute(SQL(query, *parameters))
        return self.env.cr.dictfetchall()

    def _read_leads(self, user):
        """Return the raw opportunities that a user may read, by id."""
        leads = self.Lead.with_user(user).with_context(active_test=False).search([])
        rows = self._read_rows("SELECT * FROM crm_lead WHERE id = ANY(%s)", leads.ids)
        return {row["id"]: row for row in rows}

    def _exchange(self, amount, lead):
        """Return an amount of an opportunity in dollars."""
        if lead["company_id"] != self.elsewhere.id:
            return float(amount or 0)
        date = lead["actual_close_date"] or NOW.date()
        rate = 0.5 if date < datetime(2026, 2, 1).date() else 0.25
        return round(float(amount or 0) / rate, 2)

    def _percentile(self, values, tenths):
        """Return the value below which so many tenths of the values are."""
        values = sorted(values)
        if len(values) < 2:
            return values[0]
        return quantiles(values, n=10, method="inclusive")[tenths - 1]

    def _get_figures(self, user, model, groupby, *aggregates, domain=()):
        """Return {group: figures} of a report as its reader sees it."""
        report = self.env[model].with_user(user)
        rows = report._read_group(list(domain), [groupby], aggregates)
        return {row[0]: row[1:] for row in rows}

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import date_utils, format_date

from ..tools.record_ids import read_id

MONTHS = {"month": 1, "quarter": 3, "year": 12}
OUTCOME, FORECAST = "opportunity.report.outcome", "opportunity.report.forecast"
MRR = "opportunity.report.mrr"
# {tile: (figure, what it is of)} of a period, and figures of today
PERIOD_TILES = {
    "won_revenue": ("won_revenue:sum", ["won"]),
    "win_rate": ("win_rate:avg", ["won", "lost"]),
    "average_revenue": ("average_revenue:avg", ["won"]),
    "lost_revenue": ("lost_revenue:sum", ["lost"]),
}
TODAY_TILES = {
    "expected_revenue": "expected_revenue:sum",
    "weighted_revenue": "weighted_revenue:sum",
}
LIST_SIZE = 5
STUCK_DAYS = 30


class OpportunityReportDashboard(models.AbstractModel):
    """What the dashboard shows, read from the reports in the rights of its reader."""

    _name = "opportunity.report.dashboard"
    _description = "Sales Dashboard"
    _inherit = ["opportunity.report.print.mixin"]

    @api.model
    @api.readonly
    def get_dashboard(self, period="month", user_id=False, team_id=False):
        """Return the figures of a period that has begun, and of today.

        :param str period: ``month``, ``quarter`` or ``year``
        :param int user_id: one salesperson's alone
        :param int team_id: one sales team's alone
        """
        period = period if isinstance(period, str) and period in MONTHS else "month"
        chosen = self._get_chosen_domain(user_id=user_id, team_id=team_id)
        return {
            "currency_id": self.env.company.currency_id.id,
            "users": self._get_choices("user_id"),
            "teams": self._get_choices("team_id"),
            "tiles": self._get_tiles(period, chosen),
            "funnel": self._get_funnel(chosen),
            "forecast": self._get_forecast(chosen),
            "top": self._get_waiting(chosen, "expected_revenue desc, id"),
            "stuck": self._get_waiting(
                chosen & Domain("days_unmoved", ">", STUCK_DAYS), "date_moved, id"
            ),
        }

    def _get_chosen_domain(self, **choices):
        """Return the domain of what was chosen; what is no id chooses nothing."""
        ids = {name: read_id(value) for name, value in choices.items()}
        return Domain.AND(Domain(name, "=", id_) for name, id_ in ids.items() if id_)

    # === FIGURES === #

    def _get_tiles(self, period, chosen):
        """Return the tiles: those of the period beside the same days of the one
        before."""
        today = fields.Date.context_today(self)
        length = relativedelta(months=MONTHS[period])
        start = date_utils.start_of(today, period)
        now = self._get_closed_domain(start, today)
        before = self._get_closed_domain(start - length, today - length)
        tiles = []
        for name, (figure, status) in PERIOD_TILES.items():
            closed = chosen & Domain("won_status", "in", status)
            tiles.append(
                self._get_tile(name, OUTCOME, figure, closed & now, closed & before)
            )
        current = chosen & Domain([("is_current", "=", True), ("kind", "=", "open")])
        tiles += [
            self._get_tile(name, FORECAST, figure, current)
            for name, figure in TODAY_TILES.items()
        ]
        return tiles + self._get_mrr_tiles(start, chosen)

    def _get_mrr_tiles(self, start, chosen):
        """Return what subscriptions bring per month, beside the day before the period;
        nothing where there never were any."""
        moved = chosen & Domain("kind", "!=", "opening")
        if not self.env[MRR].search_count(moved, limit=1):
            return []
        before = moved & Domain("date", "<", start)
        return [self._get_tile("amount", MRR, "amount:sum", moved, before)]

    def _get_tile(self, name, model, figure, domain, before=None):
        tile = {
            "name": name,
            "label": self._get_tile_label(model, name),
            "model": model,
            "value": self._get_figure(model, figure, domain),
            "domain": list(domain),
        }
        if before is not None:
            tile["previous"] = self._get_figure(model, figure, before)
        return tile

    def _get_tile_label(self, model, name):
        now = {
            "expected_revenue": self.env._("Pipeline Now"),
            "weighted_revenue": self.env._("Weighted Pipeline Now"),
            "amount": self.env._("MRR Now"),
        }
        return now.get(name) or self.env[model]._get_field_title(name)

    def _get_choices(self, name):
        """Return the salespeople or teams whose open opportunities the reader sees."""
        groups = self.env["opportunity.report.ageing"]._read_group([], [name])
        return [
            {"id": record.id, "name": self._get_name(record)}
            for [record] in groups
            if record
        ]

    def _get_name(self, record):
        # sudo: who has an opportunity that the reader sees may be of another company
        return record.sudo().display_name

    def _get_closed_domain(self, start, end):
        return Domain("date_closed", ">=", start) & Domain("date_closed", "<=", end)

    def _get_figure(self, model, figure, domain):
        [[value]] = self.env[model]._read_group(domain, aggregates=[figure])
        return value or 0

    def _get_funnel(self, chosen):
        """Return what is open in each stage now."""
        groups = self.env["opportunity.report.ageing"]._read_group(
            chosen, ["stage_id"], ["__count", "expected_revenue:sum"]
        )
        return [
            {
                "stage_id": stage.id,
                "name": stage.display_name,
                "count": count,
                "revenue": revenue,
            }
            for stage, count, revenue in groups
        ]

    def _get_forecast(self, chosen):
        """Return what was won and is expected, month by month, for half a year either
        way."""
        month = date_utils.start_of(fields.Date.context_today(self), "month")
        half = relativedelta(months=6)
        groups = self.env[FORECAST]._read_group(
            chosen
            & Domain(
                [
                    ("is_current", "=", True),
                    ("date", ">=", month - half),
                    ("date", "<", month + half),
                ]
            ),
            ["date:month"],
            ["weighted_revenue:sum", "expected_revenue:sum", "actual_revenue:sum"],
        )
        return [
            {"month": date, "weighted": weighted, "expected": expected, "won": won}
            for date, weighted, expected, won in groups
        ]

    def _get_waiting(self, domain, order):
        rows = self.env["opportunity.report.ageing"].search(
            domain, order=order, limit=LIST_SIZE
        )
        return [
            {
                "lead_id": row.lead_id.id,
                "name": row.lead_id.display_name,
                "user": self._get_name(row.user_id),
                "stage": row.stage_id.display_name,
                "revenue": row.expected_revenue,
                "days": int(row.days_unmoved),
            }
            for row in rows
        ]

    # === PRINTING === #

    def _prepare_print(self, options):
        """Return the tables that are printed.

        :param dict options: ``period``, ``user_id`` and ``team_id`` of the dashboard
        """
        choices = {name: options.get(name) for name in ("period", "user_id", "team_id")}
        figures = self.get_dashboard(**choices)
        return self._prepare_heading(options) | {
            "tables": [
                self._print_tiles(figures["tiles"]),
                self._print_funnel(figures["funnel"]),
                self._print_forecast(figures["forecast"]),
                self._print_leads(self.env._("Top Deals"), figures["top"]),
                self._print_leads(
                    self.env._("No Movement for %s Days", STUCK_DAYS), figures["stuck"]
                ),
            ],
        }

    def _print_tiles(self, tiles):
        def write(tile, key):
            is_rate = tile["name"] == "win_rate"
            write_one = self._format_percentage if is_rate else self._format_money
            return write_one(tile[key]) if key in tile else ""

        return {
            "title": self.env._("Key Figures"),
            "columns": [self.env._("Now"), self.env._("Period Before")],
            "rows": [
                {
                    "level": 0,
                    "label": tile["label"],
                    "values": [write(tile, "value"), write(tile, "previous")],
                }
                for tile in tiles
            ],
        }

    def _print_funnel(self, stages):
        return self._print_sums(
            self.env._("Pipeline by Stage"),
            {"count": self.env._("Count"), "revenue": self.env._("Expected Revenue")},
            stages,
            lambda row: row["name"],
        )

    def _print_forecast(self, months):
        columns = {
            "won": self.env._("Won"),
            "weighted": self.env._("Weighted"),
            "expected": self.env._("Expected"),
        }
        return self._print_sums(
            self.env._("Forecast by Month"),
            columns,
            months,
            lambda row: format_date(self.env, row["month"], date_format="LLLL y"),
        )

    def _print_sums(self, title, columns, rows, label):
        def write(row):
            return [
                self._format_money(row[name]) if name != "count" else str(row[name])
                for name in columns
            ]

        return {
            "title": title,
            "columns": list(columns.values()),
            "rows": [
                {"level": 0, "label": label(row), "values": write(row)} for row in rows
            ],
            "total": write({name: sum(row[name] for row in rows) for name in columns}),
        }

    def _print_leads(self, title, rows):
        columns = ("stage_id", "user_id", "expected_revenue", "days_unmoved")
        ageing = self.env["opportunity.report.ageing"]
        return {
            "title": title,
            "columns": [ageing._get_field_title(name) for name in columns],
            "rows": [
                {
                    "level": 0,
                    "label": row["name"],
                    "values": [
                        row["stage"],
                        row["user"],
                        self._format_money(row["revenue"]),
                        row["days"],
                    ],
                }
                for row in rows
            ],
        }

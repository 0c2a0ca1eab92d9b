"""The rows of the reports worked out in plain Python from raw rows, and their
aggregates: nothing of the reports' own SQL is used."""

from collections import defaultdict
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from statistics import median, quantiles
from zoneinfo import ZoneInfo

from odoo.tools import SQL

CENT = Decimal("0.01")
DAY = 86400
KINDS = {"won": "won", "lost": "lost", "restored": "restored"}
ANSWERS = ("comment", "email_outgoing")
AGGREGATES = {
    "sum": sum,
    "avg": lambda values: sum(values) / len(values),
    "median": median,
    "percentile_90": lambda values: (
        quantiles(values, n=10, method="inclusive")[8] if values[1:] else values[0]
    ),
    "count_distinct": lambda values: len(set(values)),
}


def to_decimal(number):
    """Return a number as it is written."""
    return Decimal(str(number))


class PlainReports:
    """The rows of all reports as a user may read them at a moment.

    Which opportunities these are is asked of ``crm.lead``: rights have their own tests.
    """

    def __init__(self, env, now):
        self.env = env
        self.now = now
        self.tz = ZoneInfo(str(env.tz))
        self.today = self.local_date(now)
        leads = env["crm.lead"].with_context(active_test=False).search([])
        self.leads = self._read_by_id("crm_lead", leads.ids)
        self.opportunities = [
            lead for lead in self.leads.values() if lead["type"] == "opportunity"
        ]
        self.stages = self._read_by_id("crm_stage", None)
        self._read_currencies()

    def fetch(self, query, *parameters):
        """Return raw rows as dictionaries."""
        self.env.cr.execute(SQL(query, *parameters))
        return self.env.cr.dictfetchall()

    def _read_by_id(self, table, ids):
        query = SQL("SELECT * FROM %s", SQL.identifier(table))
        if ids is not None:
            query = SQL("%s WHERE id = ANY(%s)", query, ids)
        return {row["id"]: row for row in self.fetch("%s", query)}

    def _read_of_leads(self, table, column="lead_id"):
        return self.fetch(
            "SELECT * FROM %s WHERE %s = ANY(%s) ORDER BY id",
            SQL.identifier(table),
            SQL.identifier(column),
            list(self.leads),
        )

    # === MONEY AND TIME === #

    def _read_currencies(self):
        self.currencies = {
            company["id"]: company["currency_id"]
            for company in self._read_by_id("res_company", None).values()
        }
        self.currency_id = self.env.company.currency_id.id
        self.has_foreign = set(self.currencies.values()) != {self.currency_id}
        self.rates = defaultdict(list)
        for rate in self.fetch("SELECT * FROM res_currency_rate ORDER BY name"):
            if rate["company_id"] in (None, self.env.company.root_id.id):
                self.rates[rate["currency_id"]].append(rate)

    def get_rate(self, currency_id, date):
        """Return the last rate up to a day, or the first; own ones of the company go
        before."""
        rates = self.rates[currency_id]
        before = [rate for rate in rates if rate["name"] <= date]
        for found in (before[::-1], rates):
            own = [rate for rate in found if rate["company_id"]] or found
            if own:
                return to_decimal(own[0]["rate"])
        return Decimal(1)

    def convert(self, amount, company_id, date):
        """Return an amount of a company in the reader's currency."""
        if amount is None:
            return None
        amount = to_decimal(amount)
        if not self.has_foreign:
            return amount
        currency_id = self.currencies.get(company_id, self.currency_id)
        rate = Decimal(1)
        if currency_id != self.currency_id:
            rate = self.get_rate(self.currency_id, date)
            rate /= self.get_rate(currency_id, date)
        return (amount * rate).quantize(CENT, ROUND_HALF_UP)

    def of_lead(self, amount, lead):
        """Return an amount of an opportunity, at the rate of its closing or today."""
        closed = lead["date_closed"] and lead["date_closed"].date()
        date = lead["actual_close_date"] or closed or self.today
        return self.convert(amount, lead["company_id"], date)

    def of_snapshot(self, amount, row):
        """Return an amount of a snapshot, at the rate of its day."""
        return self.convert(amount, row["company_id"], row["date"])

    def weigh(self, amount, row):
        """Return an amount times its probability."""
        return to_decimal(amount) * to_decimal(row["probability"] or 0) / 100

    def local_date(self, moment):
        """Return the day of a moment for the reader."""
        return moment.replace(tzinfo=ZoneInfo("UTC")).astimezone(self.tz).date()

    def days(self, start, end):
        """Return the days between two moments."""
        return (end - start).total_seconds() / DAY

    def working_days(self, start, end):
        """Return what of it was Monday to Friday, day by day."""
        utc = ZoneInfo("UTC")
        start, end = (
            moment.replace(tzinfo=utc).astimezone(self.tz).replace(tzinfo=None)
            for moment in (start, end)
        )
        seconds, day = 0, datetime.combine(start.date(), datetime.min.time())
        while day < end:
            following = day + timedelta(1)
            if day.weekday() < 5:
                seconds += (min(end, following) - max(start, day)).total_seconds()
            day = following
        return seconds / DAY

    def close_date(self, lead):
        """Return the day on which an opportunity was closed."""
        return lead["actual_close_date"] or self.local_date(lead["date_closed"])

    def base(self, lead, **values):
        """Return what each row of an opportunity has."""
        names = ("user_id", "team_id", "company_id", "partner_id", "stage_id")
        return {"lead_id": lead["id"]} | {name: lead[name] for name in names} | values

    def is_open(self, lead):
        """Tell whether an opportunity is in the pipeline."""
        return lead["won_status"] == "pending" and lead["active"]

    # === THE REPORTS === #

    def ageing(self):
        """Return a row for each open opportunity."""
        moved = {}
        for move in self._read_of_leads("opportunity_stage_move"):
            if move["origin"] is None:
                last = moved.get(move["lead_id"], move["date"])
                moved[move["lead_id"]] = max(last, move["date"])
        for lead in self.opportunities:
            if self.is_open(lead):
                yield self._wait(lead, moved.get(lead["id"], lead["create_date"]))

    def _wait(self, lead, moved):
        days, due = self.days(moved, self.now), lead["next_action_date"]
        overdue = (self.today - due).days if due and due < self.today else None
        steps = ((8, "07"), (31, "30"), (61, "60"), (91, "90"))
        age = next((name for limit, name in steps if days < limit), "more")
        action = "none"
        if due:
            action = "today" if due == self.today else "planned"
        return self.base(
            lead,
            age=age,
            next_action="overdue" if overdue else action,
            days_unmoved=days,
            days_unmoved_median=days,
            days_open=self.days(lead["create_date"], self.now),
            days_overdue=overdue,
            expected_revenue=self.of_lead(lead["expected_revenue"], lead),
        )

    def forecast(self):
        """Return what is expected, was expected, and what was won since."""
        for lead in self.opportunities:
            if self.is_open(lead):
                yield self._expect(lead, lead, self.today, self.of_lead)
        snapshots = self._read_of_leads("opportunity_forecast_snapshot")
        for row in snapshots:
            lead = self.leads[row["lead_id"]]
            yield self._expect(lead, row, row["date"], self.of_snapshot)
        beliefs = self.fetch("SELECT DISTINCT date FROM opportunity_forecast_snapshot")
        for lead in self.opportunities:
            if lead["won_status"] == "won":
                yield from self._count_won(lead, [row["date"] for row in beliefs])

    def _expect(self, lead, row, believed, convert):
        expected = row["expected_revenue"] or 0
        recurring = row["recurring_revenue_monthly"] or 0
        amounts = {
            "revenue_low": row["revenue_low"] or expected,
            "expected_revenue": expected,
            "revenue_high": row["revenue_high"] or expected,
            "weighted_revenue": self.weigh(expected, row),
            "recurring_revenue_monthly": recurring,
            "weighted_recurring_revenue": self.weigh(recurring, row),
        }
        amounts = {name: convert(amount, row) for name, amount in amounts.items()}
        committed = row["include_in_forecast"] is not False
        expected = amounts["expected_revenue"]
        owner = {name: row[name] for name in ("user_id", "team_id", "stage_id")}
        return self.base(
            lead | owner,
            kind="open",
            date=row["date_deadline"],
            date_believed=believed,
            actual_revenue=0,
            committed_revenue=expected if committed else 0,
            omitted_revenue=0 if committed else expected,
            **amounts,
        )

    def _count_won(self, lead, beliefs):
        date = self.close_date(lead)
        revenue = self.of_lead(lead["actual_revenue"] or 0, lead)
        nothing = dict.fromkeys(
            ("revenue_low", "expected_revenue", "revenue_high", "weighted_revenue"), 0
        )
        others = ("recurring_revenue_monthly", "weighted_recurring_revenue")
        nothing |= dict.fromkeys((*others, "committed_revenue", "omitted_revenue"), 0)
        for believed in [self.today, *(day for day in beliefs if day <= date)]:
            yield self.base(
                lead,
                kind="won",
                date=date,
                date_believed=believed,
                actual_revenue=revenue,
                **nothing,
            )

    def outcome(self):
        """Return a row for each opportunity that is won or lost."""
        lists = self._read_lists()
        for lead in self.opportunities:
            if lead["won_status"] in ("won", "lost"):
                yield self._conclude(lead) | {
                    name: values[lead["id"]] for name, values in lists.items()
                }

    def _read_lists(self):
        lists = {
            name: defaultdict(list)
            for name in ("objection_ids", "competitor_ids", "product_ids")
        }
        for row in self.fetch("SELECT * FROM crm_lead_opportunity_objection_rel"):
            objection = row["opportunity_objection_id"]
            lists["objection_ids"][row["crm_lead_id"]].append(objection)
        for row in self.fetch("SELECT * FROM crm_lead_competitor_rel"):
            lists["competitor_ids"][row["lead_id"]].append(row["partner_id"])
        for row in self._read_of_leads("opportunity_line"):
            products = lists["product_ids"][row["lead_id"]]
            if not row["is_optional"] and row["product_id"] not in products:
                products.append(row["product_id"])
        return lists

    def _conclude(self, lead):
        won = lead["won_status"] == "won"
        actual, expected, awarded = (
            self.of_lead(lead[name] or 0, lead)
            for name in ("actual_revenue", "expected_revenue", "awarded_revenue")
        )
        date = self.close_date(lead)
        days = max((date - self.local_date(lead["create_date"])).days, 0)
        return self.base(
            lead,
            won_status=lead["won_status"],
            date_closed=date,
            source_id=lead["source_id"],
            won_reason_id=lead["won_reason_id"] if won else None,
            lost_reason_id=None if won else lead["lost_reason_id"],
            awarded_to_id=lead["awarded_to_id"],
            won_count=int(won),
            lost_count=int(not won),
            win_rate=int(won),
            won_revenue=actual if won else 0,
            lost_revenue=0 if won else expected,
            closed_revenue=actual if won else expected,
            average_revenue=actual if won else None,
            awarded_revenue=awarded or None,
            awarded_difference=expected - awarded if awarded > 0 else None,
            days_to_close=days,
            days_to_close_median=days,
        )

    def salesperson(self):
        """Return the facts of all salespeople."""
        for lead in self.leads.values():
            yield self._fact(
                lead,
                "created",
                self.local_date(lead["create_date"]),
                created_count=int(lead["type"] == "opportunity"),
            )
        for lead in self.opportunities:
            if lead["won_status"] in ("won", "lost"):
                yield self._close(lead)
            elif self.is_open(lead):
                yield self._fact(
                    lead,
                    "open",
                    self.today,
                    open_count=1,
                    open_revenue=self.of_lead(lead["expected_revenue"], lead),
                    weighted_revenue=self.of_lead(
                        self.weigh(lead["expected_revenue"], lead), lead
                    ),
                )
        yield from self._work()
        yield from self._share_quotas()

    def _fact(self, lead, event, date, **values):
        counts = ("created", "won", "lost", "closed", "open", "done", "overdue")
        row = {f"{name}_count": 0 for name in counts}
        amounts = ("won", "lost", "open", "weighted", "average")
        row |= {f"{name}_revenue": None for name in amounts} | {"closed_revenue": 0}
        names = ("worked_count", "quota", "days_to_close", "response_hours")
        row |= dict.fromkeys(names)
        row |= self.base(lead, event=event, date=date, **values)
        for name in ("days_to_close", "response_hours"):
            row[f"{name}_median"] = row[name]
        return row

    def _close(self, lead):
        won = lead["won_status"] == "won"
        date = self.close_date(lead)
        amount = lead["actual_revenue" if won else "expected_revenue"]
        revenue = self.of_lead(amount, lead)
        days = max((date - self.local_date(lead["create_date"])).days, 0)
        return self._fact(
            lead,
            "closed",
            date,
            won_count=int(won),
            lost_count=int(not won),
            closed_count=1,
            won_revenue=revenue if won else None,
            lost_revenue=None if won else revenue,
            closed_revenue=revenue or 0,
            average_revenue=revenue if won else None,
            days_to_close=days if won else None,
        )

    def _work(self):
        for move in self._read_of_leads("opportunity_stage_move"):
            lead = self.leads[move["lead_id"]]
            if move["origin"] is None:
                yield self._fact(
                    {**lead, "user_id": move["user_id"]},
                    "moved",
                    self.local_date(move["date"]),
                    worked_count=lead["id"],
                )
        yield from self._write()
        for activity in self._read_of_leads("mail_activity", "res_id"):
            is_due = activity["active"] and activity["date_deadline"] < self.today
            if activity["res_model"] == "crm.lead" and is_due:
                lead = self.leads[activity["res_id"]]
                owner = {**lead, "user_id": activity["user_id"]}
                yield self._fact(owner, "overdue", self.today, overdue_count=1)

    def _write(self):
        users = self.fetch(
            "SELECT * FROM res_users WHERE share IS NOT TRUE ORDER BY id DESC"
        )
        authors = {user["partner_id"]: user["id"] for user in users}
        answered = {}
        for message in self._read_of_leads("mail_message", "res_id"):
            author = authors.get(message["author_id"])
            if message["model"] != "crm.lead" or not author:
                continue
            lead, done = self.leads[message["res_id"]], message["mail_activity_type_id"]
            written = message["message_type"] in ANSWERS
            if done or written:
                yield self._fact(
                    {**lead, "user_id": author},
                    "activity" if done else "message",
                    self.local_date(message["date"]),
                    worked_count=lead["id"],
                    done_count=int(bool(done)),
                )
            is_answer = done or (written and not message["is_internal"])
            if is_answer and message["date"] >= lead["create_date"]:
                first = answered.get(lead["id"], message["date"])
                answered[lead["id"]] = min(first, message["date"])
        for lead_id, moment in answered.items():
            lead = self.leads[lead_id]
            hours = self.days(lead["create_date"], moment) * 24
            date = self.local_date(lead["create_date"])
            yield self._fact(lead, "answered", date, response_hours=hours)

    def _share_quotas(self):
        visible = self.env["opportunity.quota"].search([])
        nobody = dict.fromkeys(("id", "partner_id", "stage_id"))
        for quota in self._read_by_id("opportunity_quota", visible.ids).values():
            part = to_decimal(quota["amount"]) / quota["months"]
            amount = self.convert(part, quota["company_id"], quota["date_from"])
            for number in range(quota["months"]):
                month = quota["date_from"].month - 1 + number
                date = quota["date_from"].replace(
                    year=quota["date_from"].year + month // 12, month=month % 12 + 1
                )
                owner = nobody | quota | {"id": None}
                yield self._fact(owner, "quota", date, quota=amount)

    def stage(self):
        """Return a row for each visit to a stage."""
        histories = defaultdict(list)
        for move in self._read_of_leads("opportunity_stage_move"):
            if move["origin"] is None:
                histories[move["lead_id"]].append(move)
        for lead in self.opportunities:
            moves = sorted(histories[lead["id"]], key=lambda m: (m["date"], m["id"]))
            is_lost = False
            for move, following in zip(moves, [*moves, None][1:], strict=True):
                if move["kind"] != "moved":
                    is_lost = move["kind"] == "lost"
                if not is_lost:
                    yield self._visit(lead, move, following)

    def _visit(self, lead, move, following):
        stage = self.stages[move["to_stage_id"]]
        outcome = self._get_outcome(lead, stage, following)
        left = self._get_left(lead, stage, move, following, outcome)
        days = working = None
        if not stage["is_won"]:
            end = left or self.now
            days = max(self.days(move["date"], end), 0)
            working = max(self.working_days(move["date"], end), 0)
        owner = {"user_id": lead["user_id"], "team_id": lead["team_id"]}
        if following:
            owner = {"user_id": following["owner_id"], "team_id": following["team_id"]}
        advanced = outcome in ("won", "forward")
        target = stage["target_days"] or 0
        revenue = (following or lead)["expected_revenue"]
        return self.base(
            {**lead, **owner, "stage_id": stage["id"]},
            outcome=outcome,
            date_entered=move["date"],
            days=days,
            days_median=days,
            days_percentile_90=days,
            working_days=working,
            left_count=int(left is not None),
            forward_count=int(advanced),
            won_count=int(outcome == "won"),
            lost_count=int(outcome == "lost"),
            over_target_count=int(bool(target and days and days > target)),
            conversion_rate=1 if advanced else 0 if left else None,
            expected_revenue=self.of_lead(revenue, lead),
        )

    def _get_outcome(self, lead, stage, following):
        if not following:
            if lead["won_status"] == "lost":
                return "lost"
            return "open" if lead["active"] else "archived"
        if following["kind"] in KINDS:
            return KINDS[following["kind"]]

        def rank(stage):
            return (bool(stage["is_won"]), stage["sequence"] or 0, stage["id"])

        ahead = rank(self.stages[following["to_stage_id"]]) > rank(stage)
        return "forward" if ahead else "back"

    def _get_left(self, lead, stage, move, following, outcome):
        if following:
            return following["date"]
        if outcome in ("open", "archived") or stage["is_won"]:
            return None
        return max(lead["date_closed"] or move["date"], move["date"])


def aggregate(rows, name, aggregator, ratios):
    """Return an aggregate of rows; None of nothing."""
    if aggregator == "ratio":
        over, under = (sum(row[part] or 0 for row in rows) for part in ratios[name])
        return float(over) / float(under) if under else None
    values = [row[name] for row in rows if row[name] is not None]
    if not values:
        return 0 if aggregator == "count_distinct" else None
    return AGGREGATES[aggregator](values)


def group(rows, spec):
    """Return rows by what they are grouped by; a list of values has them under each."""
    name, __, step = spec.partition(":")
    groups = defaultdict(list)
    for row in rows:
        value = row[name]
        if step and value:
            value = value.replace(day=1)
        for key in value or [None] if isinstance(value, list) else [value]:
            groups[key].append(row)
    return dict(groups)


def find_differences(report, rows, groupby=None):
    """Yield where a report differs from its rows that were worked out apart."""
    aggregators = {
        name: field.aggregator
        for name, field in report._fields.items()
        if field.type in ("integer", "float", "monetary")
        and (field.aggregator == "ratio" or name in rows[0])
    }
    specs = [f"{name}:{how}" for name, how in aggregators.items()]
    groups = group(rows, groupby) if groupby else {None: rows}
    groupbys = [groupby] if groupby else []
    for found in report._read_group([], groupbys, ["__count", *specs]):
        values = found[len(groupbys) :]
        key = (getattr(found[0], "id", found[0]) or None) if groupby else None
        own = groups.pop(key, [])
        expected = [len(own)] + [
            aggregate(own, name, how, report._ratios)
            for name, how in aggregators.items()
        ]
        names = ["__count", *aggregators]
        for name, value, right in zip(names, values, expected, strict=True):
            if not is_same(value, right):
                yield f"{report._name} {groupby} {key} {name}: {value}, not {right}"
    yield from (f"{report._name} {groupby}: {key} is missing" for key in groups)


def is_same(value, right):
    """Tell whether two figures agree, to the cent and to a tenth of a second."""
    value, right = float(value or 0), float(right or 0)
    return abs(value - right) < 1e-6 + 1e-12 * abs(right)

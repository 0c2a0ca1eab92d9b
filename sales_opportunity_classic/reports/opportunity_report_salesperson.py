from odoo import SUPERUSER_ID, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import reports
from ..tools.reports import salesperson


class OpportunityReportSalesperson(models.Model):
    """What a salesperson did, and what came of it, against the quota.

    A row is a fact with its date: an opportunity created, won or lost, one that is
    open now, a movement, a message, an activity done or overdue, a month's part of a
    quota. Sums and rates of facts are the figures of a salesperson and a period.
    """

    _name = "opportunity.report.salesperson"
    _description = "Salesperson Analysis"
    _inherit = ["opportunity.report.closing.mixin"]
    _auto = False
    _order = "date desc, id desc"
    _printed_figures = (
        "worked_count",
        "created_count",
        "won_count",
        "lost_count",
        "win_rate",
        "won_revenue",
        "average_revenue",
        "days_to_close",
        "response_hours",
        "done_count",
        "overdue_count",
        "open_revenue",
        "quota",
        "attainment",
    )
    _printed_groups = (
        ("user_id",),
        ("date:month",),
    )
    _ratios = {
        "win_rate": ("won_count", "closed_count"),
        "win_rate_revenue": ("won_revenue", "closed_revenue"),
        "attainment": ("won_revenue", "quota"),
    }
    _depends = {
        "crm.lead": [
            "type",
            "active",
            "won_status",
            "create_date",
            "date_closed",
            "actual_close_date",
            "user_id",
            "team_id",
            "company_id",
            "partner_id",
            "probability",
            "actual_revenue",
            "expected_revenue",
        ],
        "mail.activity": ["res_id", "user_id", "date_deadline", "active"],
        "mail.message": ["res_id", "author_id", "date"],
        "opportunity.quota": ["user_id", "date_from", "months", "amount"],
        "opportunity.stage.move": ["lead_id"],
    }

    date = fields.Date(readonly=True)
    event = fields.Selection(
        [
            ("created", "Created"),
            ("answered", "Answered"),
            ("closed", "Won or Lost"),
            ("open", "Open Now"),
            ("moved", "Moved"),
            ("message", "Message"),
            ("activity", "Activity Done"),
            ("overdue", "Overdue Activity"),
            ("quota", "Quota"),
        ],
        readonly=True,
    )
    worked_count = fields.Integer(
        "Worked On",
        readonly=True,
        aggregator="count_distinct",
        help="Opportunities that the salesperson moved, wrote messages about, or "
        "finished activities of.",
    )
    created_count = fields.Integer("Created", readonly=True)
    closed_count = fields.Integer("Won or Lost", readonly=True)
    open_count = fields.Integer(
        "Open Now", readonly=True, help="Opportunities in the pipeline today."
    )
    done_count = fields.Integer("Activities Done", readonly=True)
    overdue_count = fields.Integer(
        "Overdue Activities", readonly=True, help="Activities that are overdue today."
    )
    win_rate = fields.Float(
        readonly=True,
        aggregator="ratio",
        help="Opportunities won, of all that were closed.",
    )
    open_revenue = fields.Monetary(
        "Pipeline Now",
        readonly=True,
        help="Expected revenue of what is open, in the currency of your company, at "
        "the rate of today.",
    )
    weighted_revenue = fields.Monetary(
        "Weighted Pipeline Now",
        readonly=True,
        help="Expected revenue of what is open, times its probability.",
    )
    quota = fields.Monetary(
        readonly=True,
        help="In equal parts in each month of its period, at the rate of its first "
        "day.",
    )
    attainment = fields.Float(
        readonly=True, aggregator="ratio", help="Won revenue, of the quota."
    )
    days_to_close = fields.Float(
        help="Average days from the creation to the closing of what was won."
    )
    response_hours = fields.Float(
        "Hours to Respond",
        readonly=True,
        aggregator="avg",
        help="Average hours until somebody first wrote to the customer or finished an "
        "activity.",
    )
    response_hours_median = fields.Float(
        "Hours to Respond (Median)", readonly=True, aggregator="median"
    )

    # === THE QUERY === #

    def _get_query(self, exchange):
        leads = self._select_leads(exchange)
        return SQL(
            salesperson.SELECT_FACTS,
            currency_id=exchange.currency_id,
            created=self._select_created(leads),
            answered=self._select_answered(leads),
            closed=self._select_closed(leads, exchange),
            open=self._select_open(leads, exchange),
            moved=self._select_moved(leads),
            messages=self._select_messages(leads),
            overdue=self._select_overdue(leads),
            quotas=self._select_quotas(exchange),
        )

    def _select_created(self, leads):
        return SQL(
            salesperson.OF_LEAD,
            leads=leads,
            number=0,
            event="created",
            date=self._get_local_date("lead.create_date"),
            condition=SQL("lead.create_date IS NOT NULL"),
            columns=self._get_columns(
                created_count="CASE lead.type WHEN 'opportunity' THEN 1 ELSE 0 END"
            ),
        )

    def _select_answered(self, leads):
        return SQL(
            salesperson.ANSWERED,
            leads=leads,
            date=self._get_local_date("answer.create_date"),
            odoobot_id=SUPERUSER_ID,
            columns=self._get_columns(
                response_hours="DATE_PART('epoch', answer.date - answer.create_date)"
                " / 3600"
            ),
        )

    def _select_closed(self, leads, exchange):
        date = SQL(
            "COALESCE(lead.actual_close_date, %s)",
            self._get_local_date("lead.date_closed"),
        )
        is_won = "lead.won_status = 'won'"
        return SQL(
            salesperson.OF_LEAD,
            leads=leads,
            number=1,
            event="closed",
            date=date,
            condition=SQL(
                "lead.type = 'opportunity' AND lead.won_status IN ('won', 'lost')"
            ),
            columns=self._get_columns(
                won_count=f"CASE WHEN {is_won} THEN 1 ELSE 0 END",
                lost_count=f"CASE WHEN {is_won} THEN 0 ELSE 1 END",
                won_revenue=exchange.convert(
                    f"CASE WHEN {is_won} THEN lead.actual_revenue END"
                ),
                lost_revenue=exchange.convert(
                    f"CASE WHEN NOT {is_won} THEN lead.expected_revenue END"
                ),
                days_to_close=SQL(
                    "CASE WHEN lead.won_status = 'won'"
                    " THEN GREATEST(%s - %s, 0)::float END",
                    date,
                    self._get_local_date("lead.create_date"),
                ),
            ),
        )

    def _select_open(self, leads, exchange):
        return SQL(
            salesperson.OF_LEAD,
            leads=leads,
            number=2,
            event="open",
            date=SQL("%s", fields.Date.context_today(self)),
            condition=SQL(
                "lead.type = 'opportunity' AND lead.won_status = 'pending'"
                " AND lead.active"
            ),
            columns=self._get_columns(
                open_count="1",
                open_revenue=exchange.convert("lead.expected_revenue"),
                weighted_revenue=exchange.convert(
                    "lead.expected_revenue * lead.probability::numeric / 100"
                ),
            ),
        )

    def _select_moved(self, leads):
        return SQL(
            salesperson.MOVED,
            leads=leads,
            date=self._get_local_date("move.date"),
            columns=self._get_columns(worked_count="lead.id"),
        )

    def _select_messages(self, leads):
        is_activity = "message.mail_activity_type_id IS NOT NULL"
        return SQL(
            salesperson.MESSAGES,
            leads=leads,
            date=self._get_local_date("message.date"),
            columns=self._get_columns(
                worked_count="lead.id",
                done_count=f"CASE WHEN {is_activity} THEN 1 ELSE 0 END",
            ),
        )

    def _select_overdue(self, leads):
        return SQL(
            salesperson.OVERDUE,
            leads=leads,
            today=fields.Date.context_today(self),
            columns=self._get_columns(overdue_count="1"),
        )

    def _select_quotas(self, exchange):
        query = self.env["opportunity.quota"]._search(Domain.TRUE, order="id")
        query.order = None
        names = ("id", *self._depends["opportunity.quota"], "team_id", "company_id")
        rate = exchange.select_rate(
            SQL.identifier("opportunity_quota", "company_id"),
            SQL.identifier("opportunity_quota", "date_from"),
        )
        columns = [SQL.identifier("opportunity_quota", name) for name in names]
        # Its parts are not rounded: they add up to the quota.
        amount = SQL("%s / quota.months", exchange.convert("quota.amount", "quota"))
        return SQL(
            salesperson.QUOTAS,
            quotas=query.select(*columns, rate),
            columns=self._get_columns(quota=amount),
        )

    def _get_columns(self, **values):
        """Return the columns of a kind of fact, in the order of all kinds."""
        columns = salesperson.COLUMNS | values
        return SQL(", ").join(
            SQL("%s AS %s", SQL(column), SQL.identifier(name))
            for name, column in columns.items()
        )

    def _get_local_date(self, moment):
        return reports.local_date(moment, str(self.env.tz))

    # === ACCESS RIGHTS === #

    def _get_rows_of_forbidden_leads(self, operation):
        # sudo: only which rows are of no opportunity
        quotas = self.sudo().filtered(lambda row: row.event == "quota").sudo(False)
        visible = quotas.search([("id", "in", quotas.ids)]) if quotas else quotas
        facts = super(
            OpportunityReportSalesperson, self - quotas
        )._get_rows_of_forbidden_leads(operation)
        return facts + (quotas - visible)

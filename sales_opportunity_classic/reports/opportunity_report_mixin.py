from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import reports

# The day whose rate counts: that of the closing, or today. What is open again may keep
# the date of a closing that is past.
RATE_DATE = """
    CASE WHEN %(won_status)s IN ('won', 'lost')
         THEN COALESCE(%(actual_close_date)s, %(date_closed)s, %(today)s)
         ELSE %(today)s END
"""


class OpportunityReportMixin(models.AbstractModel):
    """Figures about opportunities, worked out from the records when they are read.

    The rows are those of the opportunities that the reader may read: this is part of
    the query, so that nothing else is worked on. Nothing is kept and nothing written.
    Amounts are in the currency of the reader's company, converted at the rate of the
    closing date, or of today for what is open.
    """

    _name = "opportunity.report.mixin"
    _description = "Opportunity Analysis"
    _inherit = ["opportunity.access.mixin", "opportunity.report.print.mixin"]
    _rec_name = "lead_id"

    # {field: (numerator, denominator)} of those with the aggregator "ratio"
    _ratios = {}
    # What is printed unless the reader chose otherwise: figures, and a table for each
    # way to group them
    _printed_figures = ()
    _printed_groups = ()

    lead_id = fields.Many2one("crm.lead", "Opportunity", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)

    # === THE QUERY === #

    @property
    def _table_query(self):
        return self._get_query(self._get_exchange())

    def _get_query(self, exchange):
        """Return the query of the rows, in the rights of the reader.

        :param Exchange exchange: how amounts become those of the reader's company
        """
        raise NotImplementedError

    def _get_exchange(self):
        currency = self.env.company.currency_id
        # sudo: which of them the reader may see is asked of opportunities
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        companies = companies.search(Domain.TRUE)
        return reports.Exchange(
            foreign={
                company.id: company.currency_id.id
                for company in companies
                if company.currency_id != currency
            },
            currency_id=currency.id,
            company_id=self.env.company.root_id.id,
            unit=currency.rounding,
        )

    def _select_leads(self, exchange):
        """Return the query of the opportunities that the reader may read, with what
        the report depends on."""
        names = dict.fromkeys(("id", *self._depends["crm.lead"]))
        columns = [SQL.identifier("crm_lead", name) for name in names]
        owner = SQL.identifier("crm_lead", "company_id")
        rate = exchange.select_rate(owner, self._select_rate_date())
        Lead = self.env["crm.lead"]
        query = Lead._search(Domain.TRUE, active_test=False, order="id")
        query.order = None
        return query.select(*columns, rate)

    def _select_rate_date(self):
        names = ("won_status", "actual_close_date", "date_closed")
        Lead = self.env["crm.lead"]
        columns = {name: Lead._field_to_sql(Lead._table, name) for name in names}
        tz = str(self.env.tz)
        columns["date_closed"] = reports.local_date(columns["date_closed"], tz)
        return SQL(RATE_DATE, today=fields.Date.context_today(self), **columns)

    # === READING === #

    @api.model
    def _get_readable_domain(self, domain):
        # Where the mixin looks up what may be read, the query did already.
        return domain

    def _read_group_select(self, aggregate_spec, query):
        name, __, aggregate = aggregate_spec.partition(":")
        if aggregate == "ratio":
            terms = [self._to_sql(term, query) for term in self._ratios[name]]
            return reports.select_ratio(*terms)
        if aggregate in reports.AGGREGATES:
            return reports.AGGREGATES[aggregate](self._to_sql(name, query))
        return super()._read_group_select(aggregate_spec, query)

    def _to_sql(self, name, query):
        return self._field_to_sql(self._table, name, query)

    # === PRINTING === #

    def _prepare_print(self, options):
        """Return the tables that are printed.

        :param dict options: ``domain``, ``groupby`` and ``measures`` of the view, as
            ``read_group`` has them, ``title`` and ``filters`` as the view shows them
        """
        domain, groupby = options.get("domain") or [], options.get("groupby")
        figures = options.get("measures") or self._printed_figures
        return self._prepare_heading(options) | {
            "tables": [
                self._prepare_table(domain, list(specs), figures)
                for specs in ([groupby] if groupby else self._printed_groups)
            ],
        }

    # === ACTION METHODS === #

    def action_open_lead(self):
        """Open the opportunity that the figure is of; a quota is of none."""
        self.ensure_one()
        return bool(self.lead_id) and self.lead_id.get_formview_action()

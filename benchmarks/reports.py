"""The reports: through the ORM as their reader, and bare SQL for the same rows."""

import dataclasses
from collections import defaultdict

from odoo.modules.registry import Registry

from .figures import interleave, line
from .measure import environment, timed

GOAL = 1.1
ROUNDS = 7
ADMIN = 2

STAGES = """
    SELECT stage_id, COUNT(*), AVG(days), SUM(is_won), SUM(is_lost), SUM(revenue)
      FROM (
           SELECT move.to_stage_id AS stage_id, move.kind,
                  CASE WHEN stage.is_won IS NOT TRUE THEN DATE_PART('epoch', COALESCE(
                      LEAD(move.date) OVER history, now() AT TIME ZONE 'UTC')
                      - move.date) / 86400 END AS days,
                  (LEAD(move.kind) OVER history = 'won')::int AS is_won,
                  (LEAD(move.kind) OVER history = 'lost')::int AS is_lost,
                  COALESCE(LEAD(move.expected_revenue) OVER history,
                      lead.expected_revenue) AS revenue,
                  MAX(move.date) FILTER (WHERE move.kind = 'lost') OVER history
                      AS lost_on,
                  MAX(move.date) FILTER (WHERE move.kind IN ('won', 'restored'))
                      OVER history AS open_on
             FROM crm_lead AS lead
             JOIN opportunity_stage_move AS move ON move.lead_id = lead.id
             JOIN crm_stage AS stage ON stage.id = move.to_stage_id
            WHERE lead.type = 'opportunity' AND move.origin IS NULL
              AND (lead.company_id IN (1) OR lead.company_id IS NULL)
              AND (%(user_id)s IS NULL
                   OR lead.user_id = %(user_id)s OR lead.user_id IS NULL)
           WINDOW history AS (PARTITION BY move.lead_id ORDER BY move.date, move.id)
      ) AS visit
     WHERE kind <> 'lost' AND (kind <> 'moved' OR lost_on IS NULL OR open_on >= lost_on)
     GROUP BY stage_id
"""
OUTCOMES = """
    SELECT user_id, COUNT(*), SUM((won_status = 'won')::int),
           SUM((won_status = 'lost')::int),
           SUM(CASE WHEN won_status = 'won' THEN COALESCE(actual_revenue, 0)
               ELSE 0 END),
           SUM(CASE WHEN won_status = 'lost' THEN expected_revenue ELSE 0 END)
      FROM crm_lead
     WHERE won_status IN ('won', 'lost') AND type = 'opportunity'
       AND (company_id IN (1) OR company_id IS NULL)
     GROUP BY user_id
"""
# The same facts of the same opportunities: those of the company, open or not.
SALESPEOPLE = """
    SELECT user_id, COUNT(DISTINCT worked), SUM(created), SUM(won), SUM(lost),
           SUM(revenue), AVG(response)
      FROM (
           SELECT user_id, NULL::int AS worked, (type = 'opportunity')::int AS created,
                  0 AS won, 0 AS lost, NULL::numeric AS revenue, NULL::float AS response
             FROM crm_lead
            WHERE (company_id IN (1) OR company_id IS NULL) AND create_date IS NOT NULL
        UNION ALL
           SELECT lead.user_id, NULL, 0, 0, 0, NULL,
                  DATE_PART('epoch', MIN(message.date) - lead.create_date) / 3600
             FROM crm_lead AS lead
             JOIN mail_message AS message
               ON message.model = 'crm.lead' AND message.res_id = lead.id
             JOIN res_users AS author
               ON author.partner_id = message.author_id AND author.share IS NOT TRUE
            WHERE (lead.company_id IN (1) OR lead.company_id IS NULL)
              AND message.date >= lead.create_date
              AND (message.mail_activity_type_id IS NOT NULL
                   OR message.message_type IN ('comment', 'email_outgoing')
                      AND message.is_internal IS NOT TRUE)
            GROUP BY lead.id
        UNION ALL
           SELECT user_id, NULL, 0, (won_status = 'won')::int,
                  (won_status = 'lost')::int,
                  CASE WHEN won_status = 'won' THEN actual_revenue END, NULL
             FROM crm_lead
            WHERE (company_id IN (1) OR company_id IS NULL)
              AND won_status IN ('won', 'lost') AND type = 'opportunity'
        UNION ALL
           SELECT user_id, NULL, 0, 0, 0, NULL, NULL
             FROM crm_lead
            WHERE (company_id IN (1) OR company_id IS NULL)
              AND won_status = 'pending' AND type = 'opportunity' AND active
        UNION ALL
           SELECT move.user_id, lead.id, 0, 0, 0, NULL, NULL
             FROM crm_lead AS lead
             JOIN opportunity_stage_move AS move ON move.lead_id = lead.id
            WHERE (lead.company_id IN (1) OR lead.company_id IS NULL)
              AND move.origin IS NULL
        UNION ALL
           SELECT author.id, lead.id, 0, 0, 0, NULL, NULL
             FROM crm_lead AS lead
             JOIN mail_message AS message
               ON message.model = 'crm.lead' AND message.res_id = lead.id
             JOIN res_users AS author
               ON author.partner_id = message.author_id AND author.share IS NOT TRUE
            WHERE (lead.company_id IN (1) OR lead.company_id IS NULL)
              AND (message.mail_activity_type_id IS NOT NULL
                   OR message.message_type IN ('comment', 'email_outgoing'))
        UNION ALL
           SELECT activity.user_id, NULL, 0, 0, 0, NULL, NULL
             FROM crm_lead AS lead
             JOIN mail_activity AS activity
               ON activity.res_model = 'crm.lead' AND activity.res_id = lead.id
            WHERE (lead.company_id IN (1) OR lead.company_id IS NULL)
              AND activity.active AND activity.date_deadline < CURRENT_DATE
      ) AS fact
     GROUP BY user_id
"""
FORECASTS = """
    SELECT date_trunc('month', date_deadline), COUNT(*), SUM(expected_revenue),
           SUM(expected_revenue * probability::numeric / 100),
           SUM(COALESCE(NULLIF(revenue_low, 0), expected_revenue))
      FROM crm_lead
     WHERE won_status = 'pending' AND active AND type = 'opportunity'
       AND (company_id IN (1) OR company_id IS NULL)
     GROUP BY 1
"""
WAITING = """
    SELECT stage_id, COUNT(*), SUM(expected_revenue),
           AVG(DATE_PART('epoch', now() AT TIME ZONE 'UTC' - last.date) / 86400)
      FROM crm_lead AS lead
      LEFT JOIN LATERAL (
           SELECT date FROM opportunity_stage_move
            WHERE lead_id = lead.id AND origin IS NULL
            ORDER BY date DESC, id DESC LIMIT 1
      ) AS last ON TRUE
     WHERE won_status = 'pending' AND active AND type = 'opportunity'
       AND (company_id IN (1) OR company_id IS NULL)
     GROUP BY stage_id
"""
STAGE_FIGURES = (
    "__count",
    "days:avg",
    "won_count:sum",
    "lost_count:sum",
    "expected_revenue:sum",
)


def report_stage(setting, **options):
    """All visits to all stages, as a manager."""
    return measure(
        setting,
        "report_stage",
        STAGES,
        ADMIN,
        ("opportunity.report.stage", [], ["stage_id"], STAGE_FIGURES),
        **options,
    )


def report_stage_own(setting, **options):
    """The same for the 2,000 opportunities of a salesperson."""
    return measure(
        setting,
        "report_stage_own",
        STAGES,
        setting.uid,
        ("opportunity.report.stage", [], ["stage_id"], STAGE_FIGURES),
        **options,
    )


def report_stage_tracking(setting):
    """Mean days per stage of a salesperson, against Odoo's own durations."""

    def ours(env):
        report = env["opportunity.report.stage"]
        return report._read_group([], ["stage_id"], ["days:avg"])

    def peer(env):
        totals = defaultdict(list)
        leads = env["crm.lead"].with_context(active_test=False).search([])
        for durations in leads.mapped("duration_tracking"):
            for stage, seconds in durations.items():
                totals[stage].append(seconds / 86400)
        return {stage: sum(days) / len(days) for stage, days in totals.items()}

    sides = {
        name: side_of(setting, setting.uid, read)
        for name, read in (("ours", ours), ("peer", peer))
    }
    samples = interleave(ROUNDS, **sides)
    return [line("report_stage_tracking", samples, 10, faster=True)]


def report_outcome(setting, **options):
    """What was won and lost by whom."""
    figures = ("__count", "won_count:sum", "lost_count:sum", "won_revenue:sum")
    figures += ("lost_revenue:sum",)
    query = ("opportunity.report.outcome", [], ["user_id"], figures)
    return measure(setting, "report_outcome", OUTCOMES, ADMIN, query, **options)


def report_salesperson(setting, **options):
    """The figures of all salespeople."""
    figures = ("worked_count:count_distinct", "created_count:sum", "won_count:sum")
    figures += ("lost_count:sum", "won_revenue:sum", "response_hours:avg")
    query = ("opportunity.report.salesperson", [], ["user_id"], figures)
    return measure(setting, "report_salesperson", SALESPEOPLE, ADMIN, query, **options)


def report_forecast(setting, **options):
    """What is open, by month."""
    figures = ("__count", "expected_revenue:sum", "weighted_revenue:sum")
    figures += ("revenue_low:sum",)
    domain = [("is_current", "=", True), ("kind", "=", "open")]
    query = ("opportunity.report.forecast", domain, ["date:month"], figures)
    return measure(setting, "report_forecast", FORECASTS, ADMIN, query, **options)


def report_ageing(setting, **options):
    """How long what is open has not moved."""
    figures = ("__count", "expected_revenue:sum", "days_unmoved:avg")
    query = ("opportunity.report.ageing", [], ["stage_id"], figures)
    return measure(setting, "report_ageing", WAITING, ADMIN, query, **options)


def report_growth(setting):
    """Each report on a million opportunities; its own share grows as well."""
    million = dataclasses.replace(setting, ours=Registry(setting.million))
    lines = []
    for report in REPORTS[:-1]:
        if report is not report_stage_tracking:
            [figures] = report(million, rounds=2)
            lines.append(dataclasses.replace(figures, name=f"{figures.name}_million"))
    return lines


REPORTS = (
    report_stage,
    report_stage_own,
    report_stage_tracking,
    report_outcome,
    report_salesperson,
    report_forecast,
    report_ageing,
    report_growth,
)


def measure(setting, name, bare, uid, query, rounds=ROUNDS):
    """Read a report as a user, and its rows as bare SQL."""
    model, domain, groupby, figures = query

    def ours(env):
        return env[model]._read_group(domain, groupby, figures)

    def floor(env):
        env.cr.execute(bare, {"user_id": None if uid == ADMIN else uid})
        return env.cr.fetchall()

    sides = {
        side: side_of(setting, uid, read)
        for side, read in (("ours", ours), ("floor", floor))
    }
    return [line(name, interleave(rounds, **sides), GOAL)]


def side_of(setting, uid, read):
    """What takes the sample of one way to read."""

    def run(_number):
        with environment(setting.ours, uid) as env:
            return timed(env.cr, lambda: read(env))

    return run

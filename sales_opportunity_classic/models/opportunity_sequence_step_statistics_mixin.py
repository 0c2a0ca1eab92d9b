from typing import NamedTuple

from odoo import fields, models
from odoo.tools import SQL


class StepFigures(NamedTuple):
    """What came of a step. How often it was carried out and what people did with its
    emails, of which the programs that look at emails before them are told apart."""

    done_count: int = 0
    opened_count: int = 0
    clicked_count: int = 0
    replied_count: int = 0
    won_count: int = 0


class OpportunitySequenceStepStatisticsMixin(models.AbstractModel):
    """How a step does, in all versions of its sequence together.

    Counted of what the user may see when it is asked for; nothing is stored.
    """

    _name = "opportunity.sequence.step.statistics.mixin"
    _description = "Statistics of a Step"

    waiting_count = fields.Integer(
        "Next for",
        compute="_compute_waiting_count",
        help="How many are to come to it next, active or paused.",
    )
    done_count = fields.Integer(
        "Done",
        compute="_compute_figures",
        help="How often it was carried out, in all versions of the sequence.",
    )
    opened_count = fields.Integer(
        "Opened",
        compute="_compute_figures",
        help="Emails that somebody opened, where Opens are tracked by the settings.",
    )
    clicked_count = fields.Integer(
        "Clicked",
        compute="_compute_figures",
        help="Emails of which somebody followed a link.",
    )
    replied_count = fields.Integer("Replied", compute="_compute_figures")
    won_count = fields.Integer(
        "Won",
        compute="_compute_figures",
        help="Opportunities that came to this step and are won.",
    )

    def _compute_waiting_count(self):
        groups = self.env["opportunity.sequence.enrollment"]._read_group(
            [
                ("next_step_id", "in", self._get_all_versions().ids),
                ("state", "in", ("active", "paused")),
            ],
            ["next_step_id"],
            ["__count"],
        )
        counts = {}
        for step, count in groups:
            origin = step._get_origin().id
            counts[origin] = counts.get(origin, 0) + count
        for step in self:
            step.waiting_count = counts.get(step._origin._get_origin().id, 0)

    def _compute_figures(self):
        figures = self._get_figures()
        for step in self:
            own = figures.get(step._origin._get_origin().id, StepFigures())
            step.update(own._asdict())

    def _get_all_versions(self):
        """Return the steps with their copies in the other versions."""
        steps = self._origin.sequence_id.all_step_ids
        origins = {step._get_origin() for step in self._origin}
        return steps.filtered(lambda step: step._get_origin() in origins)

    def _get_figures(self):
        """Return {id of the original step: its ``StepFigures``}."""
        runs = self.env["opportunity.sequence.run"]
        for model in (runs._name, self._name, "crm.lead", "opportunity.click"):
            self.env[model].flush_model()
        seen = runs._search(
            [("step_id", "in", self._get_all_versions().ids), ("state", "=", "done")]
        )
        rows = self.env.execute_query(_count_runs(seen.subselect()))
        return {origin_id: StepFigures(*counts) for origin_id, *counts in rows}


def _count_runs(run_ids):
    """Return the statement that counts runs by the original of their step."""
    return SQL(
        """
        SELECT COALESCE(step.origin_id, step.id),
               COUNT(*),
               COUNT(click.opened),
               COUNT(click.clicked),
               COUNT(run.date_replied),
               COUNT(DISTINCT lead.id)
          FROM opportunity_sequence_run run
          JOIN opportunity_sequence_step step ON step.id = run.step_id
     LEFT JOIN crm_lead lead ON lead.id = run.lead_id AND lead.won_status = 'won'
     LEFT JOIN LATERAL (
                   SELECT MIN(date) AS opened,
                          MIN(date) FILTER (WHERE kind = 'click') AS clicked
                     FROM opportunity_click
                    WHERE mail_message_id = run.message_id
                      AND is_robot IS NOT TRUE
               ) click ON TRUE
         WHERE run.id IN %s
      GROUP BY 1
        """,
        run_ids,
    )

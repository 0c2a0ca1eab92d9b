from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.fields import Domain

# What caches of stages and of views know of a stage
CACHED = {"target_days", "sequence", "is_won"}


class CrmStage(models.Model):
    """A stage with its default probability, target days and checklist."""

    _inherit = "crm.stage"

    default_probability = fields.Float(
        groups="base.group_user",
        help="Probability that opportunities get on entering this stage. "
        "Leave at 0 for Odoo's computed probability.",
    )
    target_days = fields.Integer(
        groups="base.group_user",
        help="Days after which opportunities of this stage show in amber. "
        "Set to 0 to disable.",
    )
    checklist_item_ids = fields.One2many(
        "opportunity.checklist.item",
        "stage_id",
        string="Checklist",
        # Not all who may read a stage may read its items.
        groups="sales_team.group_sale_salesman",
    )

    _check_default_probability = models.Constraint(
        "CHECK (default_probability BETWEEN 0 AND 100)",
        "The default probability of a stage should be between 0% and 100%.",
    )
    _check_target_days = models.Constraint(
        "CHECK (target_days >= 0)", "The target days of a stage cannot be negative."
    )

    @api.model_create_multi
    def create(self, vals_list):
        stages = super().create(vals_list)
        if stages:
            self.env.registry.clear_cache("default", "templates")
        return stages

    def write(self, vals):
        result = super().write(vals)
        if self and not vals.keys().isdisjoint(CACHED):
            self.env.registry.clear_cache("default", "templates")
        return result

    @api.model
    @tools.ormcache()
    def _get_target_days(self):
        """Return {stage id: its target days, where it has any}, cached: every card of
        the pipeline asks."""
        # sudo: the pace of a stage is the same for everybody
        stages = self.sudo().search([("target_days", ">", 0)])
        return {stage.id: stage.target_days for stage in stages}

    def unlink(self):
        result = super().unlink()
        if self:
            self.env.registry.clear_cache("default", "templates")
        return result

    @api.model
    @tools.ormcache("stage_id")
    def _get_ids_from(self, stage_id):
        """Return the ids of a stage and all later ones; none where it is gone."""
        # sudo: the order of stages is the same for everybody
        stages = self.sudo().search(Domain.TRUE)
        first = stages.filtered(lambda stage: stage.id == stage_id)
        later = stages.filtered(lambda s: first and s._get_rank() >= first._get_rank())
        return later.ids

    def _get_entry_probability(self):
        """Return the probability to set on entering this stage; 0: Odoo computes it.

        A won stage is always 100 % (Odoo's own rule)."""
        # sudo: it is set for whoever moves the opportunity, portal users included
        stage = self.sudo()
        return 0.0 if stage.is_won else stage.default_probability

    def _get_rank(self):
        """Return what tells which of two stages is further; won is the furthest and
        no stage comes before the first."""
        return (self.is_won, self.sequence, self.id)

    def _get_passed(self, left, entered, team):
        """Return those of these stages that an opportunity of ``team`` passes on the
        way from ``left``, which counts, to ``entered``, which does not."""
        return self.filtered(
            lambda stage: (
                left._get_rank() <= stage._get_rank()
                and (not entered or stage._get_rank() < entered._get_rank())
                and (stage == left or not stage.team_ids or team in stage.team_ids)
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ticked_checklist(self):
        # sudo: ticks on opportunities that the user may not see count as well
        items = self.sudo().with_context(active_test=False).checklist_item_ids
        if items.tick_ids:
            raise UserError(
                self.env._(
                    "%(stages)s: checklist items were ticked in this stage. Fold the "
                    "stage instead of deleting it, or move its items to another stage.",
                    stages=", ".join(items.stage_id.mapped("name")),
                )
            )

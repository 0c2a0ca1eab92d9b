from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain

from ..tools.validity import is_amount

# Days that can be counted back from any date without leaving the calendar.
LONGEST_STAY = 365 * 1000
# What people write that moves an opportunity to another stage: a team without the
# present stage makes Odoo choose one.
STAGE_CAUSES = {"stage_id", "team_id", "user_id", "type"}


class OpportunityStageDisciplineMixin(models.AbstractModel):
    """What a stage asks of an opportunity: a probability, a pace and a checklist.

    * Entering a stage with a default probability sets it, unless the same write
      sets another.
    * Staying longer than the stage's target days turns the days amber.
    * Moving forward needs the required checklist items of the stage that is left and
      of those that are passed over; won is the furthest stage. Sales managers may
      pass, which is logged. Going back is always possible.
    """

    _name = "opportunity.stage.discipline.mixin"
    _description = "Stage Discipline"

    days_in_stage = fields.Integer(
        "Days in Stage",
        compute="_compute_days_in_stage",
        search="_search_days_in_stage",
        groups="base.group_user",
        help="Full days since the opportunity entered its stage.",
    )
    stage_target_days = fields.Integer(
        compute="_compute_is_over_target", groups="base.group_user"
    )
    is_over_target = fields.Boolean(
        compute="_compute_is_over_target",
        search="_search_is_over_target",
        groups="base.group_user",
        help="The opportunity is in its stage for longer than the stage's target days.",
    )
    checklist_tick_ids = fields.One2many(
        "opportunity.checklist.tick",
        "lead_id",
        string="Ticked Items",
        groups="base.group_user",
    )
    checklist_done_ids = fields.Many2many(
        "opportunity.checklist.item",
        string="Checklist",
        compute="_compute_checklist_done_ids",
        inverse="_inverse_checklist_done_ids",
        groups="base.group_user",
        help="Items with an asterisk are required before moving forward.",
    )
    has_checklist = fields.Boolean(
        compute="_compute_has_checklist", groups="base.group_user"
    )

    # === COMPUTE METHODS === #

    @api.depends("date_last_stage_update")
    def _compute_days_in_stage(self):
        now = self.env.cr.now()
        for lead in self:
            since = lead.date_last_stage_update or now
            lead.days_in_stage = max((now - since).days, 0)

    def _search_days_in_stage(self, operator, value):
        """Days count down into dates: at least 3 days means entered 3 days ago or
        before."""
        if operator == "in":
            return Domain.OR(
                self._get_stage_age_domain(days, days + 1)
                for days in self._get_searched_days(value)
            )
        if operator not in (">", ">=", "<", "<="):
            return NotImplemented
        [days] = self._get_searched_days([value])
        days += operator in (">", "<=")
        if operator in (">", ">="):
            return self._get_stage_age_domain(days, None)
        return self._get_stage_age_domain(None, days)

    @api.model
    def _get_searched_days(self, values):
        """Return the values as days, none of which lies far ahead."""
        for value in values:
            if not is_amount(value):
                raise UserError(
                    self.env._("“%(value)s” is no number of days.", value=value)
                )
        return [max(value or 0, -1) for value in values]

    @api.model
    def _get_stage_age_domain(self, at_least, less_than):
        """Return the domain of leads in their stage for ``at_least`` (or any) and
        ``less_than`` (or any) full days."""
        now, domain = self.env.cr.now(), Domain.TRUE
        if at_least is not None:
            until = now - timedelta(days=min(at_least, LONGEST_STAY))
            domain &= Domain("date_last_stage_update", "<=", until)
        if less_than is not None:
            after = now - timedelta(days=min(less_than, LONGEST_STAY))
            domain &= Domain("date_last_stage_update", ">", after)
        return domain

    @api.depends("days_in_stage", "stage_id.target_days", "won_status", "active")
    def _compute_is_over_target(self):
        targets = self.env["crm.stage"]._get_target_days()
        self.is_over_target = False
        for stage, leads in self.grouped("stage_id").items():
            target = leads.stage_target_days = targets.get(stage.id, 0)
            if target:
                late = leads.filtered(lambda lead, target=target: lead._is_over(target))
                late.is_over_target = True

    def _is_over(self, target):
        """Tell whether an open opportunity is in its stage for ``target`` days."""
        return (
            self.active
            and self.won_status == "pending"
            and self.days_in_stage >= target
        )

    def _search_is_over_target(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = Domain.OR(
            Domain("stage_id", "=", stage) & self._get_stage_age_domain(days, None)
            for stage, days in self.env["crm.stage"]._get_target_days().items()
        )
        return late & Domain("won_status", "=", "pending") & Domain("active", "=", True)

    @api.depends("checklist_tick_ids.item_id")
    def _compute_checklist_done_ids(self):
        for lead in self:
            lead.checklist_done_ids = lead.checklist_tick_ids.item_id

    def _inverse_checklist_done_ids(self):
        for lead in self:
            ticks, done = lead.checklist_tick_ids, lead.checklist_done_ids
            # archived items are not shown: that they are missing says nothing
            removed = ticks.filtered(
                lambda tick, done=done: tick.item_id.active and tick.item_id not in done
            )
            lead.checklist_tick_ids = [Command.delete(tick.id) for tick in removed] + [
                Command.create({"item_id": item.id}) for item in done - ticks.item_id
            ]

    @api.depends("stage_id.checklist_item_ids")
    def _compute_has_checklist(self):
        by_stage = self.env["opportunity.checklist.item"]._get_ids_by_stage()
        for lead in self:
            lead.has_checklist = lead.stage_id.id in by_stage

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        default_stage_id = self.env.context.get("default_stage_id")
        for vals in vals_list:
            stage_id = vals.get("stage_id", default_stage_id)
            stage = self.env["crm.stage"].browse(stage_id or [])
            if probability := stage._get_entry_probability():
                vals.setdefault("probability", probability)
        return super().create(vals_list)

    def write(self, vals):
        if not vals.keys() & STAGE_CAUSES:
            return super().write(vals)
        # sudo: who gives an opportunity away may not see it afterwards
        left = {lead: lead.stage_id for lead in self.sudo()}
        result = self._write_entry_probability(vals)
        self._check_requirements(
            {
                lead: (stage, lead.stage_id)
                for lead, stage in left.items()
                if lead.stage_id != stage
            }
        )
        return result

    def _write_entry_probability(self, vals):
        """Write, with the default probability for those that enter a stage."""
        stage = self.env["crm.stage"].browse(vals.get("stage_id") or [])
        # A lost opportunity stays lost, whatever its stage makes probable.
        moving = self.filtered(
            lambda lead: lead.stage_id != stage and (lead.active or vals.get("active"))
        )
        probability = stage._get_entry_probability()
        if not probability or "probability" in vals or not moving:
            return super().write(vals)
        super(OpportunityStageDisciplineMixin, self - moving).write(dict(vals))
        return super(OpportunityStageDisciplineMixin, moving).write(
            {**vals, "probability": probability}
        )

    # === ACTION METHODS === #

    def action_restore(self):
        """Restored opportunities take up the probability of their stage again."""
        result = super().action_restore()
        for stage, leads in self.grouped("stage_id").items():
            if probability := stage._get_entry_probability():
                leads.probability = probability
        return result

    # === BUSINESS METHODS === #

    @api.model
    def _check_requirements(self, moves):
        """Refuse moves of opportunities that still lack something required.

        :param dict moves: {opportunity: (stage left, stage entered)}, as superuser
        :raise ValidationError: naming each opportunity and what it lacks, unless the
            user is a sales manager, for whom the override is logged
        """
        missing = self._get_missing_requirements(moves)
        if not missing:
            return
        if self.env.user.has_group("sales_team.group_sale_manager"):
            self._log_override(missing)
            return
        lines = [
            self.env._("%(lead)s: %(items)s", lead=lead.name, items=", ".join(names))
            for lead, names in missing.items()
        ]
        raise ValidationError(
            self.env._(
                "Complete what is required before moving on:\n%(lines)s",
                lines="\n".join(lines),
            )
        )

    @api.model
    def _get_missing_requirements(self, moves):
        """Return {opportunity: names of what it lacks} of those that may not move.

        What a stage requires is asked on the way forward over it. Features that
        require more than checklist items add to this.

        :param dict moves: {opportunity: (stage left, stage entered)}, as superuser;
            the opportunities are already as they are to be
        """
        by_stage = self.env["opportunity.checklist.item"]._get_ids_by_stage()
        required = {stage_id: ids for stage_id, (__, ids) in by_stage.items() if ids}
        missing = {}
        for lead, (left, entered) in moves.items() if required else ():
            stages = left.browse(required)._get_passed(left, entered, lead.team_id)
            items = lead.env["opportunity.checklist.item"].browse(
                item_id for stage in stages for item_id in required[stage.id]
            )
            if open_items := items - lead.checklist_tick_ids.item_id:
                missing[lead] = [item._get_name_beside(left) for item in open_items]
        return missing

    @api.model
    def _log_override(self, missing):
        for lead, names in missing.items():
            lead.with_env(self.env).message_post(
                body=self.env._(
                    "Moved to %(stage)s without what is required: %(items)s",
                    stage=lead.stage_id.name,
                    items=", ".join(names),
                )
            )

    def _merge_opportunity(self, *args, **kwargs):
        """Merging moves every opportunity to the stage of the one that stays."""
        # sudo: whether they may be merged is asked by super
        left = min(
            (lead.stage_id for lead in self.sudo()),
            key=lambda stage: stage._get_rank(),
            default=self.env["crm.stage"],
        )
        merged = super()._merge_opportunity(*args, **kwargs)
        survivor = merged.sudo()
        self._check_requirements({survivor: (left, survivor.stage_id)})
        return merged

    def _merge_dependences(self, opportunities):
        result = super()._merge_dependences(opportunities)
        # sudo: who did what is kept, whoever merges
        ticks = self.env["opportunity.checklist.tick"].sudo()
        ticks._copy_ticks(opportunities.sudo(), self.sudo())
        return result

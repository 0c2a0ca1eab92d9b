from odoo import api, models

from ..tools.custom_fields.types import get_column_names


class OpportunityCustomLeadMixin(models.AbstractModel):
    """Custom fields of opportunities: tabs by sales team, fields required from a
    stage on, and what a merge keeps."""

    _name = "opportunity.custom.lead.mixin"
    _inherit = "opportunity.custom.value.mixin"
    _description = "Custom Fields of Opportunities"

    # === REQUIRED FIELDS === #

    @api.model
    def _get_custom_names_written(self, vals):
        """Add what another team's tabs ask for."""
        names = super()._get_custom_names_written(vals)
        if not vals.get("team_id"):
            return names
        teams = self.env["opportunity.custom.definition"]._get_teams
        custom = self._get_custom_fields().values()
        return names | {field["name"] for field in custom if teams(field["tab"])}

    def _filter_asked(self, field):
        """Return the opportunities of the tab's teams, in a stage that requires it."""
        return (
            super()
            ._filter_asked(field)
            .filtered(lambda lead: lead._is_tab_shown(field) and lead._is_stage(field))
        )

    def _is_tab_shown(self, field):
        teams = self.env["opportunity.custom.definition"]._get_teams(field["tab"])
        return not teams or self.team_id.id in teams

    def _is_stage(self, field):
        first = field["stage"]
        return not first or self.stage_id.id in self.stage_id._get_ids_from(first)

    @api.model
    def _get_missing_requirements(self, moves):
        """Add the fields that are required from the stage entered on, or before."""
        missing = super()._get_missing_requirements(moves)
        staged = [f for f in self._get_custom_fields().values() if f["stage"]]
        for lead, (left, entered) in moves.items():
            if entered._get_rank() < left._get_rank():
                continue
            lacking = [f["label"] for f in staged if lead._filter_without_custom(f)]
            if lacking:
                missing[lead] = missing.get(lead, []) + lacking
        return missing

    # === MERGING === #

    def _merge_dependences(self, opportunities):
        """Keep the values of the survivor; where it has none, those of the others."""
        result = super()._merge_dependences(opportunities)
        values = {}
        # sudo: the deal keeps what this user may not see of it as well
        survivor, others = self.sudo(), opportunities.sudo()
        for field in self._get_custom_fields().values():
            names = [n for n in get_column_names(field) if n in self._fields]
            source = (survivor + others).filtered(names[0])[:1] if names else survivor
            if source and source != survivor:
                values.update(source._convert_to_write({n: source[n] for n in names}))
        survivor.write(values)
        return result

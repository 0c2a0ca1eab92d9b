from odoo import models


class OpportunityCustomLeadMixin(models.AbstractModel):
    """Custom fields of opportunities: tabs by sales team, and what a merge keeps."""

    _name = "opportunity.custom.lead.mixin"
    _inherit = "opportunity.custom.value.mixin"
    _description = "Custom Fields of Opportunities"

    def _filter_by_custom_tab(self, field):
        live = self.env["opportunity.custom.definition"]._get_live(self._name)
        teams = next(tab["teams"] for tab in live["tabs"] if tab["id"] == field["tab"])
        shown = super()._filter_by_custom_tab(field)
        return shown.filtered(lambda lead: not teams or lead.team_id.id in teams)

    def _merge_dependences(self, opportunities):
        """Keep the values of the survivor; where it has none, those of the others."""
        result = super()._merge_dependences(opportunities)
        values = {}
        # sudo: the deal keeps what this user may not see of it as well
        survivor, others = self.sudo(), opportunities.sudo()
        for name in self._get_custom_fields().keys() & self._fields.keys():
            source = (survivor + others).filtered(name)[:1]
            if source and source != survivor:
                column = self._fields[name]
                values[name] = column.convert_to_write(source[name], source)
        survivor.write(values)
        return result

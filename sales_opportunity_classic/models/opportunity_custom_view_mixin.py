from odoo import api, models

from ..tools.custom_fields import arch as custom_arch
from ..tools.custom_fields.changes import get_fields


class OpportunityCustomViewMixin(models.AbstractModel):
    """Shows the live custom tabs in the views of a model, as Odoo composes them.

    Nothing is stored beside the definition: there is no view that an addon installed
    later could break, or that stays behind. What a view has no place for, or what is
    no field any more, is left out.
    """

    _name = "opportunity.custom.view.mixin"
    _description = "Shows Custom Fields"

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        self._add_custom_fields(arch, view_type)
        return arch, view

    @api.model
    def _add_custom_fields(self, arch, view_type):
        """Add the live tabs and fields to a view.

        :return: names of the fields that found a place
        """
        tabs = self._get_shown_tabs()
        if view_type == "form":
            return custom_arch.add_pages(arch, tabs)
        add = {
            "list": custom_arch.add_columns,
            "search": custom_arch.add_search_items,
            "kanban": custom_arch.add_to_card,
        }.get(view_type)
        fields = get_fields({"tabs": tabs})
        return add(arch, fields) if add and fields else []

    @api.model
    def _get_shown_tabs(self):
        """Return the live tabs with what is to be shown of them, each with the
        condition under which it is shown, each field with that of its requirement."""
        live = self.env["opportunity.custom.definition"]._get_live(self._name)
        return [self._get_shown_tab(tab) for tab in live["tabs"]]

    @api.model
    def _get_shown_tab(self, tab):
        condition = f"team_id in {tab['teams']}" if tab["teams"] else ""
        groups = [
            {
                **group,
                "fields": [
                    {**field, "requirement": self._get_requirement(field, condition)}
                    for field in group["fields"]
                    if field["active"] and field["name"] in self._fields
                ],
            }
            for group in tab["groups"]
        ]
        return {**tab, "condition": condition, "groups": groups}

    @api.model
    def _get_requirement(self, field, condition):
        """Return the expression for when the form asks for a value."""
        if not field["required"]:
            return ""
        terms = [condition] if condition else []
        if field["stage"]:
            stages = self.env["crm.stage"]._get_ids_from(field["stage"])
            terms.append(f"stage_id in {stages}")
        return " and ".join(terms) or "1"

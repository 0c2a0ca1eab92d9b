from odoo import api, models
from odoo.fields import Command

# Who reads social security numbers, where their field names no group
GUARD = "sales_opportunity_classic.group_social_security_number"
# How a definition calls what the draft keeps
DESCRIBED_TEXTS = {
    "name": "name",
    "label": "label",
    "type": "field_type",
    "help": "help_text",
    "placeholder": "placeholder",
    "default": "default_value",
}
DESCRIBED_FLAGS = {
    "active": "active",
    "required": "required",
    "tracked": "tracked",
    "wide": "is_wide",
    "in_list": "show_in_list",
    "in_list_at_once": "show_in_list_at_once",
    "in_search": "show_in_search",
    "in_kanban": "show_in_kanban",
    "in_group_by": "show_in_group_by",
}


class OpportunityCustomDescriptionMixin(models.AbstractModel):
    """A custom field as the dictionary that a definition keeps, both ways."""

    _name = "opportunity.custom.description.mixin"
    _description = "Description of a Custom Field"

    def _describe(self):
        """Return the field as the dictionary that a definition keeps."""
        self.ensure_one()
        options = self.with_context(active_test=False).option_ids
        roots = options.filtered(lambda option: not option.parent_id)
        return {
            **{key: self[name] or "" for key, name in DESCRIBED_TEXTS.items()},
            **{key: self[name] for key, name in DESCRIBED_FLAGS.items()},
            "required": self.required or bool(self.required_stage_id),
            "stage": self.required_stage_id.id,
            "visible_to": self.groups._get_opportunity_xmlids(),
            "editors": self.edit_group_ids._get_opportunity_xmlids(),
            "access": self._get_access(),
            "options": [option._describe() for option in roots],
        }

    def _describe_for_editor(self):
        """Return the description with what only the editor needs."""
        only_editor = {"id": self.id, "sequence": self.sequence}
        return {**self._describe(), **only_editor, "is_applied": self.is_applied}

    def _is_described(self, row):
        return self.name == row["name"]

    @api.model
    def _read_description(self, row):
        Groups = self.env["res.groups"]
        names = {**DESCRIBED_TEXTS, **DESCRIBED_FLAGS}
        return {
            **{name: row[key] for key, name in names.items()},
            "required_stage_id": self._find("crm.stage", [row["stage"]])[:1].id,
            "groups": [
                Command.set(Groups._get_by_opportunity_xmlids(row["visible_to"]).ids)
            ],
            "edit_group_ids": [
                Command.set(Groups._get_by_opportunity_xmlids(row["editors"]).ids)
            ],
        }

    def _load_children(self, row):
        self.with_context(active_test=False).option_ids._load(
            row["options"], {"field_id": self.id, "parent_id": False}
        )

    def _get_access(self):
        """Return the external ids of the groups that may read the field. Customers
        on the portal never do, since nobody asked them to."""
        if self.field_type == "social_security_number" and not self.groups:
            return GUARD
        groups = self.groups or self.group_id.tab_id.group_ids
        return groups._get_opportunity_xmlids() or "base.group_user"

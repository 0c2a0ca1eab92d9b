import json
from urllib.parse import urlencode

from odoo import api, fields, models

from ..tools.custom_fields.types import FIELD_TYPES, get_file_name_field

# A cell of a spreadsheet has no room for these.
LONG_COLUMNS = ("text", "html", "binary")


class OpportunityCustomFieldDelete(models.TransientModel):
    """Asks before a custom field is deleted: how many values go with it, whether they
    should be exported first, and whether archiving would do.

    The field leaves the draft; its column and values go when the draft is applied.
    """

    _name = "opportunity.custom.field.delete"
    _description = "Delete a Custom Field"

    field_id = fields.Many2one(
        "opportunity.custom.field", required=True, readonly=True, ondelete="cascade"
    )
    label = fields.Char(related="field_id.label")
    is_active = fields.Boolean(related="field_id.active")
    count = fields.Integer(compute="_compute_use")
    uses = fields.Text(compute="_compute_use")
    can_export = fields.Boolean(compute="_compute_can_export")

    # === COMPUTE METHODS === #

    @api.depends("field_id")
    def _compute_use(self):
        for dialog in self:
            definition, name = dialog._get_definition(), dialog.field_id.name
            applied = dialog.field_id.is_applied
            dialog.count = definition._count_filled(name) if applied else 0
            uses = definition._find_uses(name) if applied else []
            dialog.uses = "\n".join(uses)

    @api.depends("field_id")
    @api.depends_context("uid")
    def _compute_can_export(self):
        may_export = self.env.user.has_group("base.group_allow_export")
        for dialog in self:
            Model = self.env[dialog._get_definition().model or "crm.lead"]
            column = Model._fields.get(dialog.field_id.name)
            dialog.can_export = bool(
                may_export and column and Model._has_field_access(column, "read")
            )

    # === ACTIONS === #

    def action_export(self):
        """Download the records with a value as Odoo's export writes them, ready to be
        imported again."""
        self.ensure_one()
        definition, field = self._get_definition(), self.field_id
        names = ["id", "display_name", field.name]
        if field.field_type == "file":
            names.append(get_file_name_field(field.name))
        request = {
            "model": definition.model,
            "fields": [{"name": name, "label": name} for name in names],
            "ids": False,
            "domain": definition._get_filled_domain(field.name),
            "import_compat": True,
            "context": {"active_test": False},
        }
        is_long = FIELD_TYPES[field.field_type].column in LONG_COLUMNS
        query = urlencode({"data": json.dumps(request)})
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/export/{'csv' if is_long else 'xlsx'}?{query}",
            "target": "download",
        }

    def action_archive(self):
        """Hide the field and keep its values."""
        self.ensure_one()
        self.field_id.active = False
        return {"type": "ir.actions.act_window_close"}

    def action_delete(self):
        """Take the field out of the draft.

        :raises UserError: where something else names the field
        """
        self.ensure_one()
        self.field_id.with_context(opportunity_delete_values=True).unlink()
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS METHODS === #

    def _get_definition(self):
        return self.field_id._get_definition()

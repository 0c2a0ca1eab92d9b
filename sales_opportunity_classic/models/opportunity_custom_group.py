from odoo import api, fields, models
from odoo.exceptions import ValidationError


class OpportunityCustomGroup(models.Model):
    """A header on a custom tab, with the fields below it in one or two columns."""

    _name = "opportunity.custom.group"
    _inherit = "opportunity.custom.label.mixin"
    _description = "Custom Header"
    _order = "tab_id, sequence, id"

    name = fields.Char(string="Header", required=True)
    tab_id = fields.Many2one(
        "opportunity.custom.tab", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    columns = fields.Selection(
        [("1", "One Column"), ("2", "Two Columns")], required=True, default="2"
    )
    field_ids = fields.One2many(
        "opportunity.custom.field",
        "group_id",
        string="Fields",
        copy=True,
        context={"active_test": False},
    )

    def write(self, vals):
        if "tab_id" in vals:
            model = self.env["opportunity.custom.tab"].browse(vals["tab_id"]).model
            if foreign := self.filtered(lambda header: header.tab_id.model != model):
                raise ValidationError(
                    self.env._(
                        "“%(header)s” stays on the kind of record it was made for.",
                        header=foreign[0].name,
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_with_fields(self):
        # Through the ORM, so that fields with values are asked about.
        self.field_ids.unlink()

    def _describe(self):
        """Return the header as the dictionary that a definition keeps."""
        self.ensure_one()
        return {
            "id": self.id,
            "name": self.name,
            "columns": int(self.columns),
            "fields": [field._describe() for field in self.field_ids],
        }

    def _describe_for_editor(self):
        """Return the description with what only the editor needs."""
        fields_ = [field._describe_for_editor() for field in self.field_ids]
        return {**self._describe(), "sequence": self.sequence, "fields": fields_}

    @api.model
    def _read_description(self, row):
        columns = "1" if row["columns"] == 1 else "2"
        return {**super()._read_description(row), "columns": columns}

    def _load_children(self, row):
        # A field may come from another header or tab of the same kind of record.
        fields_ = self.env["opportunity.custom.field"].with_context(active_test=False)
        fields_ = fields_.search([("model", "=", self.tab_id.model)])
        fields_._load(row["fields"], {"group_id": self.id})

from odoo import api, models

from ..tools.custom_fields.types import OPTION


class IrFieldsConverter(models.AbstractModel):
    """Imports the options of custom fields by name: those of the imported field only,
    since others may have options of the same name."""

    _inherit = "ir.fields.converter"

    @api.model
    def db_id_for(self, model, field, subfield, value, savepoint):
        converter = self
        if field.comodel_name == OPTION:
            imported = {"opportunity_custom_field": (model._name, field.name)}
            converter = self.with_context(**imported)
        return super(IrFieldsConverter, converter).db_id_for(
            model, field, subfield, value, savepoint
        )

from odoo import fields, models

from ..tools.custom_fields.types import OPTION

LIST_BOX = ("many2many", OPTION)


class IrModelFields(models.Model):
    """Fields made by hand that only some groups may read, on every road.

    Odoo ignores ``groups`` of such fields; here their names are kept as the registry
    understands them, and given to the field when it is set up.
    """

    _inherit = "ir.model.fields"

    access_groups = fields.Char(
        string="Groups with Access",
        readonly=True,
        help="External ids of the groups that may read a custom field.",
    )

    def _instanciate_attrs(self, field_data):
        attrs = super()._instanciate_attrs(field_data)
        if attrs and field_data.get("access_groups"):
            attrs["groups"] = field_data["access_groups"]
        if attrs and (field_data["ttype"], field_data["relation"]) == LIST_BOX:
            # Records keep the options they chose when these are archived.
            attrs["context"] = {"active_test": False}
        return attrs

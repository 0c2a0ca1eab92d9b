from odoo import api, models
from odoo.exceptions import AccessError, ValidationError

from ..tools.custom_fields.types import FIELD_TYPES, is_accepted

NUMBERS = ("integer", "float", "monetary")


class OpportunityCustomValueMixin(models.AbstractModel):
    """What records may hold in their custom fields, whatever the road they are
    written on.

    A required field may stay empty in records that have been there before; it cannot
    be emptied, and what people create must have it. What the server makes by itself,
    of a mail for instance, is not held up.
    """

    _name = "opportunity.custom.value.mixin"
    _description = "Values of Custom Fields"

    @api.model
    def _get_custom_fields(self):
        """Return {technical name: description} of the live custom fields."""
        return self.env["opportunity.custom.definition"]._get_live_fields(self._name)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        custom = self._get_custom_fields()
        if not custom:
            return super().create(vals_list)
        for vals in vals_list:
            self._check_custom_values({name: vals[name] for name in vals if vals[name]})
        records = super().create(vals_list)
        records._check_custom_options(custom.keys() & set().union(*vals_list))
        records._check_custom_required(custom)
        return records

    def write(self, vals):
        names = self._get_custom_fields().keys() & vals.keys()
        if names:
            self._check_custom_values(vals)
        result = super().write(vals)
        if names:
            self._check_custom_options(names)
            self._check_custom_required(names)
        return result

    @api.model
    def _check_custom_values(self, vals):
        for name, field in self._get_custom_fields().items():
            if name not in vals:
                continue
            if not is_accepted(field["type"], vals[name]):
                raise ValidationError(
                    self.env._(
                        "%(field)s: “%(value)s” is no value of this field.",
                        field=field["label"],
                        value=vals[name],
                    )
                )
            self._check_custom_editor(field)

    @api.model
    def _check_custom_editor(self, field):
        editors = field["editors"]
        if editors and not (self.env.su or self.env.user.has_groups(editors)):
            raise AccessError(
                self.env._(
                    "%(field)s: only members of certain groups may change it. Ask a "
                    "sales administrator.",
                    field=field["label"],
                )
            )

    def _check_custom_options(self, names):
        """Refuse options of another field."""
        for name in names:
            field = self._get_custom_fields()[name]
            if FIELD_TYPES[field["type"]].choices != "records":
                continue
            # sudo: options of a field that the user may only write
            options = self.sudo().mapped(name)
            own = self._name, name
            if any((option.model, option.field_name) != own for option in options):
                raise ValidationError(
                    self.env._(
                        "%(field)s: the chosen option is one of another field.",
                        field=field["label"],
                    )
                )

    def _check_custom_required(self, names):
        if self.env.su:
            return
        for name in names:
            field = self._get_custom_fields()[name]
            if empty := self._filter_without_custom(field)[:1]:
                raise ValidationError(
                    self.env._(
                        "“%(record)s” needs a value for “%(field)s”.",
                        record=empty.display_name,
                        field=field["label"],
                    )
                )

    def _filter_without_custom(self, field):
        """Return the records that are asked for a value and have none. Numbers always
        have one, and nobody is asked for what they cannot see."""
        column = self._fields.get(field["name"])
        if not (field["required"] and field["active"]) or column is None:
            return self.browse()
        if column.type in NUMBERS or not self._has_field_access(column, "write"):
            return self.browse()
        return self._filter_asked(field).filtered(lambda r: not r[field["name"]])

    def _filter_asked(self, field):
        """Return the records that are asked for a value of a required field."""
        return self

    # === VIEWS === #

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """An archived field keeps its values, and is offered nowhere."""
        described = super().fields_get(allfields, attributes)
        for name, field in self._get_custom_fields().items():
            if name in described and not field["active"]:
                for ability in ("searchable", "sortable", "groupable", "exportable"):
                    if ability in described[name]:
                        described[name][ability] = False
        return described

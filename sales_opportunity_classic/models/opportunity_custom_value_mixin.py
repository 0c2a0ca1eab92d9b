from odoo import api, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import is_html_empty

from ..tools.custom_fields.changes import get_options
from ..tools.custom_fields.types import FIELD_TYPES, is_accepted

EMPLOYEES = "base.group_user"
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

    @api.model
    def _has_field_access(self, field, operation):
        """Most fields are for employees to read: that is asked some hundred times per
        request, and looked up once per transaction."""
        if operation == "read" and field.groups == EMPLOYEES and not self.env.su:
            return self._is_asked_by_employee()
        return super()._has_field_access(field, operation)

    @api.model
    def _is_asked_by_employee(self):
        known, key = self.env.cr.cache, ("opportunity_employee", self.env.uid)
        if key not in known:
            known[key] = self.env.user._is_internal()
        return known[key]

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        custom = self._get_custom_fields()
        if not custom:
            return super().create(vals_list)
        for vals in vals_list:
            self._check_custom_values(vals)
        records = super().create(vals_list)
        names = custom.keys() & self._get_custom_names_given(vals_list)
        records._check_custom_created(names)
        records._check_custom_options(names)
        records._check_custom_required(self._get_custom_names_asked(vals_list))
        return records

    def write(self, vals):
        names = self._get_custom_names_written(vals)
        if names:
            self._check_custom_values(vals)
            self._check_custom_editors(names & vals.keys())
        result = super().write(vals)
        if names:
            self._check_custom_options(names & vals.keys())
            self._check_custom_required(names)
        return result

    def copy_data(self, default=None):
        """Leave out what the user may not see or may not edit."""
        withheld = [
            name for name in self._get_custom_fields() if not self._is_custom_mine(name)
        ]
        empty = dict.fromkeys(withheld, False)
        data = super().copy_data({**empty, **(default or {})})
        given = default or {}
        return [
            {name: row[name] for name in row if name not in empty or name in given}
            for row in data
        ]

    @api.model
    def _get_custom_names_given(self, vals_list):
        """Return the names that new records get a value for: from the caller, from
        the context, or from defaults that users set."""
        prefix = "default_"
        context = {
            key.removeprefix(prefix)
            for key in self.env.context
            if key.startswith(prefix)
        }
        defaults = self.env["ir.default"]._get_model_defaults(self._name)
        return set().union(*vals_list) | context | defaults.keys()

    @api.model
    def _get_custom_names_asked(self, vals_list):
        """Return the names of the fields that people must fill in on creation."""
        return self._get_custom_fields()

    @api.model
    def _get_custom_names_written(self, vals):
        """Return the names of the fields that a write concerns."""
        return self._get_custom_fields().keys() & vals.keys()

    # === CHECKS === #

    @api.model
    def _check_custom_values(self, vals):
        """Refuse what the type of a field cannot hold, before the ORM converts it."""
        custom = self._get_custom_fields()
        for name in custom.keys() & vals.keys():
            if not is_accepted(custom[name]["type"], vals[name]):
                raise ValidationError(
                    self.env._(
                        "%(field)s: “%(value)s” is no value of this field.",
                        field=custom[name]["label"],
                        value=vals[name],
                    )
                )

    @api.model
    def _check_custom_editors(self, names):
        if self.env.su:
            return
        for name in names:
            field = self._get_custom_fields()[name]
            if field["editors"] and not self.env.user.has_groups(field["editors"]):
                raise AccessError(
                    self.env._(
                        "%(field)s: only members of certain groups may change it. Ask "
                        "a sales administrator.",
                        field=field["label"],
                    )
                )

    def _check_custom_created(self, names):
        """Refuse values of new records that came by the context or by defaults, and
        those of fields that the user may not edit, but for the field's default."""
        # sudo: values count whoever may read them
        for record in self.sudo():
            values = {name: record[name] for name in names if record[name]}
            record._check_custom_values(values)
            self._check_custom_editors(
                name
                for name, value in values.items()
                if value != self._get_custom_default(name)
            )

    @api.model
    def _get_custom_default(self, name):
        """Return the default of a field as a record holds it."""
        # sudo: the definition's own default holds for everybody
        default = self.env["ir.default"].sudo()._get(self._name, name)
        return self._fields[name].convert_to_cache(default or False, self)

    def _check_custom_options(self, names):
        """Refuse options of another field."""
        for name in names:
            field = self._get_custom_fields()[name]
            if FIELD_TYPES[field["type"]].choices != "records":
                continue
            # sudo: options of a field that the user may only write
            options = self.sudo().mapped(name)
            own = self._name, name
            keys = {option["key"] for option in get_options(field)}
            if any(
                (option.model, option.field_name) != own or option.key not in keys
                for option in options
            ):
                raise ValidationError(
                    self.env._(
                        "%(field)s: the chosen option is one of another field, or not "
                        "applied yet.",
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
        have one, and nobody is asked for what they cannot fill in."""
        name = field["name"]
        column = self._fields.get(name)
        if not (field["required"] and field["active"]) or column is None:
            return self.browse()
        if column.type in NUMBERS or not self._is_custom_mine(name):
            return self.browse()
        return self._filter_asked(field).filtered(lambda r: is_blank(r[name]))

    def _filter_asked(self, field):
        """Return the records that are asked for a value of a required field."""
        return self

    @api.model
    def _is_custom_mine(self, name):
        """Whether the user may read and change a custom field."""
        column = self._fields.get(name)
        editors = self._get_custom_fields()[name]["editors"]
        return (
            column is not None
            and self._has_field_access(column, "write")
            and (self.env.su or not editors or self.env.user.has_groups(editors))
        )

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


def is_blank(value):
    """Whether nobody could read anything in a value."""
    if isinstance(value, str):
        return is_html_empty(value) or not value.strip()
    return not value

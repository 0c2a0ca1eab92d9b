from contextlib import suppress
from math import isfinite

from odoo import api, fields, models
from odoo.exceptions import ValidationError

TRUE_WORDS = ("1", "true", "yes")
TYPES = (
    *("char", "text", "selection", "boolean", "date", "datetime", "many2one"),
    *("integer", "float", "monetary"),
)


class OpportunitySequenceStepFieldMixin(models.AbstractModel):
    """Sets a field of the record, with the rights of whom the sequence runs for."""

    _name = "opportunity.sequence.step.field.mixin"
    _description = "Field Step"

    field_id = fields.Many2one(
        "ir.model.fields",
        "Field to Set",
        ondelete="cascade",
        domain="[('model', '=', model), ('readonly', '=', False), "
        f"('store', '=', True), ('ttype', 'in', {TYPES})]",
    )
    field_value = fields.Char(
        "Value",
        help="As it is imported: 2026-01-31 for a date, yes or no, the name of a "
        "record. Empty: the field is emptied.",
    )

    @api.constrains("step_type", "field_id", "field_value", "sequence_id")
    def _check_field(self):
        for step in self.filtered(lambda step: step.step_type == "field"):
            # sudo: what fields there are is no secret
            field = step.sudo().field_id
            if field.model != step.model or not step._is_settable(field):
                raise ValidationError(
                    self.env._("Choose a field of the record that may be set.")
                )
            step._get_field_value()

    def _is_settable(self, field):
        """Tell whether whoever writes the step may set the field: what others may, in
        whose name it runs, is not theirs to use."""
        model = self.env[field.model].sudo(False)
        is_own = model._has_field_access(model._fields[field.name], "write")
        return is_own and not field.readonly and field.ttype in TYPES

    def _run_field(self, records):
        # sudo: what fields there are is no secret
        name = self.sudo().field_id.name
        records.write({name: self._get_field_value()})
        return dict.fromkeys(records.ids, {})

    def _get_field_value(self):
        """Return what is to be written.

        :raises ValidationError: where the text is no value of the field
        """
        # sudo: what fields there are is no secret
        field, text = self.sudo().field_id, (self.field_value or "").strip()
        if not text:
            return False
        with suppress(ValueError):
            value = self._convert(self.env[field.model]._fields[field.name], text)
            if value is not None:
                return value
        raise ValidationError(
            self.env._(
                "“%(value)s” is no value of “%(field)s”.",
                value=text,
                field=field.field_description,
            )
        )

    def _convert(self, field, text):
        match field.type:
            case "boolean":
                return text.lower() in TRUE_WORDS
            case "date":
                return fields.Date.to_date(text)
            case "datetime":
                return fields.Datetime.to_datetime(text)
            case "selection":
                choices = field._description_selection(self.env)
                return next((k for k, name in choices if text in (k, name)), None)
            case "many2one":
                found = self.env[field.comodel_name].name_search(text, operator="=")
                return found[0][0] if found else None
            case _:
                return _convert_plain(field, text)


def _convert_plain(field, text):
    if field.type == "integer":
        return int(text)
    if field.type in ("float", "monetary"):
        # What is no number, or without end, could not be added up any more.
        return float(text) if isfinite(float(text)) else None
    return text

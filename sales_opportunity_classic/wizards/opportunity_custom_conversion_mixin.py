from ast import literal_eval

from odoo import fields, models
from odoo.fields import Domain

from ..tools.custom_fields import columns, conversion
from ..tools.custom_fields.types import FIELD_TYPES

YES_NO = {"true": "yes", "1": "yes", "false": "no", "0": "no"}


class OpportunityCustomConversionMixin(models.AbstractModel):
    """What the values of a custom field become in a field of another type.

    Each different value is converted once, and written to all its records at once.
    """

    _name = "opportunity.custom.conversion.mixin"
    _description = "Conversion of Custom Values"

    field_id = fields.Many2one(
        "opportunity.custom.field", required=True, readonly=True, ondelete="cascade"
    )
    field_type = fields.Selection(
        [(key, kind.label) for key, kind in FIELD_TYPES.items()], string="New Type"
    )
    new_field_id = fields.Many2one(
        "opportunity.custom.field", readonly=True, ondelete="cascade"
    )

    def _read_values(self):
        """Return (key, value, number of records) of each different value."""
        storage = self.field_id._get_definition()._get_storage(self.field_id.name)
        return columns.read_values(self.env.cr, storage)

    def _plan_options(self, values):
        """Return descriptions of the options that the new field needs: those of the
        old one, or one per different value."""
        if FIELD_TYPES[self.field_type].choices not in ("own", "records"):
            return []
        is_tree = self.field_type == "drilldown"
        if self.field_id.has_options:
            rows = self.field_id._describe()["options"]
            return rows if is_tree else conversion.flatten_options(rows)
        labels = [label for found in self._find_labels(values) for label in found]
        return conversion.plan_options(labels, is_tree)

    def _find_labels(self, values):
        """Return the names of choices that each value stands for; none where it cannot
        be one."""
        options = self._prepare_options(values, {})
        types = self.field_id.field_type, self.field_type
        found = []
        for _key, value, _count in values:
            try:
                found.append(conversion.get_labels(value, *types, options))
            except ValueError:
                continue
        return found

    def _convert(self, values):
        """Return {key: new value}, and {key: text} of the values that do not
        convert."""
        options = self._prepare_options(values, self._get_choices(values))
        types = self.field_id.field_type, self.field_type
        converted, failed = {}, {}
        for key, value, _count in values:
            try:
                new = conversion.convert(value, *types, options)
            except ValueError:
                failed[key] = conversion.tell(value, types[0], options)
            else:
                if new is not None:
                    converted[key] = new
        return converted, failed

    def _copy(self, values):
        definition = self.field_id._get_definition()
        source, target = map(
            definition._get_storage, (self.field_id.name, self.new_field_id.name)
        )
        converted, _failed = self._convert(values)
        columns.write_values(self.env.cr, source, target, converted)
        self.env[definition.model].invalidate_model([self.new_field_id.name])

    def _prepare_options(self, values, choices):
        language = self.env["res.lang"]._get_data(code=self.env.lang or "en_US")
        return conversion.Options(
            labels=self._get_labels(values),
            choices=choices,
            time_zone=str(self.env.tz),
            date_format=language.date_format,
            time_format=language.time_format,
            decimal_point=language.decimal_point,
            thousands_separator=language.thousands_sep or "",
        )

    def _get_labels(self, values):
        """Return {stored value: text} of the choices in the old field."""
        field, kind = self.field_id, FIELD_TYPES[self.field_id.field_type]
        if field.has_options:
            return {
                field._get_stored_value(option): option.complete_name
                for option in field.option_ids
            }
        if not kind.relation:
            return dict(field._get_choices())
        ids = set()
        for _key, value, _count in values:
            ids.update(value if isinstance(value, list) else [value])
        # sudo: records that the user may not see have their names copied as well
        records = self.env[kind.relation].sudo().browse(ids)
        return {record.id: record.display_name for record in records}

    def _get_choices(self, values):
        """Return {text in small letters: stored value} of the choices in the new
        field; while there is none, the keys of the options it will have."""
        kind = FIELD_TYPES[self.field_type]
        if kind.choices == "fixed":
            return self._get_fixed_choices()
        if kind.choices:
            if new := self.new_field_id:
                return {
                    option.complete_name.casefold(): new._get_stored_value(option)
                    for option in new.option_ids
                }
            rows = conversion.flatten_options(self._plan_options(values))
            return {row["name"].casefold(): row["key"] for row in rows}
        return self._find_records(kind, values) if kind.relation else {}

    def _get_fixed_choices(self):
        choices = self.field_id._get_fixed_choices()[self.field_type]
        named = {label.casefold(): key for key, label in choices}
        if self.field_type == "day_of_week":
            # Weekdays have no number that everybody agrees on.
            return named
        words = YES_NO if self.field_type == "yes_no" else {}
        return {**words, **{key: key for key, _label in choices}, **named}

    def _find_records(self, kind, values):
        """Return {name in small letters: id} of the records that the values name, and
        that no other record is named like."""
        names = {name for found in self._find_labels(values) for name in found}
        Records = self.env[kind.relation]
        domain = Domain(literal_eval(kind.domain))
        records = Records.search(domain & Domain(Records._rec_name, "in", list(names)))
        by_name = records.grouped(lambda record: record[Records._rec_name].casefold())
        return {name: found.id for name, found in by_name.items() if len(found) == 1}

from odoo import api, fields, models
from odoo.tools.misc import babel_locale_parse

from ..tools.custom_fields.types import FIELD_TYPES, parse_default

OWN_CHOICES = ("own", "records")


class OpportunityCustomChoiceMixin(models.AbstractModel):
    """What a custom field can be chosen from: the options of its own, or the choices
    that come with its type."""

    _name = "opportunity.custom.choice.mixin"
    _description = "Choices of a Custom Field"

    option_ids = fields.One2many(
        "opportunity.custom.option",
        "field_id",
        string="Options",
        context={"active_test": False},
    )
    has_options = fields.Boolean(compute="_compute_has_options")
    reader_ids = fields.Many2many(
        "res.groups",
        "opportunity_custom_field_reader_rel",
        readonly=True,
        copy=False,
        help="Members of these groups read the options of the applied field.",
    )

    # === COMPUTE METHODS === #

    @api.depends("field_type")
    def _compute_has_options(self):
        for field in self:
            kind = FIELD_TYPES.get(field.field_type)
            field.has_options = bool(kind) and kind.choices in OWN_CHOICES

    # === BUSINESS METHODS === #

    @api.model
    def _set_readers(self, model):
        """Let those read the options of a field who read the field as it is live."""
        live = self.env["opportunity.custom.definition"]._get_live_fields(model)
        fields_ = self.with_context(active_test=False).search([("model", "=", model)])
        by_access = fields_.filtered("has_options").grouped(
            lambda field: live.get(field.name, {}).get("access", "")
        )
        for access, own in by_access.items():
            groups = self.env["res.groups"]._get_by_opportunity_xmlids(access)
            own.filtered(lambda f, g=groups: f.reader_ids != g).reader_ids = groups

    def _has_records_as_choices(self):
        """Whether records hold the options themselves, not their keys."""
        return FIELD_TYPES[self.field_type].choices == "records"

    def _parse_default(self):
        """Return the default as the value of the field.

        :raises ValueError: where it is not one of the type
        """
        choices = self._get_choices()
        return parse_default(
            self.field_type, self.default_value, [key for key, _label in choices]
        )

    def _get_choices(self):
        """Return the choices of a selection as pairs of key and label."""
        if self.field_type in ("dropdown", "radio"):
            return [(option.key, option.name) for option in self.option_ids]
        return self._get_fixed_choices().get(self.field_type, [])

    @api.model
    def _get_fixed_choices(self):
        """Return the choices that come with a type, in the user's language."""
        locale = babel_locale_parse(self.env.lang)
        return {
            "month": [
                (str(n), name)
                for n, name in locale.months["stand-alone"]["wide"].items()
            ],
            "day_of_week": [
                (str(n), name) for n, name in locale.days["stand-alone"]["wide"].items()
            ],
            "yes_no": [("yes", self.env._("Yes")), ("no", self.env._("No"))],
            "stars": [(str(n), self.env._("%s stars", n)) for n in range(6)],
        }

    def _get_stored_value(self, option):
        """Return what a record that chose an option holds."""
        return option.id if self._has_records_as_choices() else option.key

    def _count_option_uses(self, options):
        """Return {option: number of records that chose it}, without unused ones."""
        by_value = {self._get_stored_value(option): option for option in options}
        counts = self._get_definition()._count_choices(self.name, list(by_value))
        return {by_value[value]: count for value, count in counts.items()}

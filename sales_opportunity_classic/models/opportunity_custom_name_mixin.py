from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.custom_fields.naming import (
    LONGEST_NAME,
    is_technical_name,
    propose_name,
)
from ..tools.custom_fields.types import get_column_names


class OpportunityCustomNameMixin(models.AbstractModel):
    """The technical name of a custom field: proposed from its label, its own among
    all fields of the model, and kept once the field is applied."""

    _name = "opportunity.custom.name.mixin"
    _description = "Technical Name of a Custom Field"

    name = fields.Char(
        string="Technical Name",
        compute="_compute_name",
        store=True,
        readonly=False,
        copy=False,
        help="The name in imports, filters and integrations; proposed from the label. "
        "It stays once the field is applied.",
    )

    # === COMPUTE METHODS === #

    @api.depends("label", "model")
    def _compute_name(self):
        unnamed = self.filtered(lambda f: f.label and f.model and not f.name)
        for model, fields_ in unnamed.grouped("model").items():
            taken = self._count_names(model)
            for field in fields_:
                field.name = propose_name(field.label, taken)
                taken.update(field._get_column_names())

    # === CONSTRAINT METHODS === #

    @api.constrains("name", "field_type")
    def _check_name(self):
        # Those without header are refused for that.
        fields_ = self.filtered("model")
        models_ = set(fields_.mapped("model"))
        taken = {model: self._count_names(model) for model in models_}
        for field in fields_:
            if not is_technical_name(field.name or ""):
                raise ValidationError(
                    self.env._(
                        "“%(label)s”: the technical name “%(name)s” must begin with "
                        "x_ and have small letters, digits and underscores only, at "
                        "most %(longest)s of them.",
                        label=field.label,
                        name=field.name,
                        longest=LONGEST_NAME,
                    )
                )
            if field._is_name_live_with_other_type():
                raise ValidationError(
                    self.env._(
                        "“%(label)s”: %(name)s was a field of another type. Apply its "
                        "deletion first, or give the new one another technical name.",
                        label=field.label,
                        name=field.name,
                    )
                )
            names = field._get_column_names()
            twice = [name for name in names if taken[field.model][name] > 1]
            if twice and not field.is_applied:
                raise ValidationError(
                    self.env._(
                        "“%(label)s”: a field named %(name)s exists already. Give the "
                        "new one another technical name.",
                        label=field.label,
                        name=twice[0],
                    )
                )

    def _is_name_live_with_other_type(self):
        Definition = self.env["opportunity.custom.definition"]
        live = Definition._get_live_fields(self.model).get(self.name)
        return live and live["type"] != self.field_type

    # === BUSINESS METHODS === #

    @api.model
    def _count_names(self, model):
        """Return how often a technical name is taken: by fields of the model, and by
        those of the draft."""
        # sudo: drafts of colleagues count whoever asks
        drafts = self.sudo().with_context(active_test=False)
        drafts = drafts.search([("model", "=", model)]).filtered("name")
        names = [name for draft in drafts for name in draft._get_column_names()]
        return Counter([*self.env[model]._fields, *names])

    def _get_column_names(self):
        return get_column_names({"name": self.name, "type": self.field_type})

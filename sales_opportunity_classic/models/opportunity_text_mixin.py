from odoo import api, models


class OpportunityTextMixin(models.AbstractModel):
    """Texts without the NUL characters that no database takes, whoever sends them."""

    _name = "opportunity.text.mixin"
    _description = "Texts"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([clean_texts(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(clean_texts(vals))

    def update_field_translations(self, field_name, translations, source_lang=""):
        """Store translations of a name."""
        return super().update_field_translations(
            field_name, clean_texts(translations), source_lang
        )


def clean_texts(values):
    """Return values, by name, without NUL characters."""
    return {
        name: value.replace("\x00", "") if isinstance(value, str) else value
        for name, value in values.items()
    }

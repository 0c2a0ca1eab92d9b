import re

from odoo import models
from odoo.fields import Domain

from ..tools.custom_fields.columns import Column, replace_value

# Where fields are named, in words that people know: model and its fields to search
NAMED_IN = {
    "ir.filters": ("domain", "context", "sort"),
    "ir.exports.line": ("name",),
    "ir.ui.view": ("arch_db",),
    "ir.rule": ("domain_force",),
    "ir.actions.server": ("code", "update_path"),
    "base.automation": ("filter_domain", "filter_pre_domain"),
    "mail.template": ("subject", "body_html"),
}
NUMBERS = ("integer", "float", "monetary")


class OpportunityCustomUsageMixin(models.AbstractModel):
    """Tells what hangs on a live custom field: values, and what names it."""

    _name = "opportunity.custom.usage.mixin"
    _description = "Use of Custom Fields"

    def _get_column(self, name):
        """Return the model, archived records included, and its field ``name``."""
        # sudo: values and uses the administrator may not see would be lost as well
        Model = self.env[self.model].sudo().with_context(active_test=False)
        return Model, Model._fields.get(name)

    def _count_filled(self, name):
        """Return the number of records with a value; a number 0 counts as none."""
        Model, column = self._get_column(name)
        if column is None:
            return 0
        return Model.search_count(self._get_filled_domain(name))

    def _get_filled_domain(self, name):
        """Return the domain of the records with a value."""
        _model, column = self._get_column(name)
        # An amount that is not 0 may be none at all.
        values = (False, 0) if column.type in NUMBERS else (False,)
        return [(name, "!=", value) for value in values]

    def _get_storage(self, name):
        """Return the ``Column`` that holds the values, with nothing left to write."""
        Model, column = self._get_column(name)
        Model.flush_model([name])
        if column.type == "many2many":
            return Column(column.relation, column.column2, "int4", column.column1)
        return Column(Model._table, name, column.column_type[0])

    def _replace_choice(self, name, old, new):
        """Give all records that chose one value another."""
        replace_value(self.env.cr, self._get_storage(name), old, new)
        self.env[self.model].invalidate_model([name])

    def _count_choices(self, name, values):
        """Return {value: number of records that chose it}, without unused ones."""
        Model, column = self._get_column(name)
        if column is None:
            return {}
        rows = Model._read_group([(name, "in", values)], [name], ["__count"])
        counts = {value.id if column.relational else value: n for value, n in rows}
        return {value: counts[value] for value in values if value in counts}

    def _find_uses(self, name):
        """Return what names a field outside of its tab, as texts such as: Filters “My
        launches”."""
        whole_word = re.compile(rf"\b{re.escape(name)}\b")
        uses = []
        for model, texts in NAMED_IN.items():
            if model not in self.env:
                continue
            # sudo: filters and exports of colleagues would break as well
            records = self.env[model].sudo().with_context(active_test=False)
            for record in records.search(
                Domain.OR(Domain(text, "ilike", name) for text in texts)
            ):
                if any(whole_word.search(str(record[text])) for text in texts):
                    uses.append(f"{records._description} “{record.display_name}”")
        return uses

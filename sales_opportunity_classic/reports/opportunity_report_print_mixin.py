from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError
from odoo.tools.misc import formatLang

RATES = {"win_rate", "win_rate_revenue", "conversion_rate", "attainment", "accuracy"}
RATES |= {"churn_rate", "churn_rate_count"}
MOST_ROWS = 2000


class OpportunityReportPrintMixin(models.AbstractModel):
    """Figures that can be printed: tables of groups, each with its total.

    What is printed is read as the screen reads it, in the rights and the language of
    whoever prints.
    """

    _name = "opportunity.report.print.mixin"
    _description = "Printed Report Mixin"

    def _prepare_print(self, options):
        """Return the tables that are printed.

        :param dict options: what the client asked for; see each report
        """
        raise NotImplementedError

    def _prepare_heading(self, options):
        """Return what stands above and below the tables, whatever a client sent."""
        filters = options.get("filters")
        filters = filters if isinstance(filters, (list, tuple)) else []
        return {
            "title": str(options.get("title") or self._description),
            "filters": list(map(str, filters)),
            "note": self._get_rate_note(),
        }

    def _get_rate_note(self):
        """Return in which currency the amounts are, and at what rate."""
        return self.env._(
            "Amounts are in %(currency)s, at the rate of the closing date or, for what "
            "is open, of today.",
            currency=self.env.company.currency_id.display_name,
        )

    # === TABLES OF A REPORT === #

    def _prepare_table(self, domain, groupby, names):
        """Return figures by group, those of subgroups below their group.

        :param list groupby: as of ``read_group``, a level of groups each
        :param list names: fields that are added up, or ``__count``
        """
        figures = {name: self._get_aggregate(name) for name in names}
        sets = [groupby[: level + 1] for level in range(len(groupby))] + [[]]
        *levels, [total] = self.formatted_read_grouping_sets(
            domain, sets, list(figures.values())
        )
        if sum(map(len, levels)) > MOST_ROWS:
            raise UserError(
                self.env._("This would be too long to print. Group it by less.")
            )
        return {
            "title": self._get_group_title(groupby),
            "columns": [self._get_figure_title(name) for name in figures],
            "rows": self._prepare_rows(levels, groupby, figures),
            "total": self._format_figures(total, figures),
        }

    def _prepare_rows(self, levels, groupby, figures):
        children = defaultdict(list)
        for level, groups in enumerate(levels):
            for group in groups:
                path = tuple(group[spec] for spec in groupby[: level + 1])
                children[path[:-1]].append((path, group))

        def walk(parent):
            for path, group in children[parent]:
                spec = groupby[len(parent)]
                yield {
                    "level": len(parent),
                    "label": self._get_group_label(spec, path[-1]),
                    "values": self._format_figures(group, figures),
                }
                yield from walk(path)

        return list(walk(()))

    # === WORDS AND NUMBERS === #

    def _get_aggregate(self, name):
        if name == "__count":
            return name
        return f"{name}:{self._fields[name].aggregator}"

    def _get_figure_title(self, name):
        if name == "__count":
            return self.env._("Count")
        return self._get_field_title(name)

    def _get_group_title(self, groupby):
        names = [spec.partition(":")[0] for spec in groupby]
        return " / ".join(map(self._get_field_title, names))

    def _get_field_title(self, name):
        return self.fields_get([name], ["string"])[name]["string"]

    def _get_group_label(self, spec, value):
        name = spec.partition(":")[0]
        field = self._fields[name]
        if field.type == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        if value is False or value is None:
            return self.env._("None")
        if field.type == "selection":
            choices = self.fields_get([name], ["selection"])[name]["selection"]
            return dict(choices).get(value, value)
        return value[1] if isinstance(value, (list, tuple)) else str(value)

    def _format_figures(self, group, figures):
        return [
            self._format_figure(name, group[aggregate])
            for name, aggregate in figures.items()
        ]

    def _format_figure(self, name, value):
        """Return a figure as it is written in the reader's language."""
        if value is None or value is False:
            return ""
        if name in RATES:
            return self._format_percentage(value)
        field = self._fields.get(name)
        if field is not None and field.type == "monetary":
            return self._format_money(value)
        digits = 0 if isinstance(value, int) else 2
        return formatLang(self.env, value, digits=digits)

    def _format_money(self, amount):
        currency = self.env.company.currency_id
        return formatLang(self.env, amount, currency_obj=currency)

    def _format_percentage(self, rate):
        return f"{formatLang(self.env, rate * 100, digits=2)}%"

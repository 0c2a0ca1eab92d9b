import json

from odoo import models
from odoo.tools import SQL

from ..tools.custom_fields.changes import get_fields
from ..tools.custom_fields.types import FIELD_TYPES, get_column_names

PARAMETER = "sales_opportunity_classic.custom_fields."


class OpportunityCustomUninstallMixin(models.AbstractModel):
    """Keeps custom fields and their values while the addon is not installed.

    Columns stay, and the definition is kept as a system parameter from which the next
    installation takes it back. Fields that Odoo alone would show to more people, or
    that point to options, are parked: the registry leaves them out, their columns
    keep the values. All others go on as fields made by hand.
    """

    _name = "opportunity.custom.uninstall.mixin"
    _description = "Custom Fields between two Installations"

    def _park(self):
        """Make what is live survive the addon; called by its uninstall hook."""
        for definition in self.filtered("live"):
            parameters = self.env["ir.config_parameter"]
            document = definition._get_kept()
            parameters.set_param(PARAMETER + definition.model, json.dumps(document))
            names = [
                name
                for field in get_fields(definition.live)
                if definition._is_parked(field)
                for name in get_column_names(field)
            ]
            self.env.execute_query(
                SQL(
                    """
                    UPDATE ir_model_fields SET state = 'base', relation = NULL
                     WHERE model = %s AND state = 'manual' AND name = ANY(%s)
                 RETURNING id
                    """,
                    definition.model,
                    names,
                )
            )
        # Without parked fields in the registry: Odoo drops what depends on a field
        # that goes.
        self.env.registry.clear_cache("stable")
        self.env.registry._setup_models__(self.env.cr, self.mapped("model"))

    def _get_kept(self):
        """Return what is live as the next installation finds it, with those options
        that records hold as they are now, and the ids that stand for them."""
        kept = json.loads(json.dumps(self.live))
        draft = {field["name"]: field for field in get_fields(self._describe())}
        for group in (group for tab in kept["tabs"] for group in tab["groups"]):
            for field in group["fields"]:
                if _keeps_records(field) and field["name"] in draft:
                    field["options"] = draft[field["name"]]["options"]
        return {**kept, "options": self._get_option_ids()}

    def _is_parked(self, field):
        # Customers on the portal read their own contact.
        return (
            self.model == "res.partner"
            or field["access"] != "base.group_user"
            or _keeps_records(field)
        )

    def _get_option_ids(self):
        """Return {technical name: {id: key}} of options that are kept as records."""
        options = self.env["opportunity.custom.option"].with_context(active_test=False)
        options = options.search([("model", "=", self.model)])
        return {
            field.name: {option.id: option.key for option in own}
            for field, own in options.grouped("field_id").items()
        }

    def _take_back(self):
        """Find again what an earlier installation left; called after installation."""
        parameters = self.env["ir.config_parameter"]
        for definition in self:
            parameter = PARAMETER + definition.model
            if kept := parameters.get_param(parameter):
                document = json.loads(kept)
                definition._load_kept(document)
                definition._take_back_columns(document["options"])
                parameters.set_param(parameter, False)

    def _load_kept(self, document):
        self._adapt(document)
        # Live before the draft: names of fields that are there are not taken then.
        self._set_live({"tabs": document["tabs"]})
        self._load_draft(document["tabs"])
        self._set_live(self._describe())

    def _adapt(self, document):
        """Follow what people did by hand in between: leave out fields that have
        another type now, and take over choices that were added."""
        columns = self.env["ir.model.fields"].search([("model", "=", self.model)])
        columns = columns.grouped("name")
        for group in (group for tab in document["tabs"] for group in tab["groups"]):
            group["fields"] = [
                self._adapt_choices(field, columns[field["name"]])
                if field["name"] in columns
                else field
                for field in group["fields"]
                if field["name"] not in columns
                or columns[field["name"]].ttype == FIELD_TYPES[field["type"]].column
            ]

    def _adapt_choices(self, field, column):
        if FIELD_TYPES[field["type"]].choices == "own":
            known = {option["key"] for option in field["options"]}
            field["options"] += [
                {
                    "key": choice.value,
                    "name": choice.name,
                    "color": 0,
                    "active": True,
                    "options": [],
                }
                for choice in column.selection_ids
                if choice.value not in known
            ]
        return field

    def _take_back_columns(self, old_ids):
        """Make parked fields real again, and make anew those that somebody deleted."""
        missing = []
        for field in get_fields(self.live):
            if not self._restore_field(field):
                missing.append(field)
            elif _keeps_records(field):
                self._renumber_options(field, old_ids.get(field["name"], {}))
        self.env.registry.clear_cache("stable")
        self._create_columns(missing)
        self.env.registry._setup_models__(self.env.cr, [self.model])
        self.env.registry.init_models(
            self.env.cr, [self.model], {"update_custom_fields": True}
        )

    def _restore_field(self, field):
        """Tell the registry about a field again; whether there was one."""
        kind = FIELD_TYPES[field["type"]]
        return self.env.execute_query(
            SQL(
                """
                UPDATE ir_model_fields
                   SET state = 'manual', relation = %s, access_groups = %s
                 WHERE model = %s AND name = ANY(%s)
             RETURNING id
                """,
                kind.relation or None,
                field["access"],
                self.model,
                get_column_names(field),
            )
        )

    def _renumber_options(self, field, old_ids):
        """Let values point to the options of now, found by their keys."""
        options = self.env["opportunity.custom.option"].with_context(active_test=False)
        options = options.search(
            [("model", "=", self.model), ("field_name", "=", field["name"])]
        )
        new_ids = {option.key: option.id for option in options}
        pairs = [(int(old), -new_ids[key]) for old, key in old_ids.items()]
        if not pairs:
            return
        table, column = self.env[self.model]._table, field["name"]
        if FIELD_TYPES[field["type"]].column == "many2many":
            table, column = f"{table}_{column}_rel", "value_id"
        self.env.cr.execute(
            SQL(
                # Negative on the way, so that no new id meets an old one.
                "UPDATE %(table)s AS kept SET %(column)s = pair.new"
                " FROM (VALUES %(pairs)s) AS pair(old, new)"
                " WHERE kept.%(column)s = pair.old;"
                "UPDATE %(table)s SET %(column)s = -%(column)s WHERE %(column)s < 0",
                table=SQL.identifier(table),
                column=SQL.identifier(column),
                pairs=SQL(", ").join(SQL("(%s, %s)", *pair) for pair in pairs),
            )
        )


def _keeps_records(field):
    """Whether records hold the options of a described field, not their keys."""
    return FIELD_TYPES[field["type"]].choices == "records"

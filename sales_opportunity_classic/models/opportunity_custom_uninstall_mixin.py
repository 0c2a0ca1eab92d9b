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
            document = {**definition.live, "options": definition._get_option_ids()}
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

    def _is_parked(self, field):
        # Customers on the portal read their own contact.
        return (
            self.model == "res.partner"
            or field["access"] != "base.group_user"
            or FIELD_TYPES[field["type"]].choices == "records"
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
        # Live before the draft: names of fields that are there are not taken then.
        self._set_live({"tabs": document["tabs"]})
        self._load_draft(document["tabs"])
        self._set_live(self._describe())

    def _take_back_columns(self, old_ids):
        """Make parked fields real again, and make anew those that somebody deleted."""
        missing = []
        for field in get_fields(self.live):
            if not self._restore_field(field):
                missing.append(field)
            elif FIELD_TYPES[field["type"]].choices == "records":
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
        pairs = [(int(old), new_ids[key]) for old, key in old_ids.items()]
        if not pairs:
            return
        table, column = self.env[self.model]._table, field["name"]
        if FIELD_TYPES[field["type"]].column == "many2many":
            table, column = f"{table}_{column}_rel", "value_id"
        self.env.cr.execute(
            SQL(
                "UPDATE %(table)s AS kept SET %(column)s = pair.new"
                " FROM (VALUES %(pairs)s) AS pair(old, new)"
                " WHERE kept.%(column)s = pair.old",
                table=SQL.identifier(table),
                column=SQL.identifier(column),
                pairs=SQL(", ").join(SQL("(%s, %s)", *pair) for pair in pairs),
            )
        )

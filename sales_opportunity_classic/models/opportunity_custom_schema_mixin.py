from contextlib import contextmanager, nullcontext

from psycopg2.errors import LockNotAvailable

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.custom_fields.changes import get_fields, get_options
from ..tools.custom_fields.types import (
    FIELD_TYPES,
    get_column_names,
    get_file_name_field,
    parse_default,
)

CURRENCY_FIELDS = {"crm.lead": "company_currency", "res.partner": "currency_id"}
# PostgreSQL's own cleaning lets go of a table once somebody has waited for a second.
LOCK_TIMEOUT = "2s"
TRACKING = 100


class OpportunityCustomSchemaMixin(models.AbstractModel):
    """Turns a definition into fields of the ORM, with their columns and defaults.

    Everything that Odoo is told about a field is made here from its kind; of what
    people write only labels, help and options go in. All new fields are made by one
    call, since each call sets up the registry anew.
    """

    _name = "opportunity.custom.schema.mixin"
    _description = "Columns of Custom Fields"

    def _apply_schema(self, live, draft):
        """Make, change and delete fields until they are those of the draft."""
        old = {field["name"]: field for field in get_fields(live)}
        new = {field["name"]: field for field in get_fields(draft)}
        with self._lock_table() if self._takes_away(old, new) else nullcontext():
            self._make_columns(old, new)
            for name in old.keys() & new.keys():
                self._update_column(old[name], new[name])
        self._set_defaults(old, new)

    def _takes_away(self, old, new):
        """Whether nobody may write records meanwhile: columns come or go, or choices
        that could be taken after they were counted."""
        if old.keys() != new.keys():
            return True
        return any(
            dict(self._get_choices(old[name])).keys()
            - dict(self._get_choices(new[name])).keys()
            for name in new
            if FIELD_TYPES[new[name]["type"]].choices == "own"
        )

    def _make_columns(self, old, new):
        if deleted := [old[name] for name in old if name not in new]:
            self._delete_columns(deleted)
        if added := [new[name] for name in new if name not in old]:
            self._create_columns(added)

    @contextmanager
    def _lock_table(self):
        """Hold the table in the block, and wait for no lock longer than a moment.

        :raises UserError: where another transaction holds what is needed
        """
        table = SQL.identifier(self.env[self.model]._table)
        self.env.flush_all()
        self.env.cr.execute(SQL("SET LOCAL lock_timeout = %s", LOCK_TIMEOUT))
        try:
            self.env.cr.execute(SQL("LOCK TABLE %s IN ACCESS EXCLUSIVE MODE", table))
            yield
        except LockNotAvailable as error:
            raise UserError(
                self.env._(
                    "Somebody is just changing many records. Nothing was applied: try "
                    "again in a moment."
                )
            ) from error
        self.env.cr.execute(SQL("SET LOCAL lock_timeout TO DEFAULT"))

    # === COLUMNS === #

    def _create_columns(self, added):
        vals_list = [vals for field in added for vals in self._prepare_columns(field)]
        self.env["ir.model.fields"].create(vals_list)

    def _prepare_columns(self, field):
        """Return the values of the ``ir.model.fields`` of a field: one, and for a file
        a second that keeps its name."""
        columns = [self._prepare_column(field)]
        if field["type"] == "file":
            columns.append(
                {
                    **self._prepare_common(field),
                    "name": get_file_name_field(field["name"]),
                    "field_description": self.env._("%s (File Name)", field["label"]),
                    "ttype": "char",
                }
            )
        return columns

    def _prepare_common(self, field):
        return {
            "model_id": self.env["ir.model"]._get_id(self.model),
            "state": "manual",
            "copied": True,
            "field_description": field["label"],
            "access_groups": field["access"],
        }

    def _prepare_column(self, field):
        kind = FIELD_TYPES[field["type"]]
        return {
            **self._prepare_common(field),
            "name": field["name"],
            "ttype": kind.column,
            "help": field["help"],
            "index": kind.indexed,
            "tracking": TRACKING if field["tracked"] else 0,
            **self._prepare_relation(field, kind),
            **self._prepare_choices(field, kind),
            **self._prepare_currency(kind),
        }

    def _prepare_relation(self, field, kind):
        if not kind.relation:
            return {}
        values = {
            "relation": kind.relation,
            "domain": kind.domain,
            "on_delete": "set null",
        }
        if kind.choices == "records":
            values["domain"] = repr(
                [("model", "=", self.model), ("field_name", "=", field["name"])]
            )
            values["on_delete"] = "restrict"
        if kind.column == "many2many":
            table = self.env[self.model]._table
            values["relation_table"] = f"{table}_{field['name']}_rel"
            values["column1"], values["column2"] = "record_id", "value_id"
        return values

    def _prepare_choices(self, field, kind):
        if kind.column != "selection":
            return {}
        # Odoo makes no records of selection_ids for those who are not administrators,
        # even with sudo.
        return {"selection": repr(self._get_choices(field))}

    def _prepare_currency(self, kind):
        if kind.column != "monetary":
            return {}
        return {"currency_field": CURRENCY_FIELDS[self.model]}

    def _get_choices(self, field):
        """Return the choices of a selection as pairs of key and label."""
        if FIELD_TYPES[field["type"]].choices == "own":
            return [(option["key"], option["name"]) for option in get_options(field)]
        fixed = self.env["opportunity.custom.field"]._get_fixed_choices()
        return fixed.get(field["type"], [])

    def _update_column(self, old, new):
        column = self.env["ir.model.fields"]._get(self.model, new["name"])
        if not column:
            return
        self._update_label(column, old, new)
        values = {}
        if old["tracked"] != new["tracked"]:
            values["tracking"] = TRACKING if new["tracked"] else 0
        if old["access"] != new["access"]:
            values["access_groups"] = new["access"]
        if values:
            column.write(values)
        has_own_choices = FIELD_TYPES[new["type"]].choices == "own"
        if has_own_choices and old["options"] != new["options"]:
            self._update_choices(column, new)

    def _update_label(self, column, old, new):
        """Labels are written in every language: what stood there is no translation of
        the new one."""
        values = {}
        if old["label"] != new["label"]:
            values["field_description"] = new["label"]
        if old["help"] != new["help"]:
            values["help"] = new["help"]
        for name, text in values.items():
            column._update_field_translations(name, self._repeat(text))

    def _repeat(self, text):
        """Return the same text in every language."""
        return {code: text for code, _name in self.env["res.lang"].get_installed()}

    def _update_choices(self, column, field):
        """Bring the choices of a selection to the field's options."""
        present = {choice.value: choice for choice in column.selection_ids}
        choices = dict(self._get_choices(field))
        created = []
        gone = present.keys() - choices.keys()
        self._check_unchosen(field, [present[key] for key in sorted(gone)])
        for key in gone:
            present[key].unlink()
        for sequence, (key, label) in enumerate(choices.items()):
            values = {"name": label, "sequence": sequence}
            if choice := present.get(key):
                if choice.name != label:
                    choice._update_field_translations("name", self._repeat(label))
                if choice.sequence != sequence:
                    choice.sequence = sequence
            else:
                created.append({**values, "value": key, "field_id": column.id})
        if created:
            self.env["ir.model.fields.selection"].create(created)

    def _check_unchosen(self, field, choices):
        """Refuse to delete choices that somebody took after they left the draft."""
        counts = self._count_choices(field["name"], [c.value for c in choices])
        for choice in choices:
            if count := counts.get(choice.value):
                raise UserError(
                    self.env._(
                        "“%(field)s”: the option “%(option)s” is chosen on %(count)s "
                        "records, so it cannot be deleted. Discard the changes, then "
                        "replace or archive it.",
                        field=field["label"],
                        option=choice.name,
                        count=count,
                    )
                )

    def _delete_columns(self, deleted):
        names = [name for field in deleted for name in get_column_names(field)]
        # Else a new field of the same name would show the files of the old one.
        self.env["ir.attachment"].search(
            [("res_model", "=", self.model), ("res_field", "in", names)]
        ).unlink()
        self.env["ir.model.fields"].search(
            [("model", "=", self.model), ("name", "in", names)]
        ).unlink()

    # === DEFAULTS === #

    def _set_defaults(self, old, new):
        """Keep the defaults as Odoo does, so that every road to a new record, and the
        developer's menu, find them."""
        for name, field in new.items():
            if field["default"] == old.get(name, {}).get("default", ""):
                continue
            if field["default"]:
                choices = [key for key, _label in self._get_choices(field)]
                value = parse_default(field["type"], field["default"], choices)
                self.env["ir.default"].set(self.model, name, value)
            else:
                self._unset_default(name)

    def _unset_default(self, name):
        column = self.env["ir.model.fields"]._get(self.model, name)
        self.env["ir.default"].search(
            [
                ("field_id", "=", column.id),
                ("user_id", "=", False),
                ("company_id", "=", False),
            ]
        ).unlink()

import json
from base64 import b64encode

from lxml import etree

from odoo import api, fields, models, tools
from odoo.exceptions import AccessError, MissingError, UserError

from ..tools.custom_fields.changes import (
    find_changes,
    get_fields,
    get_groups,
    get_options,
    make_portable,
)
from ..tools.custom_fields.document import MOST_FIELDS

# The least that a view needs to have a place for custom fields
SKELETONS = {
    "form": "<form><sheet><notebook/></sheet></form>",
    "list": "<list/>",
    "search": "<search/>",
    "kanban": "<kanban><templates><t t-name='card'/></templates></kanban>",
}
MODELS = [("crm.lead", "Opportunities"), ("res.partner", "Contacts")]


class OpportunityCustomDefinition(models.Model):
    """All custom tabs of one kind of record: the draft and what is live.

    The draft is the records of ``opportunity.custom.tab`` and below, for sales
    administrators to edit. What was applied last is kept in ``live`` as nested
    dictionaries. Views and rules read ``live`` only: Apply makes every change at once,
    and a draft can be discarded.
    """

    _name = "opportunity.custom.definition"
    _inherit = [
        "opportunity.custom.schema.mixin",
        "opportunity.custom.uninstall.mixin",
        "opportunity.custom.usage.mixin",
        "opportunity.custom.editor.mixin",
    ]
    _description = "Custom Fields"

    model = fields.Selection(MODELS, string="Shown on", required=True, readonly=True)
    live = fields.Json(readonly=True)
    applied_by_id = fields.Many2one("res.users", string="Applied by", readonly=True)
    applied_date = fields.Datetime(string="Applied on", readonly=True)
    export_file = fields.Binary(compute="_compute_export_file")

    _model_unique = models.UniqueIndex("(model)", "One definition per kind of record.")

    # === COMPUTE METHODS === #

    @api.depends("model")
    def _compute_display_name(self):
        for definition in self:
            definition.display_name = dict(MODELS).get(definition.model)

    def _compute_export_file(self):
        for definition in self:
            definition.export_file = b64encode(definition._export().encode())

    # === CRUD METHODS === #

    def write(self, vals):
        # Whoever wrote what is live could have any column made, read or dropped.
        if not self.env.su:
            raise AccessError(
                self.env._("What is live changes by Apply and Discard only.")
            )
        result = super().write(vals)
        self.env.registry.clear_cache("default", "templates")
        return result

    # === ACTIONS === #

    def action_apply(self):
        """Make the draft real in one step: all of it, or nothing.

        :raises UserError: naming what cannot be applied
        """
        self.ensure_one()
        self.check_access("write")
        # sudo: Odoo's own fields are for administrators to make; what is made here
        # comes from the kinds of field alone
        self.sudo()._apply()
        return True

    def action_discard(self):
        """Put the draft back to what is live."""
        self.ensure_one()
        self.check_access("write")
        # sudo: groups, and teams of other companies, are part of what is live
        self.sudo()._discard()
        return True

    def action_export(self):
        """Download the draft as a file that another database can import."""
        self.ensure_one()
        self.check_access("read")
        name = f"custom_fields_{self.env[self.model]._table}.json"
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/export_file/{name}"
            "?download=true",
            "target": "download",
        }

    def action_import(self):
        """Open the dialog that loads such a file, or an example, into the draft."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import Custom Fields"),
            "res_model": "opportunity.custom.import",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_definition_id": self.id, "dialog_size": "medium"},
        }

    # === BUSINESS METHODS === #

    @api.model
    def _get(self, model):
        """Return the definition of a kind of record."""
        return self.search([("model", "=", model)])

    @api.model
    @tools.ormcache("model")
    def _get_live(self, model):
        """Return what is live for a kind of record; not to be changed."""
        # sudo: what is live holds for everybody
        return self.sudo()._get(model).live or {"tabs": []}

    @api.model
    @tools.ormcache("model")
    def _get_live_fields(self, model):
        """Return {technical name: the field as the definition keeps it}."""
        return {field["name"]: field for field in get_fields(self._get_live(model))}

    @api.model
    @tools.ormcache("tab_id")
    def _get_teams(self, tab_id):
        """Return the ids of the sales teams that a live tab is shown for."""
        tabs = [
            tab for model, _label in MODELS for tab in self._get_live(model)["tabs"]
        ]
        return next(tab["teams"] for tab in tabs if tab["id"] == tab_id)

    def _get_tabs(self):
        return self.env["opportunity.custom.tab"].search([("model", "=", self.model)])

    def _describe(self):
        """Return the draft as the nested dictionaries that ``live`` keeps."""
        self.ensure_one()
        return {"tabs": [tab._describe() for tab in self._get_tabs()]}

    def _export(self):
        """Return the draft as text that another database can load."""
        tabs = self._get_tabs()
        stages = tabs.header_ids.field_ids.required_stage_id
        portable = make_portable(
            self._describe(),
            {team.id: team.name for team in tabs.team_ids},
            {stage.id: stage.name for stage in stages},
        )
        document = {"model": self.model, **portable}
        return json.dumps(document, indent=2, ensure_ascii=False)

    def _load_draft(self, tabs, strays=()):
        """Write descriptions into the draft, where what they do not name stays.

        :param strays: records of the draft to delete, those below others first
        """
        loading = self.with_context(opportunity_loading=True)._get_tabs()
        loading._load(tabs, {"model": self.model})
        for records in strays:
            records.with_context(opportunity_loading=True).unlink()
        # What stood in the cache is not in its new order.
        self.env.invalidate_all()
        fields_ = self._get_tabs().header_ids.field_ids
        fields_._check_default_value()
        fields_.option_ids._check_name_once()

    def _find_strays(self, live):
        """Return the options, fields, headers and tabs of the draft that are not
        live."""
        tabs = self._get_tabs()
        headers, fields_ = tabs.header_ids, tabs.header_ids.field_ids
        tab_ids = {tab["id"] for tab in live["tabs"]}
        header_ids = {group["id"] for group in get_groups(live)}
        keys = {
            field["name"]: {option["key"] for option in get_options(field)}
            for field in get_fields(live)
        }
        return [
            fields_.option_ids.filtered(
                lambda option: option.key not in keys.get(option.field_id.name, ())
            ),
            fields_.filtered(lambda field: field.name not in keys),
            headers.filtered(lambda header: header.id not in header_ids),
            tabs.filtered(lambda tab: tab.id not in tab_ids),
        ]

    def _get_changes(self):
        """Return what Apply would change, as a list of ``Change``."""
        return find_changes(self._get_live(self.model), self._describe())

    def _lock(self):
        """Hold the definition, and return what is live.

        :raises UserError: where another transaction holds it
        """
        if not self.exists():
            raise MissingError(
                self.env._("This definition is gone: open the page of custom fields.")
            )
        if not self.try_lock_for_update():
            raise UserError(
                self.env._(
                    "Somebody else is just applying changes. Yours are kept: try again "
                    "in a moment."
                )
            )
        # Not from the cache, which may be older than the lock.
        self.invalidate_recordset(["live"])
        return self.live or {"tabs": []}

    def _discard(self):
        live = self._lock()
        self._load_draft(live["tabs"], self._find_strays(live))
        # The same content, of which some rows were made anew under another id.
        self._set_live(self._describe())

    def _apply(self):
        live, draft = self._lock(), self._describe()
        self._check_applicable(draft)
        self._apply_schema(live, draft)
        self._set_live(draft)
        self.env["opportunity.custom.field"]._purge(self.model)
        self._validate_views()
        self.applied_by_id = self.env.user
        self.applied_date = fields.Datetime.now()

    def _check_applicable(self, definition):
        fields_ = get_fields(definition)
        if len(fields_) > MOST_FIELDS:
            raise UserError(
                self.env._(
                    "%(model)s have %(count)s custom fields, archived ones included: "
                    "at most %(most)s, please. Delete some.",
                    model=self.display_name,
                    count=len(fields_),
                    most=MOST_FIELDS,
                )
            )
        for field in fields_:
            if field["type"] in ("dropdown", "radio") and not field["options"]:
                raise UserError(
                    self.env._(
                        "“%(label)s” has no options to choose from: add some.",
                        label=field["label"],
                    )
                )
        drafts = self._get_tabs().header_ids.field_ids
        drafts.with_context(opportunity_loading=False)._check_default_value()

    def _set_live(self, definition):
        self.live = definition
        Field = self.env["opportunity.custom.field"]
        Field.invalidate_model(["is_applied"])
        Field._set_readers(self.model)

    def _validate_views(self):
        """Have Odoo validate what the definition adds to each kind of view.

        :raises UserError: naming what Odoo would not show
        """
        for view_type, skeleton in SKELETONS.items():
            arch = etree.fromstring(skeleton)
            arch.set("__validate__", "1")
            self.env[self.model]._add_custom_fields(arch, view_type)
            view = self.env["ir.ui.view"].new({"name": view_type, "model": self.model})
            try:
                view._validate_view(arch, self.model, view_type=view_type)
            except ValueError as error:
                raise UserError(
                    self.env._("Nothing was applied: %(reason)s", reason=error)
                ) from error

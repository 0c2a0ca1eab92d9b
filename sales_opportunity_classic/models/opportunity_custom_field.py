from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tools.misc import babel_locale_parse

from ..tools.custom_fields.naming import (
    LONGEST_NAME,
    is_technical_name,
    propose_name,
)
from ..tools.custom_fields.types import (
    FIELD_TYPES,
    get_column_names,
    parse_default,
)
from .opportunity_custom_definition import MODELS

# Who reads social security numbers, where their field names no group
GUARD = "sales_opportunity_classic.group_social_security_number"
OWN_CHOICES = ("own", "records")
# How a definition calls what the draft keeps
DESCRIBED_TEXTS = {
    "name": "name",
    "label": "label",
    "type": "field_type",
    "help": "help_text",
    "placeholder": "placeholder",
    "default": "default_value",
}
DESCRIBED_FLAGS = {
    "active": "active",
    "required": "required",
    "tracked": "tracked",
    "wide": "is_wide",
    "in_list": "show_in_list",
    "in_list_at_once": "show_in_list_at_once",
    "in_search": "show_in_search",
    "in_kanban": "show_in_kanban",
    "in_group_by": "show_in_group_by",
}


class OpportunityCustomField(models.Model):
    """A field that a sales administrator adds below a header.

    Applying the draft makes it a real field of the model, under its technical name,
    which like its type stays for ever. Its label, help, options, place and visibility
    may change at any time. Archiving hides it and keeps the values.
    """

    _name = "opportunity.custom.field"
    _inherit = "opportunity.custom.label.mixin"
    _description = "Custom Field"
    _order = "group_id, sequence, id"
    _rec_name = "label"
    _label_name = "label"
    _text_names = ("help_text", "placeholder", "default_value")

    group_id = fields.Many2one(
        "opportunity.custom.group",
        string="Header",
        index=True,
        ondelete="cascade",
        help="A field without header is deleted when the changes are applied.",
    )
    model = fields.Selection(
        MODELS, compute="_compute_model", store=True, string="Shown on"
    )
    label = fields.Char(required=True, help="What people read beside the value.")
    name = fields.Char(
        string="Technical Name",
        compute="_compute_name",
        store=True,
        readonly=False,
        copy=False,
        help="The name in imports, filters and integrations; proposed from the label. "
        "It stays once the field is applied.",
    )
    field_type = fields.Selection(
        [(key, kind.label) for key, kind in FIELD_TYPES.items()],
        string="Type",
        required=True,
        default="text",
        help="Stays once the field is applied; Convert makes a new field of another "
        "type.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(
        default=True, help="An archived field is hidden and keeps its values."
    )
    is_applied = fields.Boolean(
        compute="_compute_is_applied", help="The field exists and may hold values."
    )

    # What is entered
    help_text = fields.Char(string="Help", help="Shown when people point at the label.")
    placeholder = fields.Char(help="Shown in the empty field.")
    required = fields.Boolean(
        help="Records are not saved without it. Those that have no value yet stay as "
        "they are until they are edited."
    )
    required_stage_id = fields.Many2one(
        "crm.stage",
        string="Required From",
        ondelete="set null",
        help="An opportunity does not enter this stage, or a later one, without it.",
    )
    default_value = fields.Char(
        string="Default",
        help="What new records get. Dates as 2026-12-31, decimals with a point, for "
        "choices the key of an option.",
    )
    option_ids = fields.One2many(
        "opportunity.custom.option",
        "field_id",
        string="Options",
        context={"active_test": False},
    )
    has_options = fields.Boolean(compute="_compute_abilities")
    is_groupable = fields.Boolean(compute="_compute_abilities")
    is_trackable = fields.Boolean(compute="_compute_abilities")
    tracked = fields.Boolean(help="Changes are noted in the record's chatter.")

    # Where and to whom it is shown
    is_wide = fields.Boolean(
        string="Full Width",
        compute="_compute_is_wide",
        store=True,
        readonly=False,
        help="The field takes the whole width of the page.",
    )
    show_in_list = fields.Boolean(
        string="In Lists", help="People may choose the field as a column."
    )
    show_in_list_at_once = fields.Boolean(
        string="Shown at Once",
        help="The column is there before anybody chooses it.",
    )
    show_in_search = fields.Boolean(
        string="In Search", help="The search box offers to search in the field."
    )
    show_in_kanban = fields.Boolean(string="On Cards")
    show_in_group_by = fields.Boolean(string="In Group By")
    groups = fields.Many2many(
        "res.groups",
        "opportunity_custom_field_group_rel",
        ondelete="restrict",
        string="Visible to",
        help="Only members of these groups read the field, wherever it is; if empty, "
        "those who see the tab.",
    )
    edit_group_ids = fields.Many2many(
        "res.groups",
        "opportunity_custom_field_edit_group_rel",
        ondelete="restrict",
        string="Editable by",
        help="Only members of these groups change the field; if empty, everybody who "
        "may change the record.",
    )

    reader_ids = fields.Many2many(
        "res.groups",
        "opportunity_custom_field_reader_rel",
        readonly=True,
        copy=False,
        help="Members of these groups read the options of the applied field.",
    )

    _name_unique = models.UniqueIndex(
        "(model, name)", "There is a custom field with this technical name already."
    )

    # === COMPUTE METHODS === #

    @api.depends("group_id.tab_id.model")
    def _compute_model(self):
        for field in self:
            # A field that lost its header stays on its kind of record.
            field.model = field.group_id.tab_id.model or field.model

    @api.depends("label", "model")
    def _compute_name(self):
        unnamed = self.filtered(lambda f: f.label and f.model and not f.name)
        for model, fields_ in unnamed.grouped("model").items():
            taken = self._count_names(model)
            for field in fields_:
                field.name = propose_name(field.label, taken)
                taken.update(field._get_column_names())

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

    @api.depends("name", "model")
    def _compute_is_applied(self):
        Definition = self.env["opportunity.custom.definition"]
        for field in self:
            field.is_applied = field.name in Definition._get_live_fields(field.model)

    @api.depends("field_type")
    def _compute_abilities(self):
        for field in self:
            kind = FIELD_TYPES.get(field.field_type)
            field.has_options = bool(kind) and kind.choices in OWN_CHOICES
            field.is_groupable = bool(kind) and kind.groupable
            field.is_trackable = bool(kind) and kind.trackable

    @api.depends("field_type")
    def _compute_is_wide(self):
        for field in self:
            field.is_wide = (
                bool(field.field_type) and FIELD_TYPES[field.field_type].wide
            )

    # === CONSTRAINT METHODS === #

    @api.constrains("model")
    def _check_header(self):
        for field in self:
            if not field.model:
                raise ValidationError(
                    self.env._("“%(label)s” needs a header.", label=field.label)
                )

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

    @api.constrains("groups", "edit_group_ids")
    def _check_groups(self):
        for field in self:
            (field.groups | field.edit_group_ids)._check_opportunity_groups()

    @api.constrains("field_type", "default_value", "option_ids")
    def _check_default_value(self):
        # While a definition is loaded, fields come before their options.
        if self.env.context.get("opportunity_loading"):
            return
        for field in self.filtered("default_value"):
            try:
                field._parse_default()
            except (ValueError, OverflowError) as error:
                raise ValidationError(
                    self.env._(
                        "“%(label)s”: “%(value)s” cannot be the default of a field of "
                        "the type %(type)s.",
                        label=field.label,
                        value=field.default_value,
                        type=FIELD_TYPES[field.field_type].label,
                    )
                ) from error

    @api.constrains("required_stage_id", "group_id")
    def _check_required_stage(self):
        for field in self:
            if field.required_stage_id and field.model != "crm.lead":
                raise ValidationError(
                    self.env._(
                        "“%(label)s”: contacts have no stages to require it from.",
                        label=field.label,
                    )
                )

    @api.constrains("show_in_group_by", "tracked", "field_type")
    def _check_abilities(self):
        for field in self:
            kind = FIELD_TYPES[field.field_type]
            if field.show_in_group_by and not kind.groupable:
                raise ValidationError(
                    self.env._(
                        "“%(label)s”: records cannot be grouped by this type of field.",
                        label=field.label,
                    )
                )
            if field.tracked and not kind.trackable:
                raise ValidationError(
                    self.env._(
                        "“%(label)s”: changes of this type of field cannot be noted in "
                        "the chatter.",
                        label=field.label,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        fields_ = super().create(vals_list)
        fields_.filtered("groups")._check_may_open()
        return fields_

    def write(self, vals):
        self._check_kept(vals, ("model",))
        for field in self.filtered("is_applied"):
            for name in ("name", "field_type"):
                if vals.get(name, field[name]) != field[name]:
                    raise ValidationError(
                        self.env._(
                            "“%(label)s” is in use: its type and technical name stay. "
                            "Convert it, or add another field.",
                            label=field.label,
                        )
                    )
        if not vals.get("field_type", True):
            raise ValidationError(
                self.env._("“%(label)s” needs a type.", label=self[:1].label)
            )
        if vals.get("group_id"):
            self._check_same_model(vals["group_id"])
        elif "group_id" in vals:
            self._unlink_except_used()
        result = super().write(vals)
        if "groups" in vals:
            self._check_may_open()
        if "reader_ids" in vals:
            # The rule on options keeps which fields a user reads.
            self.env.registry.clear_cache()
        return result

    def _is_mine_to_open(self):
        """Whether the user may let others see the values."""
        guarded = self.field_type == "social_security_number"
        return self.env.su or not guarded or self.env.user.has_group(GUARD)

    def _check_may_open(self):
        """Let those who see social security numbers alone say who else does."""
        for field in self:
            if not field._is_mine_to_open():
                raise ValidationError(
                    self.env._(
                        "“%(label)s”: only those who see social security numbers may "
                        "say who else does.",
                        label=field.label,
                    )
                )

    def unlink(self):
        # Records point to these options until Apply has dropped the column.
        chosen = self.filtered(
            lambda field: field.is_applied and field._has_records_as_choices()
        )
        chosen.write({"group_id": False})
        return super(OpportunityCustomField, self - chosen).unlink()

    def _check_same_model(self, group_id):
        if not isinstance(group_id, int):
            raise ValidationError(
                self.env._("“%(label)s” needs a header.", label=self[:1].label)
            )
        model = self.env["opportunity.custom.group"].browse(group_id).tab_id.model
        if foreign := self.filtered(lambda field: field.model != model)[:1]:
            raise ValidationError(
                self.env._(
                    "“%(label)s” stays on the kind of record it was made for.",
                    label=foreign.label,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for field in self.filtered("is_applied"):
            if users := field._get_definition()._find_uses(field.name):
                raise UserError(
                    self.env._(
                        "“%(label)s” is used in: %(users)s. Take it out there first, "
                        "or archive the field.",
                        label=field.label,
                        users=", ".join(users),
                    )
                )
            count = field._get_definition()._count_filled(field.name)
            if count and not self.env.context.get("opportunity_delete_values"):
                raise UserError(
                    self.env._(
                        "“%(label)s” has a value on %(count)s records. Delete it with "
                        "its Delete button, which offers an export first, or archive "
                        "it.",
                        label=field.label,
                        count=count,
                    )
                )

    # === ACTIONS === #

    def action_delete(self):
        """Open the dialog that tells how many values would be lost."""
        return self._open_dialog(
            "opportunity.custom.field.delete", self.env._("Delete Field")
        )

    def action_convert(self):
        """Open the dialog that makes a field of another type out of this one."""
        return self._open_dialog(
            "opportunity.custom.field.convert", self.env._("Convert Field")
        )

    def _open_dialog(self, model, title):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {"default_field_id": self.id},
        }

    # === BUSINESS METHODS === #

    @api.model
    def _purge(self, model):
        """Delete the fields that waited for Apply to drop their columns."""
        fields_ = self.with_context(active_test=False)
        fields_.search([("model", "=", model), ("group_id", "=", False)]).unlink()

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

    def _describe(self):
        """Return the field as the dictionary that a definition keeps."""
        self.ensure_one()
        options = self.with_context(active_test=False).option_ids
        roots = options.filtered(lambda option: not option.parent_id)
        return {
            **{key: self[name] or "" for key, name in DESCRIBED_TEXTS.items()},
            **{key: self[name] for key, name in DESCRIBED_FLAGS.items()},
            "required": self.required or bool(self.required_stage_id),
            "stage": self.required_stage_id.id,
            "visible_to": self.groups._get_opportunity_xmlids(),
            "editors": self.edit_group_ids._get_opportunity_xmlids(),
            "access": self._get_access(),
            "options": [option._describe() for option in roots],
        }

    def _describe_for_editor(self):
        """Return the description with what only the editor needs."""
        only_editor = {"id": self.id, "sequence": self.sequence}
        return {**self._describe(), **only_editor, "is_applied": self.is_applied}

    def _is_described(self, row):
        return self.name == row["name"]

    @api.model
    def _read_description(self, row):
        Groups = self.env["res.groups"]
        names = {**DESCRIBED_TEXTS, **DESCRIBED_FLAGS}
        return {
            **{name: row[key] for key, name in names.items()},
            "required_stage_id": self._find("crm.stage", [row["stage"]])[:1].id,
            "groups": [
                Command.set(Groups._get_by_opportunity_xmlids(row["visible_to"]).ids)
            ],
            "edit_group_ids": [
                Command.set(Groups._get_by_opportunity_xmlids(row["editors"]).ids)
            ],
        }

    def _load_children(self, row):
        self.with_context(active_test=False).option_ids._load(
            row["options"], {"field_id": self.id, "parent_id": False}
        )

    def _get_access(self):
        """Return the external ids of the groups that may read the field. Customers
        on the portal never do, since nobody asked them to."""
        if self.field_type == "social_security_number" and not self.groups:
            return GUARD
        groups = self.groups or self.group_id.tab_id.group_ids
        return groups._get_opportunity_xmlids() or "base.group_user"

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

    def _get_definition(self):
        return self.env["opportunity.custom.definition"]._get(self.model)

    def _get_stored_value(self, option):
        """Return what a record that chose an option holds."""
        return option.id if self._has_records_as_choices() else option.key

    def _count_option_uses(self, options):
        """Return {option: number of records that chose it}, without unused ones."""
        by_value = {self._get_stored_value(option): option for option in options}
        counts = self._get_definition()._count_choices(self.name, list(by_value))
        return {by_value[value]: count for value, count in counts.items()}

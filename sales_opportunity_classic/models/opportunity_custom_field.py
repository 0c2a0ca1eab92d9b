from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.custom_fields.types import FIELD_TYPES
from .opportunity_custom_definition import MODELS
from .opportunity_custom_description_mixin import GUARD


class OpportunityCustomField(models.Model):
    """A field that a sales administrator adds below a header.

    Applying the draft makes it a real field of the model, under its technical name,
    which like its type stays for ever. Its label, help, options, place and visibility
    may change at any time. Archiving hides it and keeps the values.
    """

    _name = "opportunity.custom.field"
    _inherit = [
        "opportunity.custom.name.mixin",
        "opportunity.custom.description.mixin",
        "opportunity.custom.choice.mixin",
        "opportunity.custom.label.mixin",
    ]
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

    _name_unique = models.UniqueIndex(
        "(model, name)", "There is a custom field with this technical name already."
    )

    # === COMPUTE METHODS === #

    @api.depends("group_id.tab_id.model")
    def _compute_model(self):
        for field in self:
            # A field that lost its header stays on its kind of record.
            field.model = field.group_id.tab_id.model or field.model

    @api.depends("name", "model")
    def _compute_is_applied(self):
        Definition = self.env["opportunity.custom.definition"]
        for field in self:
            field.is_applied = field.name in Definition._get_live_fields(field.model)

    @api.depends("field_type")
    def _compute_abilities(self):
        for field in self:
            kind = FIELD_TYPES.get(field.field_type)
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

    def _get_definition(self):
        return self.env["opportunity.custom.definition"]._get(self.model)

from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..tools.custom_fields.changes import get_options
from ..tools.custom_fields.naming import propose_key

MOST_LEVELS = 10


class OpportunityCustomOption(models.Model):
    """One choice of a custom field; of a drill-down, a node of its tree.

    Drop-downs and radio buttons keep the option's ``key``, which never changes once
    given. List boxes and drill-downs keep the option itself, so that its name, colour
    and place show at once. An option in use is archived or replaced, never deleted.
    """

    _name = "opportunity.custom.option"
    _inherit = "opportunity.custom.label.mixin"
    _description = "Option of a Custom Field"
    # By the field's id: its order would join three tables whenever values are read.
    _order = "field_id.id, sequence, id"
    _parent_store = True
    _rec_name = "complete_name"

    field_id = fields.Many2one(
        "opportunity.custom.field", required=True, index=True, ondelete="cascade"
    )
    # Of the field, for those who may choose an option but not read definitions
    model = fields.Selection(related="field_id.model", store=True)
    field_name = fields.Char(related="field_id.name", store=True, index=True)
    name = fields.Char(string="Option", required=True)
    complete_name = fields.Char(
        compute="_compute_complete_name", recursive=True, store=True
    )
    key = fields.Char(
        readonly=True,
        copy=False,
        help="What is stored in a record, and written in imports.",
    )
    parent_id = fields.Many2one(
        "opportunity.custom.option",
        string="Below",
        index=True,
        ondelete="restrict",
        domain="[('field_id', '=', field_id)]",
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("opportunity.custom.option", "parent_id")
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    active = fields.Boolean(default=True)

    _key_unique = models.UniqueIndex(
        "(field_id, key)", "Two options of a field cannot have the same key."
    )

    # === COMPUTE METHODS === #

    @api.depends("name", "parent_id.complete_name")
    def _compute_complete_name(self):
        for option in self:
            above = option.parent_id.complete_name
            option.complete_name = f"{above} / {option.name}" if above else option.name

    @api.model
    def _search_display_name(self, operator, value):
        found = super()._search_display_name(operator, value)
        model, name = self.env.context.get("opportunity_custom_field") or (None, None)
        if not name:
            return found
        own = Domain("model", "=", model) & Domain("field_name", "=", name)
        return Domain(found) & own

    # === CONSTRAINT METHODS === #

    @api.constrains("name", "field_id", "parent_id")
    def _check_name_once(self):
        # While a definition is loaded two options may swap their names.
        if self.env.context.get("opportunity_loading"):
            return
        for field in self.field_id:
            options = field.with_context(active_test=False).option_ids
            counts = Counter((o.parent_id, o.name.casefold()) for o in options)
            for option in options & self:
                if counts[option.parent_id, option.name.casefold()] > 1:
                    raise ValidationError(
                        self.env._(
                            "“%(field)s” has the option “%(option)s” twice.",
                            field=field.label,
                            option=option.name,
                        )
                    )

    @api.constrains("field_id", "parent_id")
    def _check_parent(self):
        for option in self.filtered("parent_id"):
            if option.field_id.field_type != "drilldown":
                raise ValidationError(
                    self.env._(
                        "“%(option)s”: only drill-downs have options below options.",
                        option=option.name,
                    )
                )
            if option.parent_id.field_id != option.field_id:
                raise ValidationError(
                    self.env._(
                        "“%(option)s” is below an option of another field.",
                        option=option.name,
                    )
                )

    @api.constrains("field_id")
    def _check_field_type(self):
        for option in self:
            if not option.field_id.has_options:
                raise ValidationError(
                    self.env._(
                        "“%(field)s” is not of a type with options.",
                        field=option.field_id.label,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        # Before any is made: options may come with others below them, without end.
        parents = [vals["parent_id"] for vals in vals_list if vals.get("parent_id")]
        self.browse(parents)._check_levels(MOST_LEVELS - 1)
        options = super().create(vals_list)
        unnamed = options.filtered(lambda option: not option.key)
        for field, own in unnamed.grouped("field_id").items():
            siblings = field.with_context(active_test=False).option_ids
            taken = set(siblings.mapped("key"))
            for option in own:
                option.key = propose_key(option.name, taken, "option")
                taken.add(option.key)
        return options

    def write(self, vals):
        self._check_kept(vals, ("model", "field_name", "parent_path"))
        if any(
            option.key not in (False, vals.get("key", option.key)) for option in self
        ):
            raise ValidationError(
                self.env._("The key of an option stays: values are stored under it.")
            )
        if "field_id" in vals and any(o.field_id.id != vals["field_id"] for o in self):
            raise ValidationError(
                self.env._("An option stays with the field it was made for.")
            )
        result = super().write(vals)
        if vals.get("parent_id"):
            below = self.with_context(active_test=False)
            below.search([("id", "child_of", self.ids)])._check_levels(MOST_LEVELS)
        return result

    def unlink(self):
        fields_ = self.field_id
        result = super().unlink()
        fields_._check_default_value()
        return result

    def _check_levels(self, most):
        for option in self:
            if option.parent_path.count("/") > most:
                raise ValidationError(
                    self.env._(
                        "“%(option)s”: options have at most %(most)s levels.",
                        option=option.name,
                        most=MOST_LEVELS,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for field, options in self.grouped("field_id").items():
            if used := field._count_option_uses(options):
                raise UserError(
                    self.env._(
                        "“%(option)s” is chosen on %(count)s records: replace it by "
                        "another option or archive it.",
                        option=next(iter(used)).complete_name,
                        count=next(iter(used.values())),
                    )
                )

    # === ACTIONS === #

    def action_replace(self):
        """Open the dialog that puts another option in place of this one."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Replace Option"),
            "res_model": "opportunity.custom.option.replace",
            "view_mode": "form",
            "target": "new",
            "context": {"default_option_id": self.id},
        }

    # === BUSINESS METHODS === #

    def _is_live(self):
        """Whether the option was there when the definition was applied last."""
        self.ensure_one()
        Definition = self.env["opportunity.custom.definition"]
        field = Definition._get_live_fields(self.field_id.model)[self.field_id.name]
        return self.key in {option["key"] for option in get_options(field)}

    def _describe(self):
        """Return the option, and those below it, as a definition keeps them."""
        self.ensure_one()
        return {
            "key": self.key,
            "name": self.name,
            "color": self.color,
            "active": self.active,
            "options": [child._describe() for child in self.child_ids],
        }

    def _is_described(self, row):
        return self.key == row["key"]

    @api.model
    def _read_description(self, row):
        return {
            **super()._read_description(row),
            "key": row["key"],
            "color": row["color"],
            "active": row["active"],
        }

    def _load_children(self, row):
        self.field_id.with_context(active_test=False).option_ids._load(
            row["options"], {"field_id": self.field_id.id, "parent_id": self.id}
        )

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.custom_fields import columns, conversion
from ..tools.custom_fields.types import FIELD_TYPES

MOST_OPTIONS = 200
LISTED = 80
LONGEST_TEXT = 200
KEPT = (
    "help_text",
    "placeholder",
    "required",
    "show_in_list",
    "show_in_list_at_once",
    "show_in_search",
    "show_in_kanban",
)


class OpportunityCustomFieldConvert(models.TransientModel):
    """Makes a field of another type beside one that has values, and copies these.

    Before it does so, and after, it shows which values have no equal of the new type:
    they stay in the old field, which is archived if people want that.
    """

    _name = "opportunity.custom.field.convert"
    _inherit = "opportunity.custom.conversion.mixin"
    _description = "Convert a Custom Field"

    allowed_types = fields.Json(compute="_compute_allowed_types")
    label = fields.Char(compute="_compute_label", store=True, readonly=False)
    archive_old = fields.Boolean(string="Archive the Old Field", default=True)
    problem = fields.Text(compute="_compute_advice")
    notes = fields.Text(compute="_compute_advice")
    converted_count = fields.Integer(
        string="Converted Records", compute="_compute_outcome"
    )
    failed_count = fields.Integer(string="Not Converted", compute="_compute_outcome")
    failures = fields.Html(compute="_compute_outcome")

    # === COMPUTE METHODS === #

    @api.depends("field_id")
    def _compute_allowed_types(self):
        for dialog in self:
            targets = conversion.get_targets(dialog.field_id.field_type)
            dialog.allowed_types = targets

    @api.depends("field_id", "field_type")
    def _compute_label(self):
        types = dict(self._fields["field_type"]._description_selection(self.env))
        for dialog in self:
            # Two fields of one name are hard to tell apart in filters and exports.
            label, kind = dialog.field_id.label, types.get(dialog.field_type)
            dialog.label = f"{label} ({kind})" if kind else label

    @api.depends("field_id", "field_type", "new_field_id")
    def _compute_advice(self):
        for dialog in self:
            is_asked = dialog.field_type and not dialog.new_field_id
            dialog.problem = is_asked and dialog._find_problem()
            dialog.notes = is_asked and "\n".join(dialog._get_notes())

    @api.depends("problem")
    def _compute_outcome(self):
        for dialog in self:
            converts = dialog.field_type and not dialog.problem
            values = dialog._read_values() if converts else []
            converted, failed = dialog._convert(values) if values else ({}, {})
            counts = {key: count for key, _value, count in values}
            dialog.converted_count = sum(counts[key] for key in converted)
            dialog.failed_count = sum(counts[key] for key in failed)
            dialog.failures = dialog._list_failures(failed)

    def _find_problem(self):
        """Return why the field cannot be converted, empty if it can."""
        self.ensure_one()
        field = self.field_id
        if not field.is_applied:
            return self.env._(
                "“%(label)s” is not applied yet: just change its type.",
                label=field.label,
            )
        if not field._is_mine_to_open():
            return self.env._(
                "“%(label)s”: only those who see social security numbers may convert "
                "them.",
                label=field.label,
            )
        if self.field_type not in self.allowed_types:
            return self.env._(
                "“%(label)s”: its values cannot become values of this type.",
                label=field.label,
            )
        count = len(conversion.flatten_options(self._plan_options(self._read_values())))
        if count > MOST_OPTIONS and not field.has_options:
            return self.env._(
                "“%(label)s” would need %(count)s options, and %(most)s are the most "
                "that people can choose from. Tidy up its values first.",
                label=field.label,
                count=count,
                most=MOST_OPTIONS,
            )
        return ""

    def _get_notes(self):
        """Return what people should know before they convert."""
        definition = self.field_id._get_definition()
        notes = []
        if "date_time" in (self.field_id.field_type, self.field_type):
            notes.append(
                self.env._("Times are those of the time zone %s.", self.env.tz)
            )
        if self.field_type == "percent":
            notes.append(self.env._("The figure stays: 25 becomes 25 %."))
        if changes := definition._get_changes():
            notes.append(
                self.env._(
                    "Your other changes are applied as well: %s.",
                    definition._summarize(changes),
                )
            )
        if uses := definition._find_uses(self.field_id.name):
            notes.append(
                self.env._("These go on using the old field: %s.", ", ".join(uses))
            )
        return notes

    def _list_failures(self, failed):
        """Return a table of the first records whose values do not convert, as far as
        the user may read record and value."""
        if not failed:
            return False
        Model = self.env[self.field_id.model]
        column = Model._fields[self.field_id.name]
        if not Model._has_field_access(column, "read"):
            return False
        storage = self.field_id._get_definition()._get_storage(column.name)
        domain = [("id", "in", columns.select_records(storage, failed))]
        records = Model.with_context(active_test=False).search(domain, limit=LISTED)
        keys = columns.read_keys(self.env.cr, storage, records.ids)
        rows = Markup().join(
            Markup(
                '<tr><td><a href="/odoo/%s/%s" target="_blank">%s</a></td>'
                "<td>%s</td></tr>"
            )
            % (
                *(record._name, record.id, record.display_name),
                failed[keys[record.id]][:LONGEST_TEXT],
            )
            for record in records
        )
        return Markup('<table class="table table-sm mb-0">%s</table>') % rows

    # === ACTIONS === #

    def action_convert(self):
        """Make the new field, apply the draft and copy what converts.

        :raises UserError: naming why the field cannot be converted
        """
        self.ensure_one()
        if problem := self._find_problem():
            raise UserError(problem)
        values = self._read_values()
        self.new_field_id = self._create_field(values)
        if self.archive_old:
            self.field_id.active = False
        self.field_id._get_definition().action_apply()
        self._copy(values)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Convert Field"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    # === BUSINESS METHODS === #

    def _create_field(self, values):
        """Return a new draft field behind the old one, for the same people."""
        field = self.field_id
        new = field.create({**self._prepare_field(), "group_id": field.group_id.id})
        new.option_ids._load(
            self._plan_options(values), {"field_id": new.id, "parent_id": False}
        )
        access = field._get_access()
        if access not in ("base.group_user", new._get_access()):
            new.groups = new.groups._get_by_opportunity_xmlids(access)
        siblings = [other for other in field.group_id.field_ids if other != new]
        siblings.insert(siblings.index(field) + 1, new)
        for sequence, sibling in enumerate(siblings):
            sibling.sequence = sequence
        # What stands in the cache is not in this order.
        field.group_id.invalidate_recordset(["field_ids"])
        return new

    def _prepare_field(self):
        field, kind = self.field_id, FIELD_TYPES[self.field_type]
        return {
            **{name: field[name] for name in KEPT},
            "label": self.label,
            "field_type": self.field_type,
            "required_stage_id": field.required_stage_id.id,
            "tracked": field.tracked and kind.trackable,
            "show_in_group_by": field.show_in_group_by and kind.groupable,
            "groups": [fields.Command.set(field.groups.ids)],
            "edit_group_ids": [fields.Command.set(field.edit_group_ids.ids)],
        }

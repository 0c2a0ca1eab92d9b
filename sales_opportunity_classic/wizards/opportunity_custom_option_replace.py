from odoo import api, fields, models
from odoo.exceptions import UserError


class OpportunityCustomOptionReplace(models.TransientModel):
    """Puts another option of the same field in place of one that records chose.

    The option then leaves the draft. Where records hold its key, and people can choose
    it until the draft is applied, it is archived instead: it may be deleted later.
    """

    _name = "opportunity.custom.option.replace"
    _description = "Replace an Option"

    option_id = fields.Many2one(
        "opportunity.custom.option", required=True, readonly=True, ondelete="cascade"
    )
    field_id = fields.Many2one(related="option_id.field_id")
    is_active = fields.Boolean(related="option_id.active")
    replacement_id = fields.Many2one(
        "opportunity.custom.option",
        string="Replace by",
        domain="[('field_id', '=', field_id), ('id', '!=', option_id)]",
        ondelete="cascade",
    )
    count = fields.Integer(compute="_compute_count")

    # === COMPUTE METHODS === #

    @api.depends("option_id")
    def _compute_count(self):
        for dialog in self:
            field, option = dialog.field_id, dialog.option_id
            counts = field._count_option_uses(option) if field.is_applied else {}
            dialog.count = counts.get(option, 0)

    # === ACTIONS === #

    def action_replace(self):
        """Give all records that chose the option the other one.

        :raises UserError: naming why the other one cannot take its place
        """
        self.ensure_one()
        self._check_replacement()
        field, option = self.field_id, self.option_id
        if field.is_applied:
            field._get_definition()._replace_choice(
                field.name,
                field._get_stored_value(option),
                field._get_stored_value(self.replacement_id),
            )
        if field.default_value == option.key:
            field.default_value = self.replacement_id.key
        if field.is_applied and self._stays_listed():
            option.active = False
        else:
            option.unlink()
        return {"type": "ir.actions.act_window_close"}

    def action_archive(self):
        """Offer the option no more; records that chose it keep it."""
        self.ensure_one()
        self.option_id.active = False
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS METHODS === #

    def _stays_listed(self):
        """Whether people can choose the option's key until the draft is applied."""
        kept_as_key = not self.field_id._has_records_as_choices()
        return kept_as_key and self.option_id._is_live()

    def _check_replacement(self):
        option, replacement = self.option_id, self.replacement_id
        if replacement.field_id != self.field_id or replacement == option:
            raise UserError(
                self.env._(
                    "Choose another option of “%(field)s” in place of “%(option)s”.",
                    field=self.field_id.label,
                    option=option.complete_name,
                )
            )
        if below := option.with_context(active_test=False).child_ids:
            raise UserError(
                self.env._(
                    "“%(option)s” has options below it: replace %(below)s first.",
                    option=option.complete_name,
                    below=", ".join(f"“{name}”" for name in below.mapped("name")),
                )
            )
        if self.field_id.is_applied and not replacement._is_live():
            raise UserError(
                self.env._(
                    "“%(option)s” is new: apply your changes first, so that records "
                    "can have it.",
                    option=replacement.complete_name,
                )
            )

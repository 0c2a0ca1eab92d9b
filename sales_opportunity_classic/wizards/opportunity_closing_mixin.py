from odoo import api, fields, models


class OpportunityClosingMixin(models.AbstractModel):
    """What the Won and the Lost dialog have in common.

    The concrete dialog has ``lead_ids`` and names its ``_outcome``, ``won`` or
    ``lost``. Answers left empty change nothing on the opportunities.
    """

    _name = "opportunity.closing.mixin"
    _description = "Closing Dialog"

    _outcome = None
    _record_answers = ("lead_ids", "competitor_ids")

    is_reason_required = fields.Boolean(compute="_compute_is_reason_required")
    actual_close_date = fields.Date("Actual Closing", default=fields.Date.context_today)
    competitor_ids = fields.Many2many("res.partner", string="Competitors")
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")

    # === COMPUTE METHODS === #

    @api.depends("lead_ids")
    def _compute_is_reason_required(self):
        required = self.env["crm.lead"]._is_reason_required(self._outcome)
        self.is_reason_required = required

    @api.depends("lead_ids")
    def _compute_currency_id(self):
        for dialog in self:
            currency = dialog.lead_ids[:1].company_currency
            dialog.currency_id = currency or self.env.company.currency_id

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_amounts(vals)
        dialogs = super().create(vals_list)
        dialogs._check_readable_answers()
        return dialogs

    def write(self, vals):
        self._check_amounts(vals)
        result = super().write(vals)
        self._check_readable_answers()
        return result

    @api.model
    def _check_amounts(self, vals):
        self.env["crm.lead"]._check_amounts(vals)

    def _check_readable_answers(self):
        """Refuse records that the user may not read: the dialog would name them."""
        for name in self._record_answers:
            # sudo: what the user may not read would be left out
            records = self.sudo().mapped(name)
            records.sudo(self.env.su).check_access("read")

    # === BUSINESS METHODS === #

    def _prepare_outcome(self):
        """Return {field of the opportunity: answer}, without the empty answers."""
        answers = self._get_answers()
        return {name: answer for name, answer in answers.items() if answer}

    def _get_answers(self):
        return {
            "actual_close_date": self.actual_close_date,
            "competitor_ids": self._link(self.competitor_ids),
        }

    @api.model
    def _link(self, records):
        return [fields.Command.link(record.id) for record in records]

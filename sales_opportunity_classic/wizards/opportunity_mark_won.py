from odoo import api, fields, models

from ..models.opportunity_outcome_mixin import WON_REASON_PARAMETER


class OpportunityMarkWon(models.TransientModel):
    """The Won dialog: why the deal was won, when and at what price.

    For one opportunity it proposes the expected revenue; for several each keeps its
    own expected revenue as the actual one.
    """

    _name = "opportunity.mark.won"
    _description = "Mark Opportunities Won"

    lead_ids = fields.Many2many("crm.lead", string="Opportunities", required=True)
    is_single = fields.Boolean(compute="_compute_is_single")
    stage_id = fields.Many2one("crm.stage", domain=[("is_won", "=", True)])
    is_reason_required = fields.Boolean(compute="_compute_is_reason_required")
    won_reason_id = fields.Many2one("opportunity.won.reason")
    actual_revenue = fields.Monetary(
        compute="_compute_actual_revenue", store=True, readonly=False
    )
    actual_close_date = fields.Date("Closing Date", default=fields.Date.context_today)
    competitor_ids = fields.Many2many("res.partner", string="Competitors")
    closing_note = fields.Text()
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")

    # === COMPUTE METHODS === #

    @api.depends("lead_ids")
    def _compute_is_single(self):
        for wizard in self:
            wizard.is_single = len(wizard.lead_ids) == 1

    @api.depends("lead_ids")
    def _compute_actual_revenue(self):
        for wizard in self:
            lead = wizard.lead_ids if wizard.is_single else wizard.lead_ids.browse()
            wizard.actual_revenue = lead.actual_revenue or lead.expected_revenue

    @api.depends("lead_ids")
    def _compute_currency_id(self):
        for wizard in self:
            wizard.currency_id = (
                wizard.lead_ids[:1].company_currency or self.env.company.currency_id
            )

    @api.depends("lead_ids")
    def _compute_is_reason_required(self):
        self.is_reason_required = self.env["crm.lead"]._is_set(WON_REASON_PARAMETER)

    # === ACTION METHODS === #

    def action_mark_won(self):
        """Close the opportunities; one alone celebrates as Odoo's button does."""
        self.ensure_one()
        self.lead_ids.write(self._prepare_outcome())
        if self.stage_id:
            self.lead_ids.write({"stage_id": self.stage_id.id})
        elif self.is_single:
            return self.lead_ids.action_set_won_rainbowman()
        else:
            self.lead_ids.action_set_won()
        return {"type": "ir.actions.act_window_close"}

    def _prepare_outcome(self):
        """Return what the dialog says of the outcome; empty answers change nothing."""
        values = {
            "won_reason_id": self.won_reason_id.id,
            "actual_revenue": self.is_single and self.actual_revenue,
            "actual_close_date": self.actual_close_date,
            "closing_note": self.closing_note,
            "competitor_ids": [
                fields.Command.link(partner.id) for partner in self.competitor_ids
            ],
        }
        return {name: value for name, value in values.items() if value}

from odoo import api, fields, models


class OpportunityMarkWon(models.TransientModel):
    """The Won dialog: why the deal was won, when and at what price.

    For one opportunity it proposes the expected revenue; for several each keeps its
    own expected revenue as the actual one.
    """

    _name = "opportunity.mark.won"
    _description = "Mark Opportunities Won"
    _inherit = ["opportunity.closing.mixin"]

    _outcome = "won"

    lead_ids = fields.Many2many(
        "crm.lead",
        string="Opportunities",
        required=True,
        context={"active_test": False},
    )
    is_single = fields.Boolean(compute="_compute_is_single")
    stage_id = fields.Many2one("crm.stage", domain=[("is_won", "=", True)])
    won_reason_id = fields.Many2one("opportunity.won.reason")
    actual_revenue = fields.Monetary(
        compute="_compute_actual_revenue", store=True, readonly=False
    )
    closing_note = fields.Text()

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

    # === ACTION METHODS === #

    def action_mark_won(self):
        """Close the opportunities, in the stage that was asked for if there is one;
        one alone without such a stage celebrates as Odoo's button does."""
        self.ensure_one()
        # The web client hands on the context of the button that opened this dialog.
        leads = self.lead_ids.with_context(opportunity_ask_outcome=False)
        # Lost ones are open again first, so that these answers are not the old ones.
        leads.action_unarchive()
        leads.write(self._prepare_outcome())
        if self.stage_id:
            leads.write({"stage_id": self.stage_id.id})
        elif self.is_single:
            return leads.action_set_won_rainbowman()
        else:
            leads.action_set_won()
        return {"type": "ir.actions.act_window_close"}

    def _get_answers(self):
        return {
            **super()._get_answers(),
            "won_reason_id": self.won_reason_id.id,
            "actual_revenue": self.is_single and self.actual_revenue,
            "closing_note": self.closing_note,
        }

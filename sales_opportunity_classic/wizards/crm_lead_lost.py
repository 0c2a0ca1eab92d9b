from odoo import api, fields, models
from odoo.tools.mail import html2plaintext, is_html_empty

from ..models.opportunity_outcome_mixin import LOST_REASON_PARAMETER


class CrmLeadLost(models.TransientModel):
    """Odoo's Lost dialog, which also asks who got the business and at what price."""

    _inherit = "crm.lead.lost"

    is_reason_required = fields.Boolean(compute="_compute_is_reason_required")
    awarded_to_id = fields.Many2one("res.partner")
    awarded_revenue = fields.Monetary("Awarded At")
    competitor_ids = fields.Many2many("res.partner", string="Competitors")
    objection_ids = fields.Many2many("opportunity.objection", string="Objections")
    actual_close_date = fields.Date("Closing Date", default=fields.Date.context_today)
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")

    @api.depends("lead_ids")
    def _compute_currency_id(self):
        for wizard in self:
            wizard.currency_id = (
                wizard.lead_ids[:1].company_currency or self.env.company.currency_id
            )

    @api.depends("lead_ids")
    def _compute_is_reason_required(self):
        self.is_reason_required = self.env["crm.lead"]._is_set(LOST_REASON_PARAMETER)

    def action_lost_reason_apply(self):
        self.ensure_one()
        self.lead_ids.write(self._prepare_outcome())
        return super().action_lost_reason_apply()

    def _prepare_outcome(self):
        """Return what the dialog says of the outcome; empty answers change nothing."""
        values = {
            "lost_reason_id": self.lost_reason_id.id,
            "actual_close_date": self.actual_close_date,
            "awarded_to_id": self.awarded_to_id.id,
            "awarded_revenue": self.awarded_revenue,
        }
        if not is_html_empty(self.lost_feedback):
            values["closing_note"] = html2plaintext(self.lost_feedback)
        for name in ("competitor_ids", "objection_ids"):
            if self[name]:
                values[name] = [fields.Command.link(record.id) for record in self[name]]
        return {name: value for name, value in values.items() if value}

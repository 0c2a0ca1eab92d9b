from odoo import fields, models
from odoo.tools.mail import html2plaintext, is_html_empty


class CrmLeadLost(models.TransientModel):
    """Odoo's Lost dialog, which also asks who got the business and at what price."""

    _name = "crm.lead.lost"
    _inherit = ["opportunity.closing.mixin", "crm.lead.lost"]

    _outcome = "lost"
    _record_answers = ("lead_ids", "competitor_ids", "awarded_to_id")

    awarded_to_id = fields.Many2one("res.partner")
    awarded_revenue = fields.Monetary("Awarded At")
    objection_ids = fields.Many2many("opportunity.objection", string="Objections")

    def action_lost_reason_apply(self):
        """Note the answers, then close as Odoo does (which sets the lost reason)."""
        self.ensure_one()
        self.lead_ids.write(self._prepare_outcome())
        return super().action_lost_reason_apply()

    def _get_answers(self):
        note = self.lost_feedback
        return {
            **super()._get_answers(),
            "awarded_to_id": self.awarded_to_id.id,
            "awarded_revenue": self.awarded_revenue,
            "objection_ids": self._link(self.objection_ids),
            "closing_note": not is_html_empty(note) and html2plaintext(note),
        }

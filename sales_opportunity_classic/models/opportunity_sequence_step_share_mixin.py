from odoo import api, fields, models
from odoo.exceptions import ValidationError


class OpportunitySequenceStepShareMixin(models.AbstractModel):
    """Shares the opportunity, where whom the sequence runs for may do so."""

    _name = "opportunity.sequence.step.share.mixin"
    _description = "Share Step"

    share_user_id = fields.Many2one(
        "res.users",
        "Share with",
        ondelete="set null",
        domain=[("share", "=", False)],
    )
    share_team_id = fields.Many2one("crm.team", "Or with a Team", ondelete="set null")
    share_access = fields.Selection(
        [("read", "Can read"), ("edit", "Can edit")], "Access", default="read"
    )

    @api.constrains("step_type", "share_user_id", "share_team_id")
    def _check_share(self):
        for step in self.filtered(lambda step: step.step_type == "share"):
            recipients = bool(step.share_user_id) + bool(step.share_team_id)
            if recipients != 1 or step.model != "crm.lead":
                raise ValidationError(
                    self.env._(
                        "Share with a colleague or a team; only opportunities are "
                        "shared."
                    )
                )

    def _run_share(self, records):
        recipient = {
            "user_id": self.share_user_id.id,
            "team_id": self.share_team_id.id,
        }
        same = [(name, "=", id_) for name, id_ in recipient.items() if id_]
        shares = self.env["opportunity.share"]
        known = shares.search([("lead_id", "in", records.ids), *same]).lead_id
        shares.create(
            [
                {"lead_id": record.id, "access": self.share_access, **recipient}
                for record in records - known
            ]
        )
        return dict.fromkeys(records.ids, {})

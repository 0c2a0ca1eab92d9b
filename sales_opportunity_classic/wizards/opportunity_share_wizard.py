from odoo import fields, models
from odoo.exceptions import UserError


class OpportunityShareWizard(models.TransientModel):
    """Shares several opportunities with one colleague, team or group."""

    _name = "opportunity.share.wizard"
    _description = "Share Opportunities"

    lead_ids = fields.Many2many(
        "crm.lead", string="Opportunities", context={"active_test": False}
    )
    user_id = fields.Many2one("res.users", "Colleague", domain=[("share", "=", False)])
    team_id = fields.Many2one("crm.team", "Sales Team")
    group_id = fields.Many2one("res.groups", "User Group")
    access = fields.Selection(
        [("read", "Can read"), ("edit", "Can edit")], required=True, default="read"
    )
    role = fields.Char()
    date_until = fields.Date("Until", help="The last day of the access.")
    note = fields.Char()

    def action_share(self):
        """Share those that are not shared with them; of the others change what is
        there."""
        self.ensure_one()
        recipients = self.user_id, self.team_id, self.group_id
        if len(list(filter(None, recipients))) != 1:
            raise UserError(
                self.env._("Share with either a colleague, a team or a group.")
            )
        self.lead_ids.check_access("write")
        values = self._prepare_values()
        present = self._find_present()
        present.write(values)
        others = self.lead_ids - present.lead_id
        if self.user_id:
            others = others.filtered(lambda lead: lead.user_id != self.user_id)
        self.env["opportunity.share"].create(
            [
                {**values, **self._prepare_recipient(), "lead_id": id_}
                for id_ in others.ids
            ]
        )
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _prepare_values(self):
        return {
            "access": self.access,
            "role": self.role,
            "date_until": self.date_until,
            "note": self.note,
        }

    def _prepare_recipient(self):
        return {
            "user_id": self.user_id.id,
            "team_id": self.team_id.id,
            "group_id": self.group_id.id,
        }

    def _find_present(self):
        recipient = self._prepare_recipient().items()
        return self.env["opportunity.share"].search(
            [
                ("lead_id", "in", self.lead_ids.ids),
                *((name, "=", value) for name, value in recipient if value),
            ]
        )

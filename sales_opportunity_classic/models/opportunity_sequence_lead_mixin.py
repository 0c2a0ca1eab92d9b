from odoo import api, fields, models


class OpportunitySequenceLeadMixin(models.AbstractModel):
    """Opportunities that enter and leave sequences: by their stages, when they are won,
    lost or archived, and in a merge."""

    _name = "opportunity.sequence.lead.mixin"
    _description = "Follow-Up of Opportunities"
    _inherit = ["opportunity.sequence.mixin", "opportunity.merge.mixin"]

    _follow_up_tags = "tag_ids"

    enrollment_ids = fields.One2many(
        "opportunity.sequence.enrollment",
        "lead_id",
        string="Follow-Up Sequences",
        groups="base.group_user",
        copy=False,
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        leads._enter_by_stage()
        return leads

    def write(self, vals):
        moved = self.browse()
        if stage_id := vals.get("stage_id"):
            moved = self.filtered(lambda lead: lead.stage_id.id != stage_id)
        result = super().write(vals)
        moved._enter_by_stage()
        return result

    # === BUSINESS METHODS === #

    @api.model
    def _get_follow_up_field(self):
        return "lead_id"

    def _get_follow_up_contact(self):
        return self.partner_id

    def _enter_by_stage(self):
        rules = self.env["opportunity.sequence"]._get_entry_rules(self._name).on_stage
        if rules:
            for stage, leads in self.grouped("stage_id").items():
                self._enter_sequences(leads, rules.get(stage.id, ()))

    def _handle_won_lost(self, old_status_by_lead, new_status_by_lead):
        result = super()._handle_won_lost(old_status_by_lead, new_status_by_lead)
        for status in ("won", "lost"):
            reached = self.filtered(
                lambda lead, key=f"is_{status}": (
                    new_status_by_lead.get(lead.id, {}).get(key)
                    and not old_status_by_lead.get(lead.id, {}).get(key)
                )
            )
            if reached:
                self.env["opportunity.sequence.enrollment"]._stop_where(
                    [("lead_id", "in", reached.ids)], status, f"stop_on_{status}"
                )
            if status == "lost":
                rules = self.env["opportunity.sequence"]._get_entry_rules(self._name)
                self._enter_sequences(reached, rules.on_lost)
        return result

    def _is_follow_up_archived(self):
        # sudo: asked by whoever archives
        return not self.active and self.sudo().won_status != "lost"

    def _get_follow_up_exit(self, sequence):
        if self.won_status == "won":
            return "won" if sequence.stop_on_won else None
        if self.won_status == "lost":
            return "lost" if sequence.stop_on_lost else None
        return super()._get_follow_up_exit(sequence)

    def _hand_over(self, survivors):
        # sudo: a merge loses nothing that the user may not see
        enrollments = self.env["opportunity.sequence.enrollment"].sudo()
        enrollments.search([("lead_id", "in", self.ids)])._hand_over(survivors)
        return super()._hand_over(survivors)

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class OpportunitySequenceStepStageMixin(models.AbstractModel):
    """Moves opportunities to a stage; what stages require is asked as of anybody."""

    _name = "opportunity.sequence.step.stage.mixin"
    _description = "Stage Step"

    stage_id = fields.Many2one(
        "crm.stage", "Move to", index="btree_not_null", ondelete="restrict"
    )

    @api.constrains("step_type", "stage_id")
    def _check_stage(self):
        for step in self.filtered(lambda step: step.step_type == "stage"):
            if not step.stage_id or step.model != "crm.lead":
                raise ValidationError(
                    self.env._("Choose a stage; only opportunities have one.")
                )

    def _run_stage(self, records):
        records.write({"stage_id": self.stage_id.id})
        return dict.fromkeys(records.ids, {})

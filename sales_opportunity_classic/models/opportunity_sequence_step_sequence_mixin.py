from odoo import api, fields, models
from odoo.exceptions import ValidationError


class OpportunitySequenceStepSequenceMixin(models.AbstractModel):
    """Starts another sequence on the record; where it is in it already, it stays."""

    _name = "opportunity.sequence.step.sequence.mixin"
    _description = "Sequence Step"

    start_sequence_id = fields.Many2one(
        "opportunity.sequence",
        "Start",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('model', '=', model), ('id', '!=', sequence_id)]",
    )

    @api.constrains("step_type", "start_sequence_id")
    def _check_start_sequence(self):
        for step in self.filtered(lambda step: step.step_type == "sequence"):
            started = step.start_sequence_id
            if not started or started.model != step.model:
                raise ValidationError(
                    self.env._("Choose a sequence for the same kind of records.")
                )
            if step.sequence_id in started._get_started():
                raise ValidationError(
                    self.env._(
                        "“%s” would start itself again, without end.",
                        step.sequence_id.name,
                    )
                )

    def _run_sequence(self, records):
        self.start_sequence_id._enroll(records)
        return dict.fromkeys(records.ids, {})

from markupsafe import Markup

from odoo import models

from ..tools.follow_up_queue import Trouble


class OpportunitySequenceStepNoteMixin(models.AbstractModel):
    """Logs a note on the record, for colleagues."""

    _name = "opportunity.sequence.step.note.mixin"
    _description = "Note Step"
    _inherit = ["opportunity.sequence.step.text.mixin"]

    def _run_note(self, records):
        bodies = self._render_bodies(records)
        ready = records.filtered(lambda record: not bodies[record.id][1])
        messages = ready._message_log_batch(
            # Merged of a sanitized text and escaped values.
            bodies={record.id: Markup(bodies[record.id][0]) for record in ready}
        )
        by_record = {message.res_id: message.id for message in messages}
        return {
            record.id: {"message_id": by_record[record.id]}
            if record in ready
            else Trouble(", ".join(bodies[record.id][1]))
            for record in records
        }

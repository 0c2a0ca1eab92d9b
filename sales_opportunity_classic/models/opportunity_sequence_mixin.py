from odoo import api, models


class OpportunitySequenceMixin(models.AbstractModel):
    """Something that sequences follow up: opportunities and contacts."""

    _name = "opportunity.sequence.mixin"
    _description = "Follow-Up"
    _inherit = ["opportunity.sequence.panel.mixin", "opportunity.letter.mixin"]

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        rules = self.env["opportunity.sequence"]._get_entry_rules(self._name)
        self._enter_sequences(records, rules.on_create)
        return records

    def write(self, vals):
        result = super().write(vals)
        if "active" in vals and not vals["active"]:
            self._leave_archived()
        return result

    def _leave_archived(self):
        """Stop what follows up records that were archived."""
        archived = self.filtered(lambda record: record._is_follow_up_archived())
        if archived:
            self.env["opportunity.sequence.enrollment"]._stop_where(
                [(self._get_follow_up_field(), "in", archived.ids)], "archived"
            )

    def _is_follow_up_archived(self):
        return not self.active

    @api.model
    def _get_follow_up_field(self):
        """Return the name of the field by which enrolments name such a record."""
        raise NotImplementedError

    def _get_follow_up_contact(self):
        """Return the contact whom sequences write to."""
        raise NotImplementedError

    def _get_follow_up_exit(self, sequence):
        """Return why a sequence is over for the record, if it is."""
        contact = self._get_follow_up_contact()
        is_gone = not self.active or (contact and not contact.active)
        return "archived" if is_gone else None

    @api.model
    def _enter_sequences(self, records, sequence_ids):
        """Enrol records in sequences by themselves."""
        if records and sequence_ids:
            # sudo: the rules of sequences hold whoever sets them off
            sequences = self.env["opportunity.sequence"].sudo().browse(sequence_ids)
            for sequence in sequences:
                # sudo: as above
                sequence._enroll_automatically(records.sudo())

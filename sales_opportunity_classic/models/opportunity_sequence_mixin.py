from odoo import api, models


class OpportunitySequenceMixin(models.AbstractModel):
    """Something that sequences follow up: opportunities and contacts."""

    _name = "opportunity.sequence.mixin"
    _description = "Follow-Up"
    _inherit = ["opportunity.sequence.panel.mixin", "opportunity.letter.mixin"]

    # The field with the tags by which records enter sequences.
    _follow_up_tags = ""

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        rules = self.env["opportunity.sequence"]._get_entry_rules(self._name)
        self._enter_sequences(records, rules.on_create)
        records._enter_by_tags(rules.on_tag, {})
        return records

    def write(self, vals):
        rules = self.env["opportunity.sequence"]._get_entry_rules(self._name)
        on_tag = rules.on_tag if self._follow_up_tags in vals else {}
        before = self._get_follow_up_tags() if on_tag else {}
        result = super().write(vals)
        self._enter_by_tags(on_tag, before)
        if "active" in vals and not vals["active"]:
            self._leave_archived()
        return result

    # === BUSINESS METHODS === #

    def _get_follow_up_tags(self):
        return {record: record[self._follow_up_tags] for record in self}

    def _enter_by_tags(self, on_tag, before):
        """Enrol records by the tags that they have got.

        :param dict on_tag: {tag id: ids of the sequences that it starts}
        :param dict before: {record: the tags that it had}
        """
        tags = self._get_follow_up_tags() if on_tag else {}
        for tag_id, sequence_ids in on_tag.items():
            tagged = [
                record.id
                for record, present in tags.items()
                if tag_id in present.ids
                and tag_id not in before.get(record, present.browse()).ids
            ]
            self._enter_sequences(self.browse(tagged), sequence_ids)

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

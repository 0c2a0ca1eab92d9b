from odoo import models

from .opportunity_letter_template import LetterSource


class OpportunityLetterMakingMixin(models.AbstractModel):
    """Makes the letters of a batch, in the name and with the rights of who asked for
    them, and says of each record that gets none why."""

    _name = "opportunity.letter.making.mixin"
    _description = "Making of Letters"

    def _make_letters(self, ids):
        """Record, log and send letters to records of these ids.

        :return: the letters, and [name, reasons] of those that get none
        """
        # sudo: the batch's own copy of the template
        source = LetterSource(**self.sudo().source)
        records = self.env[self.res_model].browse(ids).exists()
        writable = records._filtered_access("write")
        gone = self.env._("It was deleted")
        problems = [[str(id_), gone] for id_ in ids if id_ not in records._ids]
        problems += self._refuse(records - writable)
        merged = [self._judge(letter) for letter in writable._merge_letters(source)]
        problems += [
            [letter.record.display_name, ", ".join(letter.reasons)]
            for letter in merged
            if letter.reasons
        ]
        good = [letter for letter in merged if not letter.reasons]
        return self._record_letters(good), problems

    def _refuse(self, records):
        reason = self.env._("You may not change it")
        readable = records._filtered_access("read")
        return [
            [record.display_name if record in readable else str(record.id), reason]
            for record in records
        ]

    def _judge(self, letter):
        """Return a merged letter with what stands against sending it besides."""
        if letter.reasons:
            return letter
        reasons, record = [], letter.record
        if self.kind == "email" and (reason := record._get_letter_email()[1]):
            reasons.append(reason)
        # sudo: the batch's own kind and layout
        if self.kind == "post" and (reason := self.sudo()._get_post_hindrance(record)):
            reasons.append(reason)
        if reason := record._get_letter_hindrance():
            reasons.append(reason)
        return letter._replace(reasons=tuple(reasons))

    def _record_letters(self, merged):
        # sudo: the batch's own copy of the template
        batch = self.sudo()
        common = {
            "name": batch.subject or batch.name,
            "template_id": batch.template_id.id,
            "batch_id": batch.id,
            "kind": batch.kind,
            **batch._copy_layout(),
        }
        letters = self.env["opportunity.letter"].create(
            [
                {
                    **common,
                    **letter.record._prepare_letter_owner(),
                    "body_html": letter.body,
                    "address": "\n".join(letter.address),
                    "lang": letter.lang,
                    "company_id": letter.record._get_letter_company().id,
                }
                for letter in merged
            ]
        )
        ids = [letter.record.id for letter in merged]
        if ids:
            self.env[self.res_model].browse(ids)._note_letters(letters)
        return letters

from copy import deepcopy
from functools import partial
from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import AccessError, MissingError

from ..tools.letters.merging import merge, parse, write
from .opportunity_letter_field_mixin import CheckedRecords


class Merged(NamedTuple):
    """A letter to a record: its text and lines of address, or why there is none."""

    record: object
    lang: str
    body: str = ""
    address: tuple = ()
    reasons: tuple = ()


class LetterMerger:
    """Merges one letter after the other; what they share is worked out once."""

    def __init__(self, source):
        self.source = source
        self.texts = {}
        self.fields = {}
        self.checked = CheckedRecords()

    def merge(self, record):
        """Return the ``Merged`` of a record, in the language of its letter."""
        reader = record.with_context(opportunity_letter_checked=self.checked)
        try:
            lang = reader._choose_letter_lang(self.source.lang)
        except (AccessError, MissingError):
            reason = record.env._("You may not read the contact")
            return Merged(record, "", reasons=(reason,))
        writer = reader.with_context(lang=lang)
        if lang not in self.texts:
            self.texts[lang] = parse(self.source.get_body(lang))
            self.fields[lang] = writer._get_letter_fields()
        edited = self.source.edited.get(str(record.id))
        root = deepcopy(self.texts[lang]) if edited is None else parse(edited)
        merged = writer._merge_letter(self.source, root, self.fields[lang])
        return merged._replace(record=record)


class OpportunityLetterMixin(models.AbstractModel):
    """Something that letters are written to: opportunities and contacts.

    Letters are merged with the rights of whoever makes them, in the language of whom
    they are for. Where one cannot be merged, its reasons take its place.
    """

    _name = "opportunity.letter.mixin"
    _inherit = ["opportunity.letter.field.mixin"]
    _description = "Letters"

    # === WHAT A LETTER MAY SAY === #

    @api.readonly
    @api.model
    def get_letter_fields(self, record_id=False):
        """Return the fields that a letter may ask for, each with its value.

        :param record_id: id of the record whose values are shown; by default that of
            the user's latest one
        :return: the name of that record, and a list of dictionaries
        :raise AccessError: for people who write no letters
        """
        self.env["opportunity.letter.template"].check_access("read")
        record = self.browse(record_id).exists() if record_id else self._find_sample()
        record.check_access("read")
        letter_fields = self._get_letter_fields()
        return {
            "sample": record.display_name or "",
            "fields": [
                {
                    "key": key,
                    "label": letter_field.label,
                    "group": letter_field.group,
                    "is_block": letter_field.is_block,
                    "value": record._describe_letter_value(letter_fields, key),
                }
                for key, letter_field in letter_fields.items()
            ],
        }

    @api.model
    def _find_sample(self):
        return self.search([("create_uid", "=", self.env.uid)], limit=1) or self.search(
            [], limit=1
        )

    def _describe_letter_value(self, letter_fields, key):
        if not self:
            return ""
        value = self._get_letter_value(letter_fields, key)
        text = parse(value.text).text_content() if value.is_html else value.text
        return " ".join(text.split())[:80]

    # === MERGING === #

    def _choose_letter_lang(self, lang):
        """Return a language that is switched on: the one asked for, else the contact's,
        else the user's.

        :raise AccessError: where the user may not read the contact
        """
        if contact := self._get_letter_contact():
            self._check_letter_access(contact)
        lang = lang or self._get_letter_lang()
        is_on = self.env["res.lang"]._get_data(code=lang)
        return lang if is_on else self.env.user.lang or "en_US"

    def _get_letter_lang(self):
        """Return the code of the contact's language."""
        return self._get_letter_contact().lang or self.env.lang or "en_US"

    def _merge_letters(self, source):
        """Return a ``Merged`` per record, in their order.

        :param source: ``LetterSource`` with the texts by language
        """
        allowed = self._filtered_access("read")
        merge_one = LetterMerger(source).merge
        reason = self.env._("You may not read it")
        return [
            merge_one(record)
            if record in allowed
            else Merged(record, "", reasons=(reason,))
            for record in self
        ]

    def _merge_letter(self, source, root, letter_fields):
        """Return one ``Merged``, of a tree that is filled in."""
        get_value = partial(self._get_letter_value, letter_fields)
        tell = self._in_reader_lang().env
        reasons = merge(root, get_value, lambda name: tell._("No “%s”", name))
        address = ()
        try:
            if source.has_address:
                address, missing = self._get_letter_place()
                reasons += missing
        except (AccessError, MissingError):
            reasons.append(tell._("You may not read the contact"))
        return Merged(self, self.env.lang, write(root), tuple(address), tuple(reasons))

    def _get_letter_place(self):
        """Return the lines of the address, and the reasons why there is none."""
        tell = self._in_reader_lang().env
        if not self._get_letter_contact():
            return (), [tell._("No contact")]
        address = self._get_postal_addresses()[0]
        missing = set(address.missing)
        if {"street", "city"} <= missing:
            return (), [tell._("No address")]
        if missing:
            known = tell["res.partner"]._fields
            labels = [known[name]._description_string(tell) for name in missing]
            return (), [tell._("The address lacks: %s", ", ".join(sorted(labels)))]
        return address.text, []

    # === WHAT A LETTER LEAVES BEHIND === #

    def _prepare_letter_owner(self):
        """Return the values by which a letter belongs to this record."""
        raise NotImplementedError

    def _get_letter_email(self):
        """Return the contacts that a letter is sent to by email, or why it is not."""
        contact = self._get_letter_contact()
        if not contact.id:
            return contact, self.env._("No contact")
        return contact, "" if contact.email else self.env._("No email address")

    def _get_letter_hindrance(self):
        """Return why no letter may be recorded, if so."""
        return ""

    def _note_letters(self, letters):
        """Log one printed letter per record, or post those that go out by email; those
        that go by post are logged by who carries them."""
        kind = letters[:1].kind
        if kind == "email":
            for record, letter in zip(self, letters, strict=True):
                record._send_letter(letter)
        elif kind == "print":
            self._message_log_batch(
                bodies={
                    record.id: self.env._("Letter printed: %s", letter.name)
                    for record, letter in zip(self, letters, strict=True)
                }
            )

    def _send_letter(self, letter):
        """Post a letter to the contact, who gets it by email."""
        contact, _reason = self._get_letter_email()
        self.message_post(
            body=letter._embed_pictures(letter.body_html),
            subject=letter.name,
            partner_ids=contact.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )

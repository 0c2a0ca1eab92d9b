import dataclasses
from collections.abc import Callable

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, MissingError
from odoo.tools import format_date, format_datetime, formatLang, html_sanitize

from ..tools.letters.merging import Value
from ..tools.letters.pictures import make_picture
from ..tools.letters.salutation import get_first_name, get_salutation

CONTACT_FIELDS = (
    "email",
    "phone",
    "street",
    "street2",
    "zip",
    "city",
    "state_id",
    "country_id",
    "website",
)
SALESPERSON_FIELDS = ("name", "email", "phone", "function")


@dataclasses.dataclass(frozen=True)
class LetterField:
    """A field that letters may ask for.

    ``get`` takes a record and returns text, or markup; a block is no part of a line.
    """

    label: str
    group: str
    get: Callable
    is_block: bool = False


class CheckedRecords:
    """In the context of a merge: what its user was found to be allowed to read. An
    object, so that no client sends it."""

    def __init__(self):
        self.known = set()


class OpportunityLetterFieldMixin(models.AbstractModel):
    """What the letters of a record may say: a list of fields, and nothing else.

    A letter names fields by their keys. Those that are not in the list do not exist
    for it, whoever wrote it: no expression is evaluated. Values are read with the
    rights of whoever makes the letter. The concrete model tells who its contact and
    its salesperson are, and adds its own fields to ``_get_letter_fields``.
    """

    _name = "opportunity.letter.field.mixin"
    _inherit = ["opportunity.postal.mixin"]
    _description = "Merge Fields"

    # === WHO === #

    def _get_letter_contact(self):
        """Return whom the letter is for."""
        return self.env["res.partner"]

    def _get_letter_salesperson(self):
        """Return the user in whose name the letter is."""
        return self.env.user

    def _get_letter_company(self):
        return self.env.company

    # === THE LIST === #

    @api.model
    def _get_letter_fields(self):
        """Return {key: LetterField} in the order in which people choose."""
        return {
            **self._get_contact_letter_fields(),
            **self._get_salesperson_letter_fields(),
            **self._get_company_letter_fields(),
            **self._list_custom_letter_fields(
                "res.partner", lambda r: r._get_letter_contact()
            ),
        }

    @api.model
    def _get_contact_letter_fields(self):
        contact, salutation = self.env._("Contact"), self.env._("Salutation")
        texts = {
            "contact.name": (self.env._("Name"), lambda r: r._get_letter_person()),
            "contact.first_name": (
                self.env._("First Name"),
                lambda r: r._get_first_name(),
            ),
            "contact.company": (self.env._("Company"), lambda r: r._get_letter_firm()),
            "contact.job": (
                self.env._("Job Position"),
                lambda r: r._read_contact("function"),
            ),
            "contact.address": (
                self.env._("Address"),
                lambda r: "\n".join(r._get_letter_address()),
            ),
        }
        greetings = {
            "salutation.formal": (
                self.env._("Formal"),
                lambda r: r._get_salutation(True),
            ),
            "salutation.informal": (
                self.env._("Informal"),
                lambda r: r._get_salutation(False),
            ),
        }
        return {
            **{
                key: LetterField(x[0], salutation, x[1]) for key, x in greetings.items()
            },
            **{key: LetterField(x[0], contact, x[1]) for key, x in texts.items()},
            **self._list_letter_fields(
                "contact",
                contact,
                "res.partner",
                CONTACT_FIELDS,
                lambda r: r._get_letter_contact(),
            ),
        }

    @api.model
    def _get_salesperson_letter_fields(self):
        group = self.env._("Salesperson")
        return {
            **self._list_letter_fields(
                "salesperson",
                group,
                "res.users",
                SALESPERSON_FIELDS,
                lambda r: r._get_letter_salesperson(),
            ),
            "salesperson.signature": LetterField(
                self.env._("Signature"),
                group,
                lambda r: r._format_letter_field(
                    r._get_letter_salesperson(), "signature"
                ),
                is_block=True,
            ),
        }

    @api.model
    def _get_company_letter_fields(self):
        group, names = (
            self.env._("Company"),
            ("name", "phone", "email", "website", "vat"),
        )
        return {
            **self._list_letter_fields(
                "company",
                group,
                "res.company",
                names,
                lambda r: r._get_letter_company(),
            ),
            "company.address": LetterField(
                self.env._("Address"), group, lambda r: r._get_company_address()
            ),
            "company.logo": LetterField(
                self.env._("Logo"),
                group,
                lambda r: r._format_letter_field(r._get_letter_company(), "logo_web"),
                is_block=True,
            ),
            "today": LetterField(
                self.env._("Date of the Letter"),
                group,
                lambda r: r._format_letter_date(fields.Date.context_today(r)),
            ),
        }

    @api.model
    def _list_letter_fields(self, prefix, group, model, names, source):
        """Return fields of a model under a prefix, by their own labels.

        :param source: function that returns the record they are read of
        """
        known = self.env[model]._fields
        return {
            f"{prefix}.{name.removesuffix('_id')}": LetterField(
                known[name]._description_string(self.env),
                group,
                lambda r, name=name: r._format_letter_field(source(r), name),
                known[name].type == "html",
            )
            for name in names
            if name in known
        }

    @api.model
    def _list_custom_letter_fields(self, model, source):
        """Return the custom fields of a model, as they are applied."""
        live = self.env["opportunity.custom.definition"]._get_live_fields(model)
        names = [name for name, field in live.items() if field["active"]]
        group = self.env._("Custom: %s", self.env[model]._description)
        prefix = f"custom.{self.env[model]._table}"
        return self._list_letter_fields(prefix, group, model, names, source)

    # === VALUES === #

    def _in_reader_lang(self):
        """Return the record in the language of the user, whom reasons are for, not in
        that of the letter."""
        return self.with_context(lang=self.env.user.lang)

    def _get_letter_value(self, letter_fields, key):
        """Return the ``Value`` of a key, for the current user."""
        if key not in letter_fields:
            tell = self._in_reader_lang().env
            return Value(reason=tell._("“%s” is no field any more", key))
        try:
            text = letter_fields[key].get(self)
        except (AccessError, MissingError):
            return Value(reason=self._in_reader_lang()._refuse_letter_field(key))
        return Value(text or "", isinstance(text, Markup))

    def _refuse_letter_field(self, key):
        letter_field = self._get_letter_fields()[key]
        return self.env._(
            "You may not read “%(group)s: %(field)s”",
            group=letter_field.group,
            field=letter_field.label,
        )

    def _format_letter_field(self, record, name):
        """Return a field as text, or as markup, in the language of the letter.

        :raise AccessError: where the user may not read it
        """
        if not record:
            return ""
        if record != self:
            self._check_letter_access(record)
        field = record._fields[name]
        record._check_field_access(field, "read")
        value = record[name]
        if not value:
            return ""
        convert = getattr(self, f"_format_letter_{field.type}", None)
        return convert(value, record, field) if convert else str(value)

    def _check_letter_access(self, record):
        """Ask once per merge whether the user may read a contact, user or company."""
        checked = self.env.context.get("opportunity_letter_checked")
        known = checked.known if isinstance(checked, CheckedRecords) else set()
        key = (self.env.uid, record._name, record.id)
        if key not in known:
            record.check_access("read")
            known.add(key)

    def _format_letter_date(self, value, *_args):
        return format_date(self.env, value, date_format="long")

    def _format_letter_datetime(self, value, *_args):
        return format_datetime(self.env, value, dt_format="short")

    def _format_letter_boolean(self, *_args):
        return self.env._("Yes")

    def _format_letter_float(self, value, record, field):
        digits = field.get_digits(self.env)
        return formatLang(self.env, value, digits=digits[1] if digits else 2)

    def _format_letter_monetary(self, value, record, field):
        currency = record[field.get_currency_field(record)]
        return formatLang(self.env, value, currency_obj=currency)

    def _format_letter_selection(self, value, _record, field):
        return dict(field._description_selection(self.env)).get(value, "")

    def _format_letter_many2one(self, value, *_args):
        # sudo: whoever reads a record sees the names it points to, as on its form
        return value.sudo().display_name

    def _format_letter_many2many(self, value, *_args):
        # sudo: as above
        return ", ".join(value.sudo().mapped("display_name"))

    def _format_letter_html(self, value, *_args):
        return html_sanitize(value)

    def _format_letter_binary(self, _value, record, field):
        # Forms ask for the sizes of files in their place.
        return make_picture(record.with_context(bin_size=False)[field.name])

    # === THE CONTACT === #

    def _read_contact(self, name):
        return self._format_letter_field(self._get_letter_contact(), name)

    def _get_letter_person(self):
        """Return the name of the person; nothing for a company."""
        contact = self._get_letter_contact()
        return "" if contact.is_company else self._read_contact("name")

    def _get_letter_firm(self):
        contact = self._get_letter_contact()
        return self._read_contact(
            "name" if contact.is_company else "commercial_company_name"
        )

    def _get_first_name(self):
        return get_first_name(self._get_letter_person(), self.env.lang or "")

    def _get_salutation(self, is_formal):
        person = self._get_letter_person()
        return get_salutation(self.env.lang or "en", person, is_formal)

    def _get_letter_address(self):
        """Return the lines of the address, with the name of whom it is."""
        if not self._get_letter_contact():
            return []
        return list(self._get_postal_addresses()[0].text)

    def _get_company_address(self):
        partner = self._get_letter_company().partner_id
        partner.check_access("read")
        lines = partner._display_address(without_company=True).split("\n")
        return "\n".join(line for line in lines if line.strip())

from odoo import api, models
from odoo.exceptions import ValidationError

from ..tools.custom_fields.naming import LONGEST_LABEL, LONGEST_TEXT, clean_label


class OpportunityCustomLabelMixin(models.AbstractModel):
    """A part of a definition: it has a label, and a description as a dictionary.

    Labels may hold any character but control characters, and are never read as
    markup. An empty or an endless one is refused.
    """

    _name = "opportunity.custom.label.mixin"
    _description = "Part of a Definition"

    # The field that holds the label, and those that hold other short texts
    _label_name = "name"
    _text_names = ()

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._clean_texts(self._clean_label(vals)) for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if self._label_name in vals:
            vals = self._clean_label(vals)
        return super().write(self._clean_texts(vals))

    @api.model
    def _clean_label(self, vals):
        label = clean_label(str(vals.get(self._label_name) or ""))
        if not label:
            raise ValidationError(
                self.env._("%(part)s: a label is missing.", part=self._description)
            )
        if len(label) > LONGEST_LABEL:
            raise ValidationError(
                self.env._(
                    "“%(label)s...” is too long a label: at most %(longest)s "
                    "characters, please.",
                    label=label[:40],
                    longest=LONGEST_LABEL,
                )
            )
        return {**vals, self._label_name: label}

    def _check_kept(self, vals, names):
        """Refuse to write what follows from the place of a part in its definition.

        :param names: names of stored fields that the ORM alone computes
        """
        if derived := vals.keys() & set(names):
            raise ValidationError(
                self.env._(
                    "%(part)s: %(names)s cannot be written.",
                    part=self._description,
                    names=", ".join(sorted(derived)),
                )
            )

    def _clean_texts(self, vals):
        given = {name: str(vals[name]) for name in self._text_names if vals.get(name)}
        for name, text in given.items():
            if len(text) > LONGEST_TEXT:
                raise ValidationError(
                    self.env._(
                        "“%(label)s”: “%(text)s” is too long: at most %(longest)s "
                        "characters, please.",
                        label=vals.get(self._label_name) or self[:1][self._label_name],
                        text=self._fields[name]._description_string(self.env),
                        longest=LONGEST_TEXT,
                    )
                )
        return {**vals, **{name: clean_label(text) for name, text in given.items()}}

    # === LOADING === #

    def _load(self, rows, parent):
        """Write descriptions into the draft.

        :param self: the records among which those of the rows are looked for
        :param rows: descriptions, in their order
        :param parent: values that tell where the records belong
        :return: the record of each row, changed or made
        """
        loaded = self.browse()
        for sequence, row in enumerate(rows):
            record = (self - loaded).filtered(
                lambda record, row=row: record._is_described(row)
            )
            values = {**parent, **self._read_description(row), "sequence": sequence}
            if record := record[:1]:
                record.write(values)
            else:
                record = self.create(values)
            record._load_children(row)
            loaded += record
        return loaded

    def _is_described(self, row):
        """Whether a description is this record's: that with its id, in descriptions
        of this database, else that with its label."""
        if "id" in row:
            return self.id == row["id"]
        return self[self._label_name] == row[self._label_name]

    @api.model
    def _read_description(self, row):
        """Return the values of a description, as ``create`` and ``write`` take them."""
        return {"name": row["name"]}

    def _load_children(self, row):
        """Write what is below a description into the draft."""

    @api.model
    def _find(self, model, keys):
        """Return the records that a description names, by id in descriptions of this
        database, else by name."""
        Model = self.env[model]
        ids = [key for key in keys if key and isinstance(key, int)]
        names = [key for key in keys if key and isinstance(key, str)]
        found = Model.browse(ids).exists()
        return found | Model.search([("name", "in", names)]) if names else found

from base64 import b64decode

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import file_open

from ..tools.custom_fields.document import (
    LARGEST_FILE,
    MOST_FIELDS,
    DocumentError,
    read_document,
)

EXAMPLES = "sales_opportunity_classic/data/examples/%s.json"


class OpportunityCustomImport(models.TransientModel):
    """Loads the file of a definition, or an example, into the draft.

    Tabs and headers are matched by their labels, fields by technical name, options by
    key. What the file does not name stays; nothing is applied yet.
    """

    _name = "opportunity.custom.import"
    _description = "Import Custom Fields"

    definition_id = fields.Many2one(
        "opportunity.custom.definition",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    has_examples = fields.Boolean(compute="_compute_has_examples")
    source = fields.Selection(
        [
            ("file", "A file"),
            ("real_estate_deal", "Example: Real-estate deal"),
            ("software_deal", "Example: Software deal"),
        ],
        string="Import",
        required=True,
        default="file",
    )
    file = fields.Binary(attachment=False)
    file_name = fields.Char()

    # === COMPUTE METHODS === #

    @api.depends("definition_id")
    def _compute_has_examples(self):
        for dialog in self:
            dialog.has_examples = dialog.definition_id.model == "crm.lead"

    # === ACTIONS === #

    def action_import(self):
        """Load the file into the draft, and tell what does not exist here.

        :raises UserError: naming the place in the file that is wrong
        """
        self.ensure_one()
        try:
            tabs = read_document(self._read_content(), self.definition_id.model)
        except DocumentError as error:
            raise UserError(self._explain(error)) from error
        missing = self._find_missing(tabs)
        self.definition_id._load_draft(tabs)
        return self._tell(missing)

    # === BUSINESS METHODS === #

    def _read_content(self):
        """Return the bytes to import."""
        if self.source != "file":
            with file_open(EXAMPLES % self.source, "rb") as example:
                return example.read()
        if not self.file:
            raise UserError(self.env._("Choose a file first."))
        # Four characters of the upload are three bytes.
        if len(self.file) > 2 * LARGEST_FILE:
            raise DocumentError("size")
        try:
            return b64decode(self.file)
        except ValueError as error:
            raise DocumentError("kind") from error

    def _explain(self, error):
        """Return in words why a file is refused."""
        about = {"place": error.place, "value": error.value}
        return {
            "size": self.env._(
                "The file is too large for a definition: %(most)s bytes at most.",
                most=LARGEST_FILE,
            ),
            "kind": self.env._(
                "This is no file of custom fields: choose one that Export made."
            ),
            "json": self.env._("The file is damaged at line %(value)s.", **about),
            "model": self.env._(
                "The file is for records of another kind: %(value)s.", **about
            ),
            "key": self.env._(
                "%(place)s: “%(value)s” does not belong into a definition.", **about
            ),
            "missing": self.env._("%(place)s: “%(value)s” is missing.", **about),
            "value": self.env._("%(place)s: “%(value)s” cannot be read.", **about),
            "label": self.env._(
                "%(place)s: “%(value)s” is empty or too long a label.", **about
            ),
            "twice": self.env._("%(place)s: “%(value)s” is there twice.", **about),
            "fields": self.env._(
                "The file has %(value)s fields: at most %(most)s, please.",
                most=MOST_FIELDS,
                **about,
            ),
        }[error.reason]

    def _find_missing(self, tabs):
        """Return sentences on what the descriptions name and does not exist here."""
        fields_ = [
            field
            for tab in tabs
            for group in tab["groups"]
            for field in group["fields"]
        ]
        teams = self._find_names("crm.team", [n for tab in tabs for n in tab["teams"]])
        stages = self._find_names("crm.stage", [field["stage"] for field in fields_])
        missing = [
            self.env._(
                "“%(tab)s”: no sales team “%(name)s”", tab=tab["name"], name=name
            )
            for tab in tabs
            for name in tab["teams"]
            if name not in teams
        ]
        missing += [
            self.env._(
                "“%(field)s”: no stage “%(name)s”",
                field=field["label"],
                name=field["stage"],
            )
            for field in fields_
            if field["stage"] and field["stage"] not in stages
        ]
        for row in [*tabs, *fields_]:
            missing += self._tell_missing_groups(row)
        return missing

    def _find_names(self, model, names):
        return set(self.env[model].search([("name", "in", names)]).mapped("name"))

    def _tell_missing_groups(self, row):
        xmlids = ",".join([row["visible_to"], row.get("editors", "")]).split(",")
        return [
            self.env._(
                "“%(part)s”: no group “%(name)s”, the administrators stand in for it",
                part=row.get("label") or row["name"],
                name=xmlid,
            )
            for xmlid in dict.fromkeys(filter(None, xmlids))
            if not self._is_group(xmlid)
        ]

    def _is_group(self, xmlid):
        record = self.env.ref(xmlid, raise_if_not_found=False)
        return bool(record) and record._name == "res.groups"

    def _tell(self, missing):
        """Return the action that closes the dialog and tells what was left out."""
        close = {"type": "ir.actions.act_window_close"}
        if not missing:
            return close
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "title": self.env._("Not everything in the file exists here"),
                "message": "; ".join(missing),
                "next": close,
            },
        }

import base64

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import human_size

from ..tools.file_names import clean_name, get_extensions, split_extensions
from .opportunity_text_mixin import clean_texts

CONTENT = frozenset(("datas", "raw"))
TEXTS = frozenset(("description", "name"))
MAX_SIZE_DEFAULT = 100
# Stored where nothing is blocked: Odoo takes an empty parameter for one never set.
NOTHING_BLOCKED = ","
BLOCKED_DEFAULT = (
    "apk, app, bat, chm, cmd, com, cpl, dll, dmg, exe, hta, jar, js, jse, lnk, mjs, "
    "msi, msp, pif, ps1, reg, scf, scr, sh, url, vb, vbe, vbs, wsf, wsh"
)


class OpportunityFileLimitMixin(models.AbstractModel):
    """What the file box takes: by setting not every extension and not every size.

    It stands where Odoo writes attachments, so that it holds on every path and for
    everybody. The type is worked out of name and content, whatever the client says,
    and what a browser would run is served as plain text.
    """

    _name = "opportunity.file.limit.mixin"
    _description = "Limits of Files"
    _inherit = ["opportunity.settings.mixin"]

    def _prepare_box_values(self, values):
        """Return the values of attachments as the file box stores them.

        :raise ValidationError: blocked extension, too large, or no content at all
        """
        values = clean_file_texts(values)
        values.pop("mimetype", None)
        if "name" in values:
            values["name"] = values["name"] or self.env._("Unnamed")
            self._check_extension(values["name"])
        if CONTENT & values.keys():
            name = values.get("name") or self[:1].name or self.env._("Unnamed")
            values["raw"] = self._get_content(values, name)
            values.pop("datas", None)
            self._check_size(values["raw"], name)
        return values

    def _get_content(self, values, name):
        raw = values.get("raw")
        try:
            if not raw:
                raw = base64.b64decode(values.get("datas") or b"")
            return raw.encode() if isinstance(raw, str) else bytes(memoryview(raw))
        except (TypeError, ValueError) as error:
            raise ValidationError(
                self.env._("“%(file)s” cannot be read. Load it again.", file=name)
            ) from error

    def _check_extension(self, name):
        if refusal := self._get_extension_refusal(name):
            raise ValidationError(refusal)

    def _check_size(self, raw, name):
        same = self and set(self.mapped("checksum")) == {self._compute_checksum(raw)}
        refusal = self._get_size_refusal(name, len(raw))
        if refusal and not same:
            raise ValidationError(refusal)

    @api.model
    def _get_extension_refusal(self, name):
        """Return why a file of this name is not stored, or nothing."""
        blocked = self._get_opportunity_setting("file_blocked", BLOCKED_DEFAULT)
        if refused := get_extensions(name) & split_extensions(blocked):
            return self.env._(
                "“%(file)s” is refused: files of the type %(extension)s are blocked.",
                file=name,
                extension=refused.pop(),
            )
        return None

    @api.model
    def _get_size_refusal(self, name, size):
        """Return why a file of this size is not stored, or nothing."""
        limit = int(self._get_opportunity_setting("file_max_size", MAX_SIZE_DEFAULT))
        if size > limit * 1024**2:
            return self.env._(
                "“%(file)s” is refused: it has %(size)s, more than %(limit)s MB.",
                file=name,
                size=human_size(size),
                limit=limit,
            )
        return None

    def _check_contents(self, values):
        """Never a type that a browser runs, whoever loads the file; pictures stay as
        they were given."""
        if not self._is_for_box(values):
            return super()._check_contents(values)
        named = {"name": self[:1].name, **values}
        values["mimetype"] = self._compute_mimetype(named | {"mimetype": False})
        boxed = self.with_context(
            attachments_mime_plainxml=True, image_no_postprocess=True
        )
        return super(OpportunityFileLimitMixin, boxed)._check_contents(values)


def clean_file_texts(values):
    """Return values of files with names and descriptions as they are stored."""
    cleaned = clean_texts({n: values[n] for n in TEXTS & values.keys()})
    if "name" in cleaned:
        cleaned["name"] = clean_name(str(cleaned["name"] or ""))
    return {**values, **cleaned}

from lxml import etree

from odoo import models


class CompiledTexts:
    """Texts that were compiled, in the context while many mails are rendered."""

    def __init__(self):
        self.texts = {}


class IrQweb(models.AbstractModel):
    """A text that is rendered for many records is compiled once; Odoo compiles the text
    of a mail for each of its records."""

    _inherit = "ir.qweb"

    def _generate_code_uncached(self, template):
        compiled = self.env.context.get("opportunity_compiled")
        if not isinstance(compiled, CompiledTexts) or isinstance(template, int | str):
            return super()._generate_code_uncached(template)
        names = (*self._get_template_cache_keys(), "raise_on_forbidden_code_for_model")
        options = tuple(self.env.context.get(name) or False for name in names)
        key = (etree.tostring(template), *options)
        if key not in compiled.texts:
            compiled.texts[key] = super()._generate_code_uncached(template)
        return compiled.texts[key]

from werkzeug.routing import PathConverter

from odoo import models


class AnyTextConverter(PathConverter):
    """The rest of an address, whatever is in it: Odoo's own pages for what no route
    matches fail on some characters."""

    regex = r"(?s:.*)"
    part_isolating = False


class IrHttp(models.AbstractModel):
    """Routes may take any text, as those of Buy Now links do."""

    _inherit = "ir.http"

    @classmethod
    def _get_converters(cls):
        return {**super()._get_converters(), "any_text": AnyTextConverter}

"""Pictures that are part of a document, so that nobody is asked for them."""

import binascii
from base64 import b64decode, b64encode

from markupsafe import Markup

from odoo.tools.mimetypes import guess_mimetype

# Drawings (SVG) may name other files; what else there is wkhtmltopdf does not know.
KINDS = ("image/png", "image/jpeg", "image/gif", "image/bmp")


def make_source(content):
    """Return a picture as a ``data:`` address; nothing where it is none."""
    kind = guess_mimetype(content or b"", default="")
    if kind not in KINDS:
        return ""
    return f"data:{kind};base64,{b64encode(content).decode()}"


def read_source(encoded):
    """Return a picture in base64 as a ``data:`` address; nothing where it is none."""
    try:
        return make_source(b64decode(encoded or b""))
    except binascii.Error:
        return ""


def make_picture(encoded):
    """Return a picture in base64 as an element of a document; nothing where it is
    none."""
    source = read_source(encoded)
    return Markup('<img alt="" src="%s"/>') % source if source else ""

"""Leaves in the text of a letter only what can be printed without asking anybody.

The program that makes PDF files is a browser: it would load what a style, an image or
a frame names, from the network or from the server's own files. What is not known to be
harmless goes, so that it makes no difference what that browser knows besides.
"""

import re

KEPT_TEXT = """
    a abbr address article aside b bdi bdo big blockquote br caption center cite code
    col colgroup dd del dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5
    h6 header hgroup hr i img ins kbd li main mark nav ol p pre q s samp section small
    span strike strong sub sup table tbody td tfoot th thead tr tt u ul var
"""
KEPT = frozenset(KEPT_TEXT.split())
# Gone with what is in them; of any other, the content stays.
DROPPED_TEXT = """
    applet audio button canvas frameset head iframe math noframes noscript object
    option script select style svg template textarea title video
"""
DROPPED = frozenset(DROPPED_TEXT.split())
ATTRIBUTES_TEXT = """
    align alt border cellpadding cellspacing class color colspan dir face height href
    lang rowspan size span src start style title type valign width
"""
ATTRIBUTES = frozenset(ATTRIBUTES_TEXT.split())
BARRED_PROPERTIES = ("behavior", "-moz-binding", "content", "position", "z-index")
COLOR = re.compile(r"(?:rgb|rgba|hsl|hsla)\([\d\s.,%/]*\)", re.IGNORECASE)
PLAIN_VALUE = re.compile(r"[^()\\@<>{}]*")
LINK = re.compile(r"(?:https?://|mailto:|tel:)\S", re.IGNORECASE)
PICTURE = re.compile(
    r"data:image/(?:png|jpe?g|gif|bmp);base64,[A-Za-z0-9+/=\s]+", re.IGNORECASE
)


def make_safe(root, get_picture):
    """Remove from a tree, in place, whatever loads something.

    :param get_picture: function that returns the ``data:`` address of a picture that is
        Odoo's own, by its address; nothing for any other
    """
    for element in list(root.iter()):
        if element is not root:
            _judge(element, get_picture)


def _judge(element, get_picture):
    if not isinstance(element.tag, str) or element.tag in DROPPED:
        _remove(element)
        return
    if element.tag not in KEPT:
        element.drop_tag()
        return
    for name, value in list(element.attrib.items()):
        kept = name in ATTRIBUTES and _get_attribute(element, name, value, get_picture)
        if kept:
            element.set(name, kept)
        else:
            del element.attrib[name]
    if element.tag == "img" and not element.get("src"):
        _remove(element)


def _remove(element):
    """Take away an element, a comment or anything else; the text after it stays."""
    parent, previous = element.getparent(), element.getprevious()
    if parent is None:
        return
    if element.tail:
        if previous is None:
            parent.text = (parent.text or "") + element.tail
        else:
            previous.tail = (previous.tail or "") + element.tail
        element.tail = None
    parent.remove(element)


def _get_attribute(element, name, value, get_picture):
    if name == "style":
        return clean_style(value)
    if name == "href":
        return value.strip() if LINK.match(value.strip()) else None
    if name == "src":
        picture = element.tag == "img" and (get_picture(value) or value)
        return picture if picture and PICTURE.fullmatch(picture) else None
    return value


def clean_style(style):
    """Return a style without declarations that could load something or leave their
    place."""
    declarations = (part.partition(":") for part in style.split(";"))
    return ";".join(
        f"{name.strip()}:{value.strip()}"
        for name, _colon, value in declarations
        if value.strip() and _is_plain(name.strip().lower(), value)
    )


def _is_plain(name, value):
    return (
        re.fullmatch(r"[a-z-]+", name)
        and name not in BARRED_PROPERTIES
        and PLAIN_VALUE.fullmatch(COLOR.sub("", value))
    )

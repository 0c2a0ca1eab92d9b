"""Puts the values of a record into the text of a letter. Plain functions, no ORM.

A field is an element marked ``letter-field``, a block that stands in some letters only
one marked ``letter-condition``; what they ask for is JSON in an attribute beside. Both
attributes are those of Odoo's editor, which its sanitizer keeps. Nothing in a text is
ever evaluated: keys are looked up, and values are put in as text.
"""

import dataclasses
import json
import re

from lxml import etree, html

FIELD = "letter-field"
CONDITION = "letter-condition"
MARK = "data-embedded"
PROPS = "data-embedded-props"
OF_EDITOR = (MARK, PROPS, "contenteditable", "class", "data-oe-protected")

# What no document may hold: XML refuses it.
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclasses.dataclass(frozen=True)
class Value:
    """What a record has for a field: text, or HTML that was sanitized before.

    ``reason`` says why there is none that could be shown.
    """

    text: str = ""
    is_html: bool = False
    reason: str = ""


def parse(source):
    """Return the tree of a text, below one ``div``; broken HTML is mended."""
    page = html.document_fromstring(f"<html><body>{clean(source)}</body></html>")
    root = page.body
    page.remove(root)
    root.tag = "div"
    root.attrib.clear()
    return root


def write(root):
    """Return a tree as text, without the ``div`` around it."""
    inner = "".join(
        etree.tostring(child, encoding="unicode", method="html") for child in root
    )
    return html_escape(root.text) + inner


def clean(text):
    """Return a text without what cannot stand in a document."""
    return CONTROL.sub("", str(text or "").replace("\r\n", "\n").replace("\r", "\n"))


def html_escape(text):
    """Return plain text for a document."""
    escaped = (text or "").replace("&", "&amp;")
    return escaped.replace("<", "&lt;").replace(">", "&gt;")


def get_keys(root):
    """Return the keys that a text asks for, as a set."""
    marked = _find(root, FIELD) + _find(root, CONDITION)
    return {_read_props(element).get("key") for element in marked} - {None}


def merge(root, get_value, tell_missing=str):
    """Fill a tree with values, in place.

    :param get_value: function that returns the ``Value`` of a key
    :param tell_missing: function that makes a reason of a field's label
    :return: the reasons why the letter cannot be sent as it is; none if it can
    """
    reasons = []
    for block in _find(root, CONDITION):
        if _is_within(block, root):
            _decide(block, get_value, reasons)
    for element in _find(root, FIELD):
        _fill(element, get_value, tell_missing, reasons)
    return list(dict.fromkeys(reasons))


def _find(root, mark):
    return root.xpath(f".//*[@{MARK}='{mark}']")


def _is_within(element, root):
    return any(parent is root for parent in element.iterancestors())


def _read_props(element):
    """Return what an element asks for; texts only, whatever somebody wrote there."""
    try:
        props = json.loads(element.get(PROPS) or "{}")
    except (ValueError, RecursionError):
        return {}
    if not isinstance(props, dict):
        return {}
    return {key: str(value) for key, value in props.items() if value}


def _decide(block, get_value, reasons):
    props = _read_props(block)
    value = get_value(props.get("key", ""))
    if value.reason:
        reasons.append(value.reason)
    if _holds(props, _get_plain(value)):
        block.drop_tag()
    else:
        block.drop_tree()


def _get_plain(value):
    return parse(value.text).text_content() if value.is_html else value.text


def _holds(props, text):
    text, wanted = text.strip(), props.get("value", "").strip()
    tests = {
        "empty": not text,
        "equals": text.casefold() == wanted.casefold(),
        "differs": text.casefold() != wanted.casefold(),
    }
    return tests.get(props.get("operator"), bool(text))


def _fill(element, get_value, tell_missing, reasons):
    props = _read_props(element)
    value = get_value(props.get("key", ""))
    default = clean(props.get("default"))
    if not value.text.strip():
        if not default and value.reason:
            reasons.append(value.reason)
        elif not default and props.get("required"):
            label = clean(element.text_content()).strip()
            reasons.append(tell_missing(label or props.get("key", "")))
        value = Value(default)
    for name in OF_EDITOR:
        element.attrib.pop(name, None)
    _set_content(element, value)


def _set_content(element, value):
    tail = element.tail
    element.clear(keep_tail=True)
    element.tail = tail
    if not value.is_html:
        _set_lines(element, clean(value.text).split("\n"))
        return
    content = parse(value.text)
    _unmark(content)
    element.text = content.text
    element.extend(list(content))
    _make_room(element)


def _unmark(root):
    """What a record says is no part of the template: it asks for nothing, not even
    when the letter is written on by hand and merged once more."""
    for element in root.xpath(f".//*[@{MARK} or @{PROPS}]"):
        for name in (MARK, PROPS):
            element.attrib.pop(name, None)


def _set_lines(element, lines):
    element.text = lines[0]
    for line in lines[1:]:
        etree.SubElement(element, "br").tail = line


def _make_room(element):
    """No browser keeps a table or paragraphs within a paragraph."""
    element.tag = "div"
    for parent in element.iterancestors("p"):
        parent.tag = "div"

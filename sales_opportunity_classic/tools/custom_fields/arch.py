"""What a definition adds to the architecture of a view, built as nodes with lxml.

Nothing here is joined from text, so no label can become markup. What a view has no
place for is left out; the functions return the names of the fields that were shown.
"""

from lxml import etree

from .types import FIELD_TYPES, get_file_name_field


def add_pages(form, tabs):
    """Add a page per tab to the first notebook of a form."""
    notebook = form.find("./sheet/notebook")
    if notebook is None:
        return []
    pages = [page for tab in tabs if (page := _make_page(tab)) is not None]
    notebook.extend(pages)
    return _get_field_names(pages)


def _make_inert(label):
    """The client compiles titles to JavaScript template literals, where ``${`` begins
    an expression: an invisible word joiner parts the two characters."""
    return label.replace("${", "$\u2060{")


def _make_page(tab):
    groups = [_make_group(group) for group in tab["groups"] if group["fields"]]
    if not groups:
        return None
    # Here the client does not escape backslashes either.
    title = _make_inert(tab["name"]).replace("\\", "\\\\")
    page = etree.Element("page", name=f"custom_{tab['id']}", string=title)
    _set(page, groups=tab["visible_to"], invisible=_negate(tab["condition"]))
    page.extend(groups)
    return page


def _make_group(group):
    title = _make_inert(group["name"])
    outer = etree.Element("group", string=title, name=f"custom_{group['id']}")
    for run in _split_at_wide(group["fields"]):
        if _is_wide(run[0]):
            column = etree.SubElement(outer, "group", colspan="2")
            column.extend(_make_editable_nodes(run[0]))
            continue
        for fields in _deal_out(run, group["columns"]):
            column = etree.SubElement(outer, "group")
            for field in fields:
                column.extend(_make_editable_nodes(field))
    return outer


def _split_at_wide(fields):
    """Cut a list of fields into runs of narrow ones and single wide ones."""
    runs = []
    for field in fields:
        if _is_wide(field) or not runs or _is_wide(runs[-1][0]):
            runs.append([])
        runs[-1].append(field)
    return runs


def _is_wide(field):
    return field["wide"]


def _deal_out(fields, columns):
    """Divide fields into columns that are read from top to bottom."""
    height = -(-len(fields) // columns)
    return [fields[start : start + height] for start in range(0, len(fields), height)]


def _make_editable_nodes(field):
    """The nodes of a field: where not everybody may edit it, one for those who may
    and a read-only one for all others."""
    if not field["editors"]:
        return _make_nodes(field)
    others = ",".join(f"!{group}" for group in field["editors"].split(","))
    # Nobody is asked for what they cannot fill in.
    shown = {**field, "requirement": ""}
    return [
        *_make_nodes(field, groups=field["editors"]),
        *_make_nodes(shown, groups=others, readonly="1"),
    ]


def _make_nodes(field, **attributes):
    kind = FIELD_TYPES[field["type"]]
    node = etree.Element("field", name=field["name"])
    _set(node, widget=kind.widget, options=_get_options(field, kind))
    _set(node, placeholder=field["placeholder"], required=field["requirement"])
    _set(node, **attributes)
    if field["type"] != "file":
        return [node]
    companion = etree.Element(
        "field", name=get_file_name_field(field["name"]), invisible="1"
    )
    node.set("filename", companion.get("name"))
    return [node, companion]


def _get_options(field, kind):
    """The widget's options; choices that are archived are not offered."""
    archived = [option["key"] for option in field["options"] if not option["active"]]
    if kind.choices == "own" and archived:
        return repr({"archived": archived})
    return kind.options


def add_columns(view, fields):
    """Add optional columns to a list."""
    nodes = [
        _make_cell(field, optional="show" if field["in_list_at_once"] else "hide")
        for field in fields
        if field["in_list"]
    ]
    view.extend(nodes)
    return _get_field_names(nodes)


def _make_cell(field, **attributes):
    kind = FIELD_TYPES[field["type"]]
    node = etree.Element("field", name=field["name"])
    # Choosing a value is for the form: in a list the plain text is enough.
    if not kind.widget.startswith("opportunity_") or field["type"] in _MASKED:
        _set(node, widget=kind.widget, options=kind.options)
    _set(node, **attributes)
    return node


_MASKED = ("social_security_number",)


def add_search_items(search, fields):
    """Add the searched fields and the group-bys to a search view."""
    nodes = [
        etree.Element("field", name=field["name"])
        for field in fields
        if field["in_search"]
    ]
    _insert_after_last_field(search, nodes)
    filters = [_make_group_by(field) for field in fields if field["in_group_by"]]
    if filters:
        _get_group_by(search).extend(filters)
    return _get_field_names(nodes)


def _insert_after_last_field(search, nodes):
    present = search.findall("./field")
    place = search.index(present[-1]) + 1 if present else 0
    search[place:place] = nodes


def _get_group_by(search):
    """The place for group-bys: that of the first one there is, else a new group."""
    for item in search.iter("filter"):
        if "group_by" in (item.get("context") or ""):
            return item.getparent()
    return etree.SubElement(search, "group")


def _make_group_by(field):
    return etree.Element(
        "filter",
        name=f"group_by_{field['name']}",
        string=field["label"],
        context=repr({"group_by": field["name"]}),
        groups=field["access"],
    )


def add_to_card(kanban, fields):
    """Add lines to a kanban card."""
    card = kanban.find(".//t[@t-name='card']")
    shown = [field for field in fields if field["in_kanban"]]
    if card is None or not shown:
        return []
    block = etree.Element("div", {"class": "small text-muted"})
    block.extend(_make_card_line(field) for field in shown)
    place = card.find("./footer")
    if place is None:
        card.append(block)
    else:
        place.addprevious(block)
    return _get_field_names([block])


def _make_card_line(field):
    condition = f"not {field['name']}"
    line = etree.Element("div", invisible=condition, groups=field["access"])
    caption = etree.SubElement(line, "span")
    caption.text = f"{_make_inert(field['label'])}: "
    line.append(_make_cell(field))
    return line


def _negate(condition):
    return condition and f"not ({condition})"


def _set(node, **attributes):
    """Set the attributes that have a value."""
    for name, value in attributes.items():
        if value:
            node.set(name, value)


def _get_field_names(nodes):
    return [item.get("name") for node in nodes for item in node.iter("field")]

"""What the web client requests when it opens a view, read off the view itself.

A plain reading of the view's arch as `get_views` gives it: every field of the view
and, for fields to many records, those of their embedded list.
"""

from lxml import etree

from odoo.tools.safe_eval import safe_eval

TO_MANY = ("one2many", "many2many")
LIMIT = 80
EMBEDDED_LIMIT = 40
ALWAYS = ("1", "True", "true")

ACTIVITY = (
    "activity_exception_decoration",
    "activity_exception_icon",
    "activity_state",
    "activity_summary",
    "activity_type_icon",
    "activity_type_id",
)
# Fields that a widget reads beside its own.
WIDGET_FIELDS = {
    "kanban_activity": ACTIVITY,
    "list_activity": ACTIVITY,
    "badge_rotting": ("is_rotting", "rotting_days"),
    "rotting": ("is_rotting", "rotting_days"),
    "rotting_statusbar_duration": ("is_rotting", "rotting_days", "duration_tracking"),
    "opportunity_stage_statusbar": ("is_rotting", "rotting_days", "duration_tracking"),
}
# What widgets show of the records that a field links to.
TAG_WIDGETS = {
    "many2many_tags": ("display_name",),
    "many2many_tags_avatar": ("display_name",),
    "many2many_avatar_user": ("display_name",),
}


class View:
    """One view of a model, as `get_views` gives it."""

    def __init__(self, views, kind, model):
        self.arch = etree.fromstring(views["views"][kind]["arch"])
        self.models = views["models"]
        self.model = model

    def specification(self):
        """What `web_read` and its kin are asked for."""
        return self._specify(self.arch, self.model)

    def sums(self):
        """The amounts that a kanban sums up in the head of a column."""
        [bar] = self.arch.iter("progressbar")
        return [value for key, value in bar.items() if key.endswith("sum_field")]

    def progress_bar(self):
        """The bar in the head of a column."""
        [bar] = self.arch.iter("progressbar")
        return {"field": bar.get("field"), "colors": read_dict(bar.get("colors"))}

    def panel_fields(self):
        """The fields of the panel beside the view, in a search view."""
        return [node.get("name") for node in self.arch.iterfind(".//searchpanel/field")]

    def _specify(self, root, model):
        specification = {}
        for node in own_fields(root):
            self._add(specification, node.get("name"), model, node)
            for name in WIDGET_FIELDS.get(node.get("widget"), ()):
                if name not in specification:
                    self._add(specification, name, model, None)
        return specification

    def _add(self, specification, name, model, node):
        info = self.models[model]["fields"].get(name)
        if not info:
            return
        wanted = self._wanted(info, node)
        if wanted or name not in specification:
            specification[name] = wanted

    def _wanted(self, info, node):
        if info["type"] == "many2one":
            return {"fields": {} if is_hidden(node) else {"display_name": {}}}
        if info["type"] not in TO_MANY:
            return {}
        return self._wanted_of_many(info, node)

    def _wanted_of_many(self, info, node):
        if node is None or is_hidden(node):
            return {"fields": {}}
        widget = node.get("widget")
        if widget in TAG_WIDGETS:
            names = [*TAG_WIDGETS[widget], *color_field(node)]
            return {"fields": {name: {} for name in names}}
        embedded = node.find("list")
        if embedded is None or widget:
            return {"fields": {}}
        fields = self._specify(embedded, info["relation"])
        order = embedded.get("default_order")
        return {
            "fields": fields,
            "limit": EMBEDDED_LIMIT,
            **({"order": order} if order else {}),
        }


def own_fields(root):
    """The fields of a view in its order, those of embedded views left out."""
    for node in root:
        if node.tag == "field":
            yield node
        elif isinstance(node.tag, str):
            yield from own_fields(node)


def is_hidden(node):
    """Whether a field is never shown."""
    if node is None:
        return False
    return node.get("invisible") in ALWAYS or node.get("column_invisible") in ALWAYS


def color_field(node):
    """The field that colours the tags, if any."""
    color = read_dict(node.get("options") or "{}").get("color_field")
    return [color] if color else []


def read_dict(text):
    """The dictionary that an attribute holds, in Python's or JSON's notation."""
    return safe_eval(text, {"true": True, "false": False})

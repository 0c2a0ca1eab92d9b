"""What differs between two definitions: the list that people read before Apply.

A definition is what ``opportunity.custom.definition`` describes: nested dictionaries
of tabs, their headers, their fields, and the options of these.
"""

import dataclasses
import difflib


@dataclasses.dataclass(frozen=True)
class Change:
    """One difference: ``kind`` is "add", "rename", "change", "move", "archive",
    "restore" or "delete"; ``what`` is "tab", "group", "field" or "option"."""

    kind: str
    what: str
    label: str
    name: str = ""
    before: str = ""


def get_groups(definition):
    """The headers of a definition, each with the id of its tab."""
    return [
        {**group, "tab": tab["id"]}
        for tab in definition["tabs"]
        for group in tab["groups"]
    ]


def get_fields(definition):
    """The fields of a definition, each with the ids of its header and tab."""
    return [
        {**field, "group": group["id"], "tab": tab["id"]}
        for tab in definition["tabs"]
        for group in tab["groups"]
        for field in group["fields"]
    ]


def get_options(field):
    """The options of a field, those below others included, each with the key of the
    one above it."""
    rows = [(option, "") for option in field["options"]]
    options = []
    while rows:
        option, parent = rows.pop(0)
        options.append({**option, "parent": parent})
        rows[:0] = [(child, option["key"]) for child in option["options"]]
    return options


def find_changes(live, draft):
    """Return the differences from one definition to the next, in reading order."""
    changes = _compare("tab", live["tabs"], draft["tabs"], "id", "name")
    changes += _compare("group", get_groups(live), get_groups(draft), "id", "name")
    old_fields, fields = get_fields(live), get_fields(draft)
    changes += _compare("field", old_fields, fields, "name", "label")
    before = {field["name"]: field for field in old_fields}
    for field in fields:
        if old := before.get(field["name"]):
            options = get_options(old), get_options(field)
            changes += _compare("option", *options, "key", "name")
    return changes


def _compare(what, before, after, key, label):
    """Return the changes between two lists of rows of one kind."""
    old, new = ({row[key]: row for row in rows} for rows in (before, after))
    moved = _find_moved([k for k in old if k in new], [k for k in new if k in old])
    changes = []
    for row in after:
        if row[key] in old:
            kinds = _find_kinds(old[row[key]], row, label, row[key] in moved)
            was = old[row[key]][label]
        else:
            kinds, was = ["add"], ""
        details = (what, row[label], str(row[key]), was)
        changes += [Change(kind, *details) for kind in kinds]
    gone = [row for row in before if row[key] not in new]
    return changes + [Change("delete", what, row[label], str(row[key])) for row in gone]


def _find_moved(before, after):
    """Return the keys that stand elsewhere in an order of the same keys."""
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    blocks = matcher.get_matching_blocks()
    kept = {key for start, _, size in blocks for key in before[start : start + size]}
    return set(before) - kept


def _find_kinds(old, new, label, moved):
    """Return the kinds of the changes of one row."""
    kinds = ["rename"] if old[label] != new[label] else []
    if old.get("active", True) != new.get("active", True):
        kinds.append("restore" if new.get("active", True) else "archive")
    if _strip(old, label) != _strip(new, label):
        kinds.append("change")
    elif moved:
        kinds.append("move")
    return kinds


def _strip(row, label):
    """The row without what other changes tell of."""
    told = {label, "active", "groups", "fields", "options"}
    return {key: value for key, value in row.items() if key not in told}


def make_portable(definition, teams, stages):
    """Return a definition for another database: with names instead of ids.

    :param teams: {id: name} of the sales teams it knows
    :param stages: {id: name} of the stages it knows
    """
    return {
        "tabs": [
            {
                **_without_id(tab),
                "teams": [teams[team] for team in tab["teams"] if team in teams],
                "groups": [
                    {
                        **_without_id(group),
                        "fields": [
                            _make_field_portable(field, stages)
                            for field in group["fields"]
                        ],
                    }
                    for group in tab["groups"]
                ],
            }
            for tab in definition["tabs"]
        ]
    }


def _make_field_portable(field, stages):
    portable = {**_without_id(field), "stage": stages.get(field["stage"], "")}
    # Derived anew where it is loaded
    del portable["access"]
    return {**portable, "options": _make_options_portable(field["options"])}


def _make_options_portable(options):
    return [
        {**_without_id(option), "options": _make_options_portable(option["options"])}
        for option in options
    ]


def _without_id(row):
    return {key: value for key, value in row.items() if key != "id"}

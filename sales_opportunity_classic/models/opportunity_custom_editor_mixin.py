from collections import Counter

from odoo import api, models

from ..tools.custom_fields.changes import get_fields


class OpportunityCustomEditorMixin(models.AbstractModel):
    """What the editor of custom fields shows of a definition, in words."""

    _name = "opportunity.custom.editor.mixin"
    _description = "Editor of Custom Fields"

    @api.readonly
    def get_editor(self):
        """Return what the editor draws.

        :return: ``tabs``: the draft as nested dictionaries, each part with its
            ``sequence``, each field with ``is_applied``; ``changes``: a sentence per
            change that Apply would make;
            ``summary``: these in one sentence, empty without changes; ``problems``:
            sentences on what is live and cannot be shown
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: groups, and teams of other companies, are part of the draft
        self = self.sudo()
        changes = self._get_changes()
        return {
            "tabs": [tab._describe_for_editor() for tab in self._get_tabs()],
            "changes": [self._tell_change(change) for change in changes],
            "summary": self._summarize(changes),
            "problems": self._find_problems(),
        }

    @api.model
    def _tell_change(self, change):
        """Return a change as a sentence, such as: Adds the field “Budget”."""
        told = {
            "what": self._name_part(change.what),
            "label": change.label,
            "before": change.before,
        }
        if change.kind == "delete" and change.what == "field":
            return self._tell_deletion(change)
        sentences = {
            "add": self.env._("Adds the %(what)s “%(label)s”", **told),
            "rename": self.env._(
                "Renames the %(what)s “%(before)s” to “%(label)s”", **told
            ),
            "change": self.env._("Changes the %(what)s “%(label)s”", **told),
            "move": self.env._("Moves the %(what)s “%(label)s”", **told),
            "archive": self.env._("Archives the %(what)s “%(label)s”", **told),
            "restore": self.env._("Shows the %(what)s “%(label)s” again", **told),
            "delete": self.env._("Deletes the %(what)s “%(label)s”", **told),
        }
        return sentences[change.kind]

    def _tell_deletion(self, change):
        count = self._count_filled(change.name)
        return self.env._(
            "Deletes the field “%(label)s” and its values on %(count)s records",
            label=change.label,
            count=count,
        )

    @api.model
    def _name_part(self, what):
        return {
            "tab": self.env._("tab"),
            "group": self.env._("header"),
            "field": self.env._("field"),
            "option": self.env._("option"),
        }[what]

    @api.model
    def _summarize(self, changes):
        """Return the changes as a short list, such as: adds 3 fields, renames 1 tab."""
        counts = Counter((change.kind, change.what) for change in changes)
        verbs = {
            "add": self.env._("adds"),
            "rename": self.env._("renames"),
            "change": self.env._("changes"),
            "move": self.env._("moves"),
            "archive": self.env._("archives"),
            "restore": self.env._("shows again"),
            "delete": self.env._("deletes"),
        }
        parts = {
            "tab": (self.env._("tab"), self.env._("tabs")),
            "group": (self.env._("header"), self.env._("headers")),
            "field": (self.env._("field"), self.env._("fields")),
            "option": (self.env._("option"), self.env._("options")),
        }
        return ", ".join(
            f"{verbs[kind]} {count} {parts[what][count != 1]}"
            for (kind, what), count in counts.items()
        )

    def _find_problems(self):
        """Return sentences on fields that are live and have no place at present."""
        self.ensure_one()
        arch, _view = self.env[self.model]._get_view()
        shown = {node.get("name") for node in arch.iter("field")}
        return [
            self.env._(
                "“%(label)s” (%(name)s) cannot be shown: the field or the place for it "
                "in the form is gone.",
                label=field["label"],
                name=field["name"],
            )
            for field in get_fields(self._get_live(self.model))
            if field["active"] and field["name"] not in shown
        ]

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command


class OpportunityCustomTab(models.Model):
    """A tab that a sales administrator adds to opportunities or contacts.

    Like its headers, fields and options it is a draft: people see what was last
    applied (``opportunity.custom.definition``). Tabs of a sales team are hidden on the
    opportunities of other teams, which keep their values.
    """

    _name = "opportunity.custom.tab"
    _inherit = "opportunity.custom.label.mixin"
    _description = "Custom Tab"
    _order = "model, sequence, id"

    name = fields.Char(string="Tab", required=True)
    model = fields.Selection(
        [("crm.lead", "Opportunities"), ("res.partner", "Contacts")],
        string="Shown on",
        required=True,
        default="crm.lead",
        index=True,
    )
    sequence = fields.Integer(default=10)
    team_ids = fields.Many2many(
        "crm.team",
        ondelete="restrict",
        context={"active_test": False},
        string="Sales Teams",
        help="The tab is shown on the opportunities of these teams; on all if empty.",
    )
    group_ids = fields.Many2many(
        "res.groups",
        string="Visible to",
        ondelete="restrict",
        help="Only members of these groups see the tab, and read the fields in it that "
        "name no group themselves; everybody if empty.",
    )
    header_ids = fields.One2many(
        "opportunity.custom.group", "tab_id", string="Headers", copy=True
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("model", "team_ids")
    def _check_teams(self):
        for tab in self:
            if tab.team_ids and tab.model != "crm.lead":
                raise ValidationError(
                    self.env._(
                        "“%(tab)s”: contacts have no sales team, so their tabs cannot "
                        "be shown for some teams only.",
                        tab=tab.name,
                    )
                )

    @api.constrains("group_ids")
    def _check_groups(self):
        self.group_ids._check_opportunity_groups()

    # === CRUD METHODS === #

    def write(self, vals):
        if any(tab.model != vals.get("model", tab.model) for tab in self):
            raise ValidationError(
                self.env._(
                    "%(tabs)s: a tab stays on the kind of record it was made for.",
                    tabs=", ".join(self.mapped("name")),
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_with_headers(self):
        # Through the ORM, so that fields with values are asked about.
        self.header_ids.unlink()

    # === ACTIONS === #

    def action_apply(self):
        """Make all pending changes of the records' models real.

        :raises UserError: naming the field that cannot be applied; nothing is changed
        """
        for model in set(self.mapped("model")):
            self.env["opportunity.custom.definition"]._get(model).action_apply()
        return True

    # === BUSINESS METHODS === #

    def _describe(self):
        """Return the tab as the dictionary that a definition keeps."""
        self.ensure_one()
        return {
            "id": self.id,
            "name": self.name,
            "teams": sorted(self.team_ids.ids),
            "visible_to": self.group_ids._get_opportunity_xmlids(),
            "groups": [header._describe() for header in self.header_ids],
        }

    def _describe_for_editor(self):
        """Return the description with what only the editor needs."""
        headers = [header._describe_for_editor() for header in self.header_ids]
        return {**self._describe(), "sequence": self.sequence, "groups": headers}

    @api.model
    def _read_description(self, row):
        groups = self.env["res.groups"]._get_by_opportunity_xmlids(row["visible_to"])
        return {
            **super()._read_description(row),
            "team_ids": [Command.set(self._find("crm.team", row["teams"]).ids)],
            "group_ids": [Command.set(groups.ids)],
        }

    def _load_children(self, row):
        # A header may come from another tab; only an id tells that it is the same.
        ids = [group.get("id") for group in row["groups"]]
        headers = self.header_ids | self._find("opportunity.custom.group", ids)
        headers._load(row["groups"], {"tab_id": self.id})

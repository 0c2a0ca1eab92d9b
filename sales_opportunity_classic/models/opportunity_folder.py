from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class OpportunityFolder(models.Model):
    """A folder of the opportunity tree, shown as a panel beside list and kanban.

    A folder that is deleted hands its opportunities and sub-folders to its parent.
    """

    _name = "opportunity.folder"
    _description = "Opportunity Folder"
    _parent_store = True
    _rec_name = "complete_name"
    _order = "sequence, complete_name, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    complete_name = fields.Char(
        "Full Path", compute="_compute_complete_name", recursive=True, store=True
    )
    parent_id = fields.Many2one(
        "opportunity.folder",
        string="Parent Folder",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("opportunity.folder", "parent_id", string="Sub-Folders")
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        index=True,
        help="Leave empty to share the folder between all companies.",
    )
    lead_count = fields.Integer(
        "Opportunities",
        compute="_compute_lead_count",
        help="Opportunities you may see in this folder and its sub-folders.",
    )

    # === COMPUTE METHODS === #

    @api.depends("name", "parent_id.complete_name")
    def _compute_complete_name(self):
        for folder in self:
            names = (folder.parent_id.complete_name, folder.name)
            folder.complete_name = " / ".join(filter(None, names))

    @api.depends("complete_name", "name")
    @api.depends_context("hierarchical_naming")
    def _compute_display_name(self):
        """The full path (``Europe / France``), in the folder panel the bare name."""
        full_path = self.env.context.get("hierarchical_naming", True)
        for folder in self:
            folder.display_name = folder.complete_name if full_path else folder.name

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_lead_count(self):
        counts = self.env["crm.lead"]._read_group(
            [("folder_id", "child_of", self.ids)], ["folder_id"], ["__count"]
        )
        self.lead_count = 0
        for folder, count in counts:
            for ancestor in folder._get_with_parents() & self:
                ancestor.lead_count += count

    # === CONSTRAINT METHODS === #

    @api.constrains("company_id")
    def _check_company_of_content(self):
        # sudo: what the user may not see would stay in the folder as well
        for folder in self.sudo().filtered("company_id"):
            if count := folder._count_content_of_other_companies():
                raise ValidationError(
                    self.env._(
                        "“%(folder)s” cannot be for %(company)s alone: it holds "
                        "opportunities or sub-folders of another company, or of none. "
                        "Move them first: %(count)s",
                        folder=folder.complete_name,
                        company=folder.company_id.name,
                        count=count,
                    )
                )

    def _count_content_of_other_companies(self):
        others = Domain("company_id", "!=", self.company_id.id)
        leads = self.env["crm.lead"].with_context(active_test=False)
        return leads.search_count(
            Domain("folder_id", "=", self.id) & others
        ) + self.search_count(Domain("parent_id", "=", self.id) & others)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._get_new_parent(vals)
        folders = super().create(vals_list)
        if folders:
            self.env.registry.clear_cache()
        return folders

    def write(self, vals):
        self._check_new_parent(self._get_new_parent(vals))
        return super().write(vals)

    @api.model
    def _get_new_parent(self, vals):
        """Return the parent in ``vals``, or none; what comes over RPC may be no id."""
        parent_id = self._fields["parent_id"].convert_to_cache(
            vals.get("parent_id"), self
        )
        if vals.get("parent_id") and type(parent_id) is not int:
            raise ValidationError(
                self.env._("“%(value)s” is no folder.", value=vals["parent_id"])
            )
        return self.browse(parent_id)

    def _check_new_parent(self, parent):
        """Refuse a cycle before the ORM meets it and answers "Recursion Detected"."""
        if self & parent._get_with_parents():
            raise ValidationError(
                self.env._("A folder cannot be moved into itself or its sub-folders.")
            )

    def _get_with_parents(self):
        """Return one folder (or none) and the folders it lies in."""
        return self.browse(
            int(part) for part in (self.parent_path or "").split("/")[:-1]
        )

    def unlink(self):
        for folder in self:
            # sudo: also the opportunities that the user may not see keep a folder
            content = folder.sudo().with_context(active_test=False)
            leads = content.env["crm.lead"].search([("folder_id", "=", folder.id)])
            leads.folder_id = folder.parent_id
            content.child_ids.parent_id = folder.parent_id
        result = super().unlink()
        if self:
            self.env.registry.clear_cache()
        return result

    # === BUSINESS METHODS === #

    @api.model
    @tools.ormcache()
    def _is_used(self):
        """Tell whether there are folders at all, cached."""
        # sudo: the answer is the same for everybody, it is part of a cached view
        return bool(self.sudo().search_count([], limit=1))

    # === ACTION METHODS === #

    def action_view_leads(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "crm.crm_lead_opportunities"
        )
        return {
            **action,
            "domain": [
                ("type", "=", "opportunity"),
                ("folder_id", "child_of", self.id),
            ],
            "context": {
                "default_type": "opportunity",
                "default_folder_id": self.id,
            },
        }

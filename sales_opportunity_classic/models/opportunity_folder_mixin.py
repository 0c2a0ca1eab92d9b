from odoo import api, fields, models


class OpportunityFolderMixin(models.AbstractModel):
    """The folder in which an opportunity is filed; deleting it never deletes the
    opportunity."""

    _name = "opportunity.folder.mixin"
    _description = "Filed in a Folder"

    folder_id = fields.Many2one(
        "opportunity.folder",
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
        groups="base.group_user",
        tracking=True,
        help="Where the opportunity is filed; shown beside list and kanban.",
    )

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, self.env["opportunity.folder"]._is_used())

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Leave out the folder panel, and what it costs, where nobody uses folders."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "search" and not self.env["opportunity.folder"]._is_used():
            for field in arch.xpath("//searchpanel/field[@name='folder_id']"):
                panel = field.getparent()
                panel.remove(field)
                if not len(panel):
                    panel.getparent().remove(panel)
        return arch, view

    def _merge_get_fields_specific(self):
        return {
            **super()._merge_get_fields_specific(),
            "folder_id": lambda fname, leads: leads._get_first_folder(),
        }

    def _get_first_folder(self):
        """Return the first folder that the company of the merged one may use."""
        # sudo: what the user may not see has a company as well
        folders = self.sudo().folder_id
        # the first company that is given prevails, as for Odoo
        domain = folders._check_company_domain(self.company_id[:1])
        return folders.filtered_domain(domain)[:1].id

from odoo import fields, models


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
        tracking=True,
        help="Where the opportunity is filed; shown beside list and kanban.",
    )

    def _merge_get_fields(self):
        return [*super()._merge_get_fields(), "folder_id"]

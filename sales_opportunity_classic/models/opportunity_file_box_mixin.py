from odoo import fields, models
from odoo.fields import Domain


class OpportunityFileBoxMixin(models.AbstractModel):
    """The file box of a contact: its documents, from whatever opportunity.

    Archiving the contact keeps them, deleting it deletes them, and merged contacts
    have the files of all.
    """

    _name = "opportunity.file.box.mixin"
    _description = "File Box"
    _inherit = ["opportunity.file.panel.mixin"]

    file_ids = fields.One2many(
        "opportunity.file",
        "partner_id",
        string="Files",
        groups="sales_team.group_sale_salesman",
    )

    # === CRUD METHODS === #

    def unlink(self):
        """The file box goes with its contact, the bin too."""
        self.check_access("unlink")
        # sudo: who may delete the contact deletes what it keeps
        files = self.env["opportunity.file"].sudo().with_context(active_test=False)
        files.search([("partner_id", "in", self.ids)]).unlink()
        return super().unlink()

    # === BUSINESS METHODS === #

    def _get_file_box_domain(self, include_related=False):
        """Return the domain of the contact's files, by choice with those of the
        contacts below it and of the company above it."""
        own = Domain("partner_id", "in", self.ids)
        if not include_related:
            return own
        below = Domain("partner_id", "child_of", self.ids)
        return below | Domain("partner_id", "parent_of", self.ids)

    def _get_file_relation(self):
        if self.child_ids:
            return {"kind": "people", "name": self.display_name}
        company = self.parent_id
        return bool(company) and {"kind": "company", "name": company.display_name}

    # === ACTION METHODS === #

    def action_view_files(self):
        """Open the files of the contact and, without a filter, of its people and its
        company."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "sales_opportunity_classic.opportunity_file_action"
        )
        return {
            **action,
            "domain": list(self._get_file_box_domain(include_related=True)),
            "context": {"default_partner_id": self.id, "search_default_own": 1},
        }

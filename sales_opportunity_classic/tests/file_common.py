from odoo.tests import new_test_user

from .common import OpportunityCommon


class FileCommon(OpportunityCommon):
    """An opportunity with a contact, its salesman, and a salesperson who may read the
    contact but not the opportunity."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env["res.partner"].create(
            {"name": "Rome Stones", "is_company": True}
        )
        cls.anna = cls.env["res.partner"].create(
            {"name": "Anna", "parent_id": cls.customer.id}
        )
        cls.opportunity.partner_id = cls.customer
        cls.stranger = new_test_user(
            cls.env, "stranger", groups="sales_team.group_sale_salesman"
        )
        cls.File = cls.env["opportunity.file"]

    @classmethod
    def _load(cls, name="Contract.pdf", raw=b"Terms", lead=None, **values):
        """Load a file as the salesman, by default into the opportunity."""
        lead = cls.opportunity if lead is None else lead
        return cls.File.with_user(cls.user_sales_salesman).create(
            {"name": name, "raw": raw, "lead_id": lead.id, **values}
        )

    @classmethod
    def _share(cls, user, access, lead=None):
        """Share the opportunity with a colleague, as its salesperson."""
        lead = lead or cls.opportunity
        return (
            cls.env["opportunity.share"]
            .with_user(lead.user_id)
            .create({"lead_id": lead.id, "user_id": user.id, "access": access})
        )

    def _give_read_access(self):
        """Let every salesperson read, and no more, each opportunity."""
        self.env["ir.rule"].create(
            {
                "name": "Salespeople read everything",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "groups": self.env.ref("sales_team.group_sale_salesman").ids,
                "domain_force": "[(1, '=', 1)]",
                "perm_write": False,
                "perm_create": False,
                "perm_unlink": False,
            }
        )

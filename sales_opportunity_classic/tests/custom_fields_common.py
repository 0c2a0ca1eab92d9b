from odoo.fields import Command

from .common import OpportunityCommon


class CustomFieldCommon(OpportunityCommon):
    """A tab with one header in the draft of the sales administrator, who adds fields.

    Columns go with each test's transaction, so the fields leave the registry after it.
    """

    def setUp(self):
        # Registered first, so that it runs after the rollback.
        self.addCleanup(self._forget_custom_fields)
        super().setUp()
        self.Definition = self.env["opportunity.custom.definition"].with_user(
            self.user_sales_manager
        )
        self.definition = self.Definition._get("crm.lead")
        self.tab = self.definition.env["opportunity.custom.tab"].create(
            {"name": "Launch"}
        )
        self.header = self._add_header("Dates")

    def _forget_custom_fields(self):
        self.registry.clear_all_caches()
        self.registry._setup_models__(self.cr, ["crm.lead", "res.partner"])

    def _add_header(self, name):
        return self.tab.header_ids.create({"name": name, "tab_id": self.tab.id})

    def _add_field(self, label, field_type, options=(), **values):
        """Add a field to the draft, with options of these names."""
        return self.header.field_ids.create(
            {
                "label": label,
                "field_type": field_type,
                "group_id": self.header.id,
                "option_ids": [Command.create({"name": name}) for name in options],
                **values,
            }
        )

    def _apply(self):
        self.definition.action_apply()
        self.env.invalidate_all()

    def _create_leads(self, *values_list):
        """Create an opportunity per dictionary of values, as the administrator."""
        return self.Lead.with_user(self.user_sales_manager).create(
            [{"name": f"Deal {n}", **vals} for n, vals in enumerate(values_list)]
        )

    def _open(self, action):
        """Return the dialog that an action opens, as its user gets it."""
        Dialog = self.definition.env[action["res_model"]]
        return Dialog.with_context(**action["context"]).create({})

from odoo import models


class ResUsers(models.Model):
    """Users tell the rule on options which custom fields they read."""

    _inherit = "res.users"

    def _get_readable_custom_field_ids(self):
        """Return the ids of the custom fields whose options the user reads.

        Odoo asks once and keeps them with the rule: a path to the groups would be
        joined whenever a chosen option is read.
        """
        # sudo: definitions are not for those who choose options
        fields_ = self.env["opportunity.custom.field"].sudo()
        readable = fields_.with_context(active_test=False).search(
            [("reader_ids", "in", self.all_group_ids.ids)]
        )
        return readable.ids

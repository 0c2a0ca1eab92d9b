from odoo import api, models

SETTING_PREFIX = "sales_opportunity_classic."

# In the context of what nobody does in person; an object, so that no client sends it.
AUTOMATIC = object()


class OpportunitySettingsMixin(models.AbstractModel):
    """Reads the settings of this addon, each one a system parameter, and tells whom
    those for people concern."""

    _name = "opportunity.settings.mixin"
    _description = "Opportunity Settings"

    @api.model
    def _get_opportunity_setting(self, name, default=False):
        """Return the value of a setting as text, or ``default`` where it is not set."""
        # sudo: settings are for everybody to obey, but for administrators to read
        parameters = self.env["ir.config_parameter"].sudo()
        return parameters.get_param(SETTING_PREFIX + name, default)

    @api.model
    def _is_act_of_person(self):
        """Tell whether somebody acts, not the mail gateway, a form or an assignment."""
        actor = self.env.context.get("opportunity_actor")
        return not self.env.su and actor is not AUTOMATIC

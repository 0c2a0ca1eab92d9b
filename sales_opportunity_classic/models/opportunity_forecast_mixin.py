from odoo import models


class OpportunityForecastMixin(models.AbstractModel):
    """Keeps what was once forecast of opportunities that are merged."""

    _name = "opportunity.forecast.mixin"
    _description = "Forecast"
    _inherit = ["opportunity.merge.mixin"]

    def _hand_over(self, survivors):
        self.env["opportunity.forecast.snapshot"]._take_over(survivors)
        return super()._hand_over(survivors)

from odoo import models


class OpportunityForecastMixin(models.AbstractModel):
    """Keeps what was once forecast of opportunities that are merged."""

    _name = "opportunity.forecast.mixin"
    _description = "Forecast"

    def _merge_dependences(self, opportunities):
        result = super()._merge_dependences(opportunities)
        self.env["opportunity.forecast.snapshot"]._take_over(self, opportunities)
        return result

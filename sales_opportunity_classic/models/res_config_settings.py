from odoo import fields, models

from .opportunity_duplicate_guard_mixin import DUPLICATE_GUARD_PARAMETER
from .opportunity_expectation_mixin import HIGH_VALUE_DEFAULT, HIGH_VALUE_PARAMETER
from .opportunity_outcome_mixin import (
    CLOSED_EDIT_PARAMETER,
    LOST_REASON_PARAMETER,
    WON_REASON_PARAMETER,
)


class ResConfigSettings(models.TransientModel):
    """The CRM settings of this addon; each is one system parameter."""

    _inherit = "res.config.settings"

    opportunity_require_won_reason = fields.Boolean(
        "Require a Won Reason", config_parameter=WON_REASON_PARAMETER
    )
    opportunity_require_lost_reason = fields.Boolean(
        "Require a Lost Reason", config_parameter=LOST_REASON_PARAMETER
    )
    opportunity_closed_edit = fields.Selection(
        [("everyone", "Everyone with access"), ("managers", "Sales managers only")],
        "Edit Closed Opportunities",
        config_parameter=CLOSED_EDIT_PARAMETER,
        default="everyone",
    )
    opportunity_duplicate_guard = fields.Selection(
        [("none", "Do nothing"), ("warn", "Warn"), ("block", "Block")],
        "Same Customer, Other Salesperson",
        config_parameter=DUPLICATE_GUARD_PARAMETER,
        default="none",
    )
    opportunity_high_value = fields.Float(
        "High Value From",
        config_parameter=HIGH_VALUE_PARAMETER,
        default=HIGH_VALUE_DEFAULT,
    )

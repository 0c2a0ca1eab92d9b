from odoo import api, fields, models

from .opportunity_buy_link import BUY_LINK_DAYS
from .opportunity_expectation_mixin import HIGH_VALUE_DEFAULT
from .opportunity_file_limit_mixin import (
    BLOCKED_DEFAULT,
    MAX_SIZE_DEFAULT,
    NOTHING_BLOCKED,
)
from .opportunity_letter_batch import LETTERS_AT_ONCE
from .opportunity_settings_mixin import SETTING_PREFIX


class ResConfigSettings(models.TransientModel):
    """The CRM settings of this addon; each is one system parameter."""

    _inherit = "res.config.settings"

    opportunity_require_won_reason = fields.Boolean(
        "Require a Won Reason", config_parameter=SETTING_PREFIX + "require_won_reason"
    )
    opportunity_require_lost_reason = fields.Boolean(
        "Require a Lost Reason", config_parameter=SETTING_PREFIX + "require_lost_reason"
    )
    opportunity_closed_edit = fields.Selection(
        [("everyone", "Everyone with access"), ("managers", "Sales managers only")],
        "Edit Closed Opportunities",
        config_parameter=SETTING_PREFIX + "closed_edit",
        default="everyone",
    )
    opportunity_duplicate_guard = fields.Selection(
        [("none", "Do nothing"), ("warn", "Warn"), ("block", "Block")],
        "Same Customer, Other Salesperson",
        config_parameter=SETTING_PREFIX + "duplicate_guard",
        default="none",
    )
    opportunity_high_value = fields.Float(
        "High Value From",
        config_parameter=SETTING_PREFIX + "high_value",
        default=HIGH_VALUE_DEFAULT,
    )
    opportunity_file_max_size = fields.Integer(
        "Largest File (MB)",
        config_parameter=SETTING_PREFIX + "file_max_size",
        default=MAX_SIZE_DEFAULT,
    )
    opportunity_file_blocked = fields.Char(
        "Blocked Files",
        config_parameter=SETTING_PREFIX + "file_blocked",
        default=BLOCKED_DEFAULT,
    )
    opportunity_expected_figures = fields.Selection(
        [("follow", "Follow the products"), ("keep", "Keep the salesperson's figures")],
        "Expected Revenue",
        config_parameter=SETTING_PREFIX + "expected_figures",
        default="follow",
    )
    opportunity_won_when_paid = fields.Boolean(
        "Won When Paid Online", config_parameter=SETTING_PREFIX + "won_when_paid"
    )
    opportunity_buy_link_days = fields.Integer(
        "Days to Buy",
        config_parameter=SETTING_PREFIX + "buy_link_days",
        default=BUY_LINK_DAYS,
    )
    opportunity_subscription_invoices = fields.Selection(
        [
            ("draft", "Leave as drafts"),
            ("post", "Post"),
            ("send", "Post and send by email"),
        ],
        "Invoices of Subscriptions",
        config_parameter=SETTING_PREFIX + "subscription_invoices",
        default="post",
    )
    opportunity_subscription_order_cancel = fields.Selection(
        [("cancel", "Are cancelled"), ("ask", "Ask the salesperson")],
        "Subscriptions of Cancelled Orders",
        config_parameter=SETTING_PREFIX + "subscription_order_cancel",
        default="cancel",
    )
    opportunity_subscription_pause = fields.Selection(
        [("shift", "Shifts the dates"), ("keep", "Keeps the dates")],
        "Pause of a Subscription",
        config_parameter=SETTING_PREFIX + "subscription_pause",
        default="shift",
    )
    opportunity_letters_in_file_box = fields.Boolean(
        "Letters in the File Box",
        config_parameter=SETTING_PREFIX + "letters_in_file_box",
    )
    opportunity_no_domestic_country = fields.Boolean(
        "No Country on Domestic Post",
        config_parameter=SETTING_PREFIX + "no_domestic_country",
    )
    opportunity_letters_at_once = fields.Integer(
        "Letters at Once",
        config_parameter=SETTING_PREFIX + "letters_at_once",
        default=LETTERS_AT_ONCE,
    )
    opportunity_track_links = fields.Boolean(
        "Track Links", config_parameter=SETTING_PREFIX + "track_links"
    )
    opportunity_track_opens = fields.Boolean(
        "Track Opens", config_parameter=SETTING_PREFIX + "track_opens"
    )
    opportunity_share_on = fields.Boolean(
        "Share On", config_parameter=SETTING_PREFIX + "share_on"
    )
    opportunity_reassigned_shares = fields.Selection(
        [("keep", "Stay"), ("end", "End")],
        "Shares of Reassigned Opportunities",
        config_parameter=SETTING_PREFIX + "reassigned_shares",
        default="keep",
    )
    opportunity_share_employees = fields.Boolean(
        "Share with All Employees", config_parameter=SETTING_PREFIX + "share_employees"
    )

    @api.model
    def get_values(self):
        values = super().get_values()
        blocked = self.env["opportunity.settings.mixin"]._get_opportunity_setting(
            "file_blocked"
        )
        if blocked == NOTHING_BLOCKED:
            values["opportunity_file_blocked"] = False
        return values

    def set_values(self):
        result = super().set_values()
        if not self.opportunity_file_blocked:
            self.env["ir.config_parameter"].set_param(
                SETTING_PREFIX + "file_blocked", NOTHING_BLOCKED
            )
        self.env["opportunity.share"]._open_to_employees(
            self.opportunity_share_employees
        )
        return result

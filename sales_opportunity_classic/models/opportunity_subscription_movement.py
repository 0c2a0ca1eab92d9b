from odoo import fields, models


class OpportunitySubscriptionMovement(models.Model):
    """By how much the monthly recurring revenue of a subscription changed on a day.

    Written when it happens, at that day's rate and with the salesperson and plan of
    that day; never changed. All movements of a subscription add up to what it brings
    per month now.
    """

    _name = "opportunity.subscription.movement"
    _description = "Movement of Recurring Revenue"
    _inherit = ["opportunity.subscription.part.mixin"]
    _order = "date desc, id desc"
    _rec_name = "subscription_id"

    date = fields.Date(required=True, readonly=True, index=True)
    kind = fields.Selection(
        [
            ("new", "New"),
            ("expansion", "Expansion"),
            ("contraction", "Contraction"),
            ("churn", "Churn"),
            ("reactivation", "Reactivation"),
        ],
        required=True,
        readonly=True,
    )
    amount_currency = fields.Monetary(
        "Change", readonly=True, help="Per month, in the customer's currency."
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    amount = fields.Monetary(
        "Change in Company Currency",
        currency_field="company_currency_id",
        readonly=True,
        help="Per month, at the rate of the day.",
    )
    partner_id = fields.Many2one(
        "res.partner", "Customer", readonly=True, ondelete="restrict"
    )
    plan_id = fields.Many2one(
        "opportunity.subscription.plan", readonly=True, ondelete="restrict"
    )
    user_id = fields.Many2one(
        "res.users", "Salesperson", readonly=True, ondelete="set null"
    )
    team_id = fields.Many2one(
        "crm.team", "Sales Team", readonly=True, ondelete="set null"
    )

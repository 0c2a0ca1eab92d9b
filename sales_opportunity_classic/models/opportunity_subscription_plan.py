from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.recurrence import (
    MONTHS,
    count_contract_bills,
    count_first_year_bills,
    get_bills_value,
    get_monthly_factor,
)
from ..tools.validity import AMOUNT_DIGITS, is_amount

INTERVAL_UNITS = [
    ("day", "Days"),
    ("week", "Weeks"),
    ("month", "Months"),
    ("year", "Years"),
]
# The lowest and the highest that makes sense.
WHOLE_NUMBERS = {
    "interval_count": (1, 1000),
    "cycles": (0, 1000),
    "trial_days": (0, 3650),
    "intro_cycles": (0, 1000),
    "anchor_day": (0, 31),
    "retry_count": (0, 100),
    "retry_days": (1, 365),
}
# What was sold with a plan; the name may change at any time.
TERMS = {*WHOLE_NUMBERS, "interval_unit", "intro_price", "currency_id", "prorate"}
TERMS -= {"retry_count", "retry_days"}


class RecurringValues(NamedTuple):
    """What a subscription is worth, unrounded, in the currency of what it was asked
    of: per month, within 12 months, and in all (12 months where it never ends)."""

    mrr: float
    first_year: float
    contract: float


class OpportunitySubscriptionPlan(models.Model):
    """How what recurs is billed: how often, how long, and how it begins.

    Sales managers define plans, the lines of opportunities and bundles take them. The
    price belongs to the line; the plan knows the introductory one only. A plan that is
    no longer offered is archived.
    """

    _name = "opportunity.subscription.plan"
    _description = "Subscription Plan"
    _inherit = ["opportunity.text.mixin"]
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        index=True,
        help="Leave empty to share the plan between all companies.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        help="The currency of the introductory price.",
    )
    # How often and how long
    interval_count = fields.Integer(
        "Bill Every", required=True, default=1, help="One bill per so many units."
    )
    interval_unit = fields.Selection(
        INTERVAL_UNITS,
        "Unit",
        required=True,
        default="month",
    )
    cycles = fields.Integer(
        "Number of Bills", help="After so many bills it ends; 0 if it never ends."
    )
    recurring_plan_id = fields.Many2one(
        "crm.recurring.plan",
        compute="_compute_recurring_plan_id",
        store=True,
        ondelete="restrict",
        help="The plan of the pipeline's recurring revenue. Billing every few days or "
        "weeks is shown there as a monthly revenue.",
    )
    # How it begins
    trial_days = fields.Integer(
        "Free Trial", help="So many days are free; the first bill comes after them."
    )
    intro_cycles = fields.Integer(
        "Introductory Bills",
        help="So many of the first bills ask the introductory price.",
    )
    intro_price = fields.Float(
        "Introductory Price",
        min_display_digits="Product Price",
        help="Price per unit of the first bills.",
    )
    # What the customer and the engine may do; these are no terms of a sale.
    portal_cancel = fields.Boolean(
        "Customers May Cancel",
        help="Customers cancel it themselves in the portal, for the end of a period.",
    )
    portal_cancel_now = fields.Boolean(
        "Also at Once",
        help="Customers may also cancel it at once; days left are not credited.",
    )
    retry_count = fields.Integer(
        "Retries",
        default=3,
        help="If the saved payment method is refused, so often it is tried again "
        "before the subscription is in arrears.",
    )
    retry_days = fields.Integer(
        "Days between Retries", default=3, help="So many days lie between two tries."
    )
    # On which day
    anchor_day = fields.Integer(
        "Billing Day",
        help="Bill on this day of the month, or on the last day of a shorter month; "
        "0 to bill on the day on which the subscription started.",
    )
    prorate = fields.Boolean(
        "Prorate First Bill",
        default=True,
        help="Until the first billing day, ask for the days used only.",
    )

    # === COMPUTE METHODS === #

    @api.depends("interval_count", "interval_unit")
    def _compute_recurring_plan_id(self):
        by_months = self.grouped(lambda plan: plan._get_whole_months())
        recurring_plans = self._get_recurring_plans(set(by_months))
        for months, plans in by_months.items():
            plans.recurring_plan_id = recurring_plans[months]

    def _get_whole_months(self):
        """Return the months between two bills; 1 for days and weeks."""
        return self.interval_count * MONTHS.get(self.interval_unit, 0) or 1

    @api.model
    def _get_recurring_plans(self, months):
        """Return Odoo's recurring plans by number of months; missing ones are made."""
        # sudo: who defines a plan need not be allowed to define those of the pipeline
        RecurringPlan = self.env["crm.recurring.plan"].sudo()
        found = RecurringPlan.with_context(active_test=False).search(
            [("number_of_months", "in", list(months))], order="active, sequence desc"
        )
        by_months = {plan.number_of_months: plan for plan in found}
        missing = sorted(months - by_months.keys())
        made = RecurringPlan.create(
            [
                {
                    "name": self.env._("Every %s months", number),
                    "number_of_months": number,
                }
                for number in missing
            ]
        )
        return by_months | dict(zip(missing, made, strict=True))

    # === CONSTRAINT METHODS === #

    @api.constrains("cycles", "intro_cycles", "intro_price")
    def _check_introduction(self):
        for plan in self:
            if plan.intro_price and not plan.intro_cycles:
                raise ValidationError(
                    self.env._(
                        "“%s” has an introductory price: say for how many of the first "
                        "bills, or set it to 0.",
                        plan.name,
                    )
                )
            if 0 < plan.cycles < plan.intro_cycles:
                raise ValidationError(
                    self.env._(
                        "“%(plan)s” ends after %(cycles)s bills: it cannot have "
                        "%(intro)s introductory ones.",
                        plan=plan.name,
                        cycles=plan.cycles,
                        intro=plan.intro_cycles,
                    )
                )

    @api.constrains("anchor_day", "interval_unit")
    def _check_anchor_day(self):
        for plan in self:
            if plan.anchor_day and plan.interval_unit not in ("month", "year"):
                raise ValidationError(
                    self.env._(
                        "“%s” has a billing day: bill it every few months or years, or "
                        "set the billing day to 0.",
                        plan.name,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_numbers(vals, vals.get("name"))
        return super().create(vals_list)

    def write(self, vals):
        self._check_numbers(vals, ", ".join(self.mapped("name")))
        if changed := self.filtered(lambda plan: plan._has_other_terms(vals)):
            changed._check_not_sold()
        return super().write(vals)

    @api.model
    def _check_numbers(self, vals, plan_name):
        """Refuse what is no number, or an impossible one, before the ORM converts it
        and the database answers that it is out of range."""
        for name in WHOLE_NUMBERS.keys() & vals.keys():
            lowest, highest = WHOLE_NUMBERS[name]
            number = vals[name] or 0
            if not isinstance(number, int) or not lowest <= number <= highest:
                self._refuse_number(vals, plan_name, name, lowest, highest)
        price = vals.get("intro_price")
        if not is_amount(price) or (price or 0) < 0:
            self._refuse_number(
                vals, plan_name, "intro_price", 0, 10**AMOUNT_DIGITS - 1
            )

    @api.model
    def _refuse_number(self, vals, plan_name, name, lowest, highest):
        raise ValidationError(
            self.env._(
                "“%(field)s” of the plan “%(plan)s” must be a number from %(lowest)s "
                "to %(highest)s, not “%(value)s”.",
                field=self._fields[name]._description_string(self.env),
                plan=plan_name,
                lowest=lowest,
                highest=highest,
                value=vals[name],
            )
        )

    def _has_other_terms(self, vals):
        return any(
            self._fields[name].convert_to_cache(vals[name], self)
            != self._fields[name].convert_to_cache(self[name], self)
            for name in vals.keys() & TERMS
        )

    def _check_not_sold(self):
        """Refuse other terms for what was sold: closed deals keep their figures."""
        # sudo: what the user may not see was sold as well
        env = self.sudo().env
        ordered = env["sale.order.line"].search(
            [("opportunity_plan_id", "in", self.ids), ("state", "=", "sale")], limit=1
        )
        closed = env["opportunity.line"].search(
            [("plan_id", "in", self.ids), ("lead_id.won_status", "!=", "pending")],
            limit=1,
        )
        sold = ordered.opportunity_plan_id + closed.plan_id
        if sold:
            raise UserError(
                self.env._(
                    "“%s” is on closed opportunities or orders, which keep its terms. "
                    "Archive it and create another plan.",
                    sold[0].name,
                )
            )

    # === BUSINESS METHODS === #

    def _get_monthly_factor(self):
        """Return by what the price of a period is multiplied to be that of a month."""
        self.ensure_one()
        return get_monthly_factor(self.interval_unit, self.interval_count)

    def _get_values(self, regular, intro):
        """Return the RecurringValues of a plan whose periods ask ``regular``, the
        introductory ones ``intro``."""
        self.ensure_one()
        terms = (self.interval_unit, self.interval_count, self.cycles, self.trial_days)
        return RecurringValues(
            regular * self._get_monthly_factor(),
            *(
                get_bills_value(bills, regular, intro, self.intro_cycles)
                for bills in (
                    count_first_year_bills(*terms),
                    count_contract_bills(*terms),
                )
            ),
        )

    def _get_intro_price(self, currency):
        """Return the introductory price per unit in ``currency``, at today's rate."""
        self.ensure_one()
        if currency == self.currency_id:
            return self.intro_price
        company = self.company_id or self.env.company
        return self.currency_id._convert(self.intro_price, currency, company)

    def _get_first_price(self, price, currency):
        """Return what the first bill asks per unit; with a trial that is nothing."""
        if self.trial_days:
            return 0.0
        return self._get_intro_price(currency) if self.intro_cycles else price

    # === DESCRIPTION === #

    def _get_description(self, price, currency):
        """Return how ``price`` recurs in one line of text, such as "20.00 $ / month, 12
        times, first 14 days free, first 3 at 10.00 $"."""
        self.ensure_one()
        parts = (
            self._describe_interval(currency.format(price)),
            self._describe_cycles(),
            self._describe_trial(),
            self._describe_introduction(currency),
        )
        return ", ".join(filter(None, parts))

    def _describe_interval(self, price):
        env, count = self.env, self.interval_count
        texts = {
            "day": (
                env._("%(price)s / day", price=price),
                env._("%(price)s every %(count)s days", price=price, count=count),
            ),
            "week": (
                env._("%(price)s / week", price=price),
                env._("%(price)s every %(count)s weeks", price=price, count=count),
            ),
            "month": (
                env._("%(price)s / month", price=price),
                env._("%(price)s every %(count)s months", price=price, count=count),
            ),
            "year": (
                env._("%(price)s / year", price=price),
                env._("%(price)s every %(count)s years", price=price, count=count),
            ),
        }
        return texts[self.interval_unit][count > 1]

    def _describe_cycles(self):
        if self.cycles == 1:
            return self.env._("once")
        return self.cycles and self.env._("%s times", self.cycles)

    def _describe_trial(self):
        if self.trial_days == 1:
            return self.env._("first day free")
        return self.trial_days and self.env._("first %s days free", self.trial_days)

    def _describe_introduction(self, currency):
        price = currency.format(self._get_intro_price(currency))
        if self.intro_cycles == 1:
            return self.env._("first one at %s", price)
        return self.intro_cycles and self.env._(
            "first %(count)s at %(price)s", count=self.intro_cycles, price=price
        )

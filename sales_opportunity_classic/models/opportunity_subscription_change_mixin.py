from odoo import fields, models
from odoo.exceptions import UserError


class OpportunitySubscriptionChangeMixin(models.AbstractModel):
    """How a subscription gets another plan, other quantities or prices."""

    _name = "opportunity.subscription.change.mixin"
    _description = "Change of a Subscription"

    # === ACTION METHODS === #

    def action_change(self):
        """Return the dialog for another plan, other quantities or prices."""
        self.ensure_one()
        self.check_access("write")
        return self._get_dialog("opportunity.subscription.change")

    def action_open_cancel(self):
        """Return the dialog that asks when to cancel, and why."""
        self.check_access("write")
        return self._get_dialog("opportunity.subscription.cancel")

    # === BUSINESS METHODS === #

    def _get_dialog(self, model):
        return {
            "type": "ir.actions.act_window",
            "name": self.env[model]._description,
            "res_model": model,
            "views": [(False, "form")],
            "target": "new",
            "context": {"active_ids": self.ids, "active_id": self.id or False},
        }

    def _change_plan(self, plan, values, now=False):
        """Go on with another plan.

        :param values: dict of line to its new values
        :param now: begin a new period today, which credits what is left of the present
            one; otherwise with the next period. A trial is never cut short, and what
            begins later is not left before.
        """
        self.ensure_one()
        today = fields.Date.context_today(self)
        self._bring_up_to_date(today)
        is_begun = self.state in ("active", "in_arrears") and self.date_start <= today
        if now := now and is_begun:
            self._check_not_parked()
            self._credit_unused(today)
        self._change_lines(values)
        self._take_plan(plan, today if now else self._get_next_period().start)

    def _bring_up_to_date(self, today):
        """Bill what began by now as it was sold; refuse to change what is over."""
        self._catch_up(today)
        self._check_not_over()

    def _check_not_parked(self):
        if self.is_parked:
            raise UserError(
                self.env._(
                    "“%s” could not be billed: solve the problem first, or change it "
                    "with the next period.",
                    self.name,
                )
            )

    def _change_lines(self, values):
        """Change quantities or prices from the next period on, and note it."""
        before = self._describe_lines()
        for line, vals in values.items():
            line.write(vals)
            line._check_plausible()
        after = self._describe_lines()
        if before != after:
            self._message_log(body=f"{before} → {after}")

    def _describe_lines(self):
        return ", ".join(
            f"{line.quantity:g} x {line.product_id.name}: "
            f"{self.currency_id.format(line.price_unit)}"
            for line in self._get_recurring_lines()
        )

    def _take_plan(self, plan, start):
        """Count the periods of a plan from ``start`` on; who is a customer gets neither
        its trial nor its introduction."""
        is_paused = self.state == "paused"
        self.write(
            {
                "plan_id": plan.id,
                "interval_count": plan.interval_count,
                "interval_unit": plan.interval_unit,
                "anchor_day": plan.anchor_day,
                "prorate": plan.prorate,
                "intro_cycles": 0,
                "cycles_total": plan.cycles and self.cycles_done + plan.cycles,
                "date_anchor": start,
                "next_index": 0,
                "date_due": False if is_paused else start,
            }
        )
        self._trigger_billing()

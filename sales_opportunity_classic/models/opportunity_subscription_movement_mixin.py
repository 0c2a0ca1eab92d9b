from odoo import api, fields, models

# What is written may change what it brings per month.
MOVING = {"state", "line_ids", "interval_unit", "interval_count"}
EARNING = ("active", "in_arrears")
# Several writes that make one movement; the value is one that no client can send.
TOGETHER = "opportunity_movement_together"
LATER = object()


class OpportunitySubscriptionMovementMixin(models.AbstractModel):
    """Keeps the movements of the monthly recurring revenue.

    Whatever changes it ends in ``_note_movements``, which compares what a subscription
    brings now with what its movements add up to. A free trial and a pause bring
    nothing.
    """

    _name = "opportunity.subscription.movement.mixin"
    _description = "Movements of a Subscription"

    movement_ids = fields.One2many(
        "opportunity.subscription.movement",
        "subscription_id",
        "MRR Movements",
        readonly=True,
        groups="base.group_user",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        model = super(OpportunitySubscriptionMovementMixin, self._together())
        # it brings something once it has begun
        return model.create(vals_list).with_env(self.env)

    def write(self, vals):
        if not vals.keys() & MOVING:
            return super().write(vals)
        days = {row: row._get_movement_day(vals) for row in self}
        records = super(OpportunitySubscriptionMovementMixin, self._together())
        result = records.write(vals)
        if "date_start" not in vals:
            self._note_movements(days)
        return result

    # === BUSINESS METHODS === #

    def _together(self):
        return self.with_context(**{TOGETHER: LATER})

    def _begin(self):
        records = super(OpportunitySubscriptionMovementMixin, self._together())
        result = records._begin()
        self._note_movements({self: self.date_start})
        return result

    def _change_plan(self, plan, values, now=False):
        together = self._together()
        records = super(OpportunitySubscriptionMovementMixin, together)
        values = {line.with_env(together.env): vals for line, vals in values.items()}
        result = records._change_plan(plan, values, now)
        self._note_movements()
        return result

    def _change_lines(self, values):
        together = self._together()
        records = super(OpportunitySubscriptionMovementMixin, together)
        values = {line.with_env(together.env): vals for line, vals in values.items()}
        result = records._change_lines(values)
        self._note_movements()
        return result

    def _get_movement_day(self, vals):
        """Return the first day of what is about to be written, if it is not today: runs
        that are late write what was due before."""
        if vals.get("date_end"):
            return fields.Date.add(fields.Date.to_date(vals["date_end"]), days=1)
        return self.date_due if self.state == "trial" else None

    @api.model
    def _note_earlier(self):
        """Note what those bring that are older than the movements, since their first
        bill. What was over by then counts nowhere."""
        earlier = self._get_engine().search(
            [("state", "in", EARNING), ("movement_ids", "=", False)]
        )
        earlier._note_movements(
            {
                row: row.period_ids.filtered("number")[:1].date_start or row.date_start
                for row in earlier
            }
        )

    def _note_movements(self, days=None):
        """Write down what each brings more or less per month than noted so far.

        :param days: dict of subscription to the day since when; never a later one than
            today, which it is by default
        """
        if self.env.context.get(TOGETHER) is LATER:
            return
        # sudo: movements are facts, which nobody writes by hand
        records = self.sudo()
        Movement = records.env["opportunity.subscription.movement"]
        noted = {
            subscription.id: (total, count)
            for subscription, total, count in Movement._read_group(
                [("subscription_id", "in", self.ids)],
                ["subscription_id"],
                ["amount_currency:sum", "__count"],
            )
        }
        today = fields.Date.context_today(self)
        values = [
            row._prepare_movement(
                *noted.get(row.id, (0.0, 0)),
                min(today, (days or {}).get(row) or today),
            )
            for row in records
        ]
        Movement.create([vals for vals in values if vals])

    def _prepare_movement(self, before, count, day):
        """Return the values of the movement from ``before``, if there is one."""
        now = self.mrr if self.state in EARNING else 0.0
        change = self.currency_id.round(now - before)
        if self.currency_id.is_zero(change):
            return None
        company = self.company_id
        return {
            "subscription_id": self.id,
            "date": day,
            "kind": self._get_movement_kind(before, now, count),
            "amount_currency": change,
            "amount": self.currency_id._convert(
                change, company.currency_id, company, day
            ),
            "partner_id": self.partner_id.id,
            "plan_id": self.plan_id.id,
            "user_id": self.user_id.id,
            "team_id": self.team_id.id,
        }

    def _get_movement_kind(self, before, now, count):
        if self.currency_id.is_zero(now):
            return "churn"
        if self.currency_id.is_zero(before):
            return "reactivation" if count else "new"
        return "expansion" if now > before else "contraction"

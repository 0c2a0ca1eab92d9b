from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.fields import Command

from .common import OrderCommon


class SubscriptionCommon(OrderCommon):
    """Orders of services with plans, and a scheduled action that runs on any day.

    * ``support`` at 30.00 per unit, without taxes, is what is sold by default
    * ``accountant`` and ``user_sales_manager`` may change subscriptions
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Subscription = cls.env["opportunity.subscription"]
        cls.Plan = cls.env["opportunity.subscription.plan"]
        cls.support = cls.env["product.product"].create(
            {
                "name": "Support",
                "type": "service",
                "invoice_policy": "order",
                "list_price": 30.0,
                "taxes_id": [Command.clear()],
            }
        )
        cls.monthly = cls.Plan.create({"name": "Monthly"})

    @classmethod
    def _create_plan(cls, **values):
        return cls.Plan.create({"name": "Plan", **values})

    def _sell(self, plan=None, day=None, confirm=True, lines=None, **values):
        """Return an order with a plan, by default of one unit of support, confirmed on
        ``day`` by its salesperson."""
        plan = plan or self.monthly
        lines = lines or [{}]
        with freeze_time(day or date(2026, 1, 15)):
            order = self._create_order(
                confirm=False,
                order_line=[
                    Command.create(
                        {
                            "product_id": self.support.id,
                            "opportunity_plan_id": plan.id,
                            **line,
                        }
                    )
                    for line in lines
                ],
                **values,
            )
            if confirm:
                order.with_user(order.user_id).action_confirm()
        return order

    def _subscribe(self, plan=None, day=None, **values):
        return self._sell(plan, day, **values).subscription_ids

    def _run(self, day, until=None, limit=None):
        """Run the scheduled action on a day, or on each day of some time."""
        until = until or day
        while day <= until:
            with (
                freeze_time(day),
                patch.object(
                    self.registry["ir.cron"],
                    "_commit_progress",
                    lambda *args, **kwargs: (self.env.flush_all(), 1.0)[1],
                ),
            ):
                self.Subscription._cron_bill_due(limit)
            day += timedelta(days=1)

    def _get_bills(self, subscriptions):
        """Return dates and amounts of the invoices, the oldest first."""
        return [
            (f"{move.invoice_date:%m-%d}", move.amount_untaxed_in_currency_signed)
            for move in subscriptions.invoice_ids.sorted("invoice_date")
        ]

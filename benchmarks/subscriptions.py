"""Billing what is due, against Odoo making and posting as many like invoices."""

import datetime

from odoo.tools import SQL

from .figures import Line, interleave, line, median
from .measure import environment, timed
from .setting import SUPERUSER

BILLING_GOAL = 1.1
DUE = 1000
BATCH = 100
ROUNDS = 3
ROUNDS_OF_PICKING = 21
MILLION = 1_000_000
# What may pass until due work is picked, in milliseconds.
PICKING_GOAL = 1.0
PRICE = 30.0
MANY = """
    INSERT INTO opportunity_subscription (
           name, order_id, partner_id, company_id, currency_id, state, plan_id,
           sold_plan_id, interval_count, interval_unit, date_start, date_anchor,
           date_due, cycles_total, cycles_done)
    SELECT 'Many', %s + n, partner_id, company_id, currency_id, 'active', plan_id,
           sold_plan_id, 1, 'month', date_start, date_anchor,
           date_due + 1 + (n %% 365), 0, 1
      FROM opportunity_subscription AS one, generate_series(1, %s) AS n
     WHERE one.id = %s
"""

FOREIGN_KEYS = """
    SELECT conname FROM pg_constraint
     WHERE conrelid = 'opportunity_subscription'::regclass AND contype = 'f'
"""


def billing_1000(setting):
    """A thousand due subscriptions against a thousand invoices by core, in batches."""

    def ours(_number):
        with environment(setting.ours, SUPERUSER) as env:
            sell(env, prepare(env), DUE)
            env.flush_all()
            env.invalidate_all()
            return timed(env.cr, lambda: bill(env))

    def peer(_number):
        with environment(setting.core, SUPERUSER) as env:
            values = [make_invoice(*prepare(env)) for _ in range(1)] * DUE
            env.flush_all()
            env.invalidate_all()
            return timed(env.cr, lambda: invoice(env, values))

    samples = interleave(ROUNDS, warm_up=1, ours=ours, peer=peer)
    return [line("billing_1000", samples, BILLING_GOAL)]


def due_1000000(setting):
    """Picking a batch of due work among a million subscriptions."""
    with environment(setting.ours, SUPERUSER) as env:
        make_million(env)
        engine = env["opportunity.subscription"]._get_engine()
        today = datetime.date.today()

        def ours(_number):
            return timed(env.cr, lambda: engine._take_due(today, BATCH))

        samples = interleave(ROUNDS_OF_PICKING, ours=ours)["ours"]
    took = median(samples) * 1000
    queries = str(samples[0].queries)
    ratio = took / PICKING_GOAL
    return [Line("due_1000000", ratio, took, None, PICKING_GOAL, queries, 1.0)]


def prepare(env):
    """A company with accounts, a customer and a service."""
    company = env.company
    if not company.chart_template:
        env["account.chart.template"].try_loading("generic_coa", company, False)
    partner = env["res.partner"].create({"name": "Subscriber"})
    product = env["product.product"].create(
        {
            "name": "Support",
            "type": "service",
            "list_price": PRICE,
            "taxes_id": [(6, 0, company.account_sale_tax_id.ids)],
        }
    )
    return partner, product


def sell(env, prepared, count):
    """Orders of a monthly plan whose second bill is due today."""
    partner, product = prepared
    plan = env["opportunity.subscription.plan"].create({"name": "Monthly"})
    today = datetime.date.today()
    values = {
        "partner_id": partner.id,
        "subscription_date_start": today - datetime.timedelta(days=31),
        "order_line": [(0, 0, {"product_id": product.id, **of_plan(plan)})],
    }
    orders = env["sale.order"].create([values for _ in range(count)])
    orders.action_confirm()
    return orders.subscription_ids


def of_plan(plan):
    return {"opportunity_plan_id": plan.id, "product_uom_qty": 1.0}


def bill(env):
    """What the scheduled action does, but for the commits."""
    engine = env["opportunity.subscription"]._get_engine()
    while due := engine._take_due(datetime.date.today(), BATCH):
        due._bill()
        env.flush_all()
        env.invalidate_all()


def make_invoice(partner, product):
    """The values of an invoice, as an importer writes it."""
    return {
        "move_type": "out_invoice",
        "partner_id": partner.id,
        "invoice_date": datetime.date.today(),
        "invoice_line_ids": [
            (
                0,
                0,
                {
                    "product_id": product.id,
                    "name": "Support\nthis month",
                    "quantity": 1.0,
                    "price_unit": PRICE,
                },
            )
        ],
    }


def invoice(env, values):
    """Invoices made and posted by core, in batches."""
    moves = env["account.move"]
    for start in range(0, len(values), BATCH):
        moves.create(values[start : start + BATCH]).action_post()
        env.flush_all()
        env.invalidate_all()


def make_million(env):
    """A million subscriptions, a batch of which is due."""
    (first, *_rest) = sell(env, prepare(env), BATCH)
    env.flush_all()
    # The rows are no orders' own: nothing here reads what they belong to.
    env.cr.execute(FOREIGN_KEYS)
    for (name,) in env.cr.fetchall():
        env.cr.execute(
            SQL(
                "ALTER TABLE opportunity_subscription DROP CONSTRAINT %s",
                SQL.identifier(name),
            )
        )
    env.cr.execute(MANY, [MILLION, MILLION, first.id])
    env.cr.execute("ANALYZE opportunity_subscription")

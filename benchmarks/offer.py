"""Ordering the products of an opportunity, and asking for their prices again."""

from .figures import interleave, line
from .measure import environment, timed

ORDER_GOAL = 1.1
PRICES_GOAL = 1.0
LINES = 100
DEALS = 500
ROUNDS = 11
FEW_ROUNDS = 3
BARE_PRICES = """
    UPDATE opportunity_line AS line
       SET list_price = template.list_price, price_unit = template.list_price,
           price_subtotal = template.list_price, price_total = template.list_price
      FROM product_product AS product
      JOIN product_template AS template ON template.id = product.product_tmpl_id
     WHERE product.id = line.product_id AND line.lead_id = ANY(%s)
"""


def order_100(setting):
    """An order of a hundred products against the same order by Odoo's ORM."""

    def ours(_number):
        with environment(setting.ours, setting.uid) as env:
            lead = make_lead(env, make_products(env, LINES))
            renew(env)
            return timed(env.cr, lambda: flush(env, lead._create_order()))

    def peer(_number):
        with environment(setting.core, setting.uid) as env:
            values = make_order(env, make_products(env, LINES))
            renew(env)
            orders = env["sale.order"]
            return timed(env.cr, lambda: flush(env, orders.create(values)))

    return [line("order_100", interleave(ROUNDS, ours=ours, peer=peer), ORDER_GOAL)]


def prices_500(setting):
    """New prices on 500 opportunities of a product against 500 quotations of it."""

    def ours(_number):
        with environment(setting.ours, setting.uid) as env:
            product = make_products(env, 1)
            leads = make_deals(env, product)
            raise_price(env, product)
            return timed(env.cr, lambda: flush(env, leads.action_update_prices()))

    def peer(_number):
        with environment(setting.core, setting.uid) as env:
            product = make_products(env, 1)
            values = make_order(env, product)
            orders = env["sale.order"].create([values for _ in range(DEALS)])
            raise_price(env, product)
            return timed(env.cr, lambda: flush(env, update_orders(orders)))

    def floor(_number):
        with environment(setting.ours, setting.uid) as env:
            product = make_products(env, 1)
            leads = make_deals(env, product).ids
            raise_price(env, product)
            return timed(env.cr, lambda: env.cr.execute(BARE_PRICES, [leads]))

    sides = {"ours": ours, "peer": peer, "floor": floor}
    return [line("prices_500", interleave(FEW_ROUNDS, **sides), PRICES_GOAL)]


def make_products(env, count):
    """As many products for a hundred each."""
    # sudo: salespeople make no products
    products = env["product.product"].sudo()
    values = [{"name": f"Product {n}", "list_price": 100.0} for n in range(count)]
    return products.create(values).sudo(False)


def make_lead(env, products):
    """An opportunity with a line of each product."""
    lead = env["crm.lead"].create(
        {
            "name": "Everything",
            "type": "opportunity",
            "partner_id": env.user.partner_id.id,
        }
    )
    env["opportunity.line"].create(
        [{"lead_id": lead.id, "product_id": product.id} for product in products]
    )
    return lead


def make_deals(env, product):
    """Many opportunities with the same product."""
    leads = env["crm.lead"].create([{"name": f"Deal {n}"} for n in range(DEALS)])
    env["opportunity.line"].create(
        [{"lead_id": lead.id, "product_id": product.id} for lead in leads]
    )
    return leads


def make_order(env, products):
    """The values of an order with a line of each product, as an importer writes it."""
    return {
        "partner_id": env.user.partner_id.id,
        "order_line": [
            (0, 0, {"product_id": product.id, "product_uom_qty": 1.0})
            for product in products
        ],
    }


def raise_price(env, product):
    """The product becomes dearer; nothing is in memory afterwards."""
    # sudo: nor do they price them
    product.sudo().list_price = 120.0
    renew(env)


def update_orders(orders):
    """What Odoo's own button does, for each order as it asks for."""
    for order in orders:
        order.action_update_prices()


def renew(env):
    """Write everything and forget it, as between two requests."""
    env.flush_all()
    env.invalidate_all()


def flush(env, _result):
    """Write what a call left to be written."""
    env.flush_all()

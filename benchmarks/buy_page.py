"""The Buy Now page beside Odoo's own page of a quotation, both as a visitor gets them.

Odoo's page notes the first view of each visitor, ours nothing. Both kinds of views of
it are measured, and the one that takes less time is the peer.
"""

import contextlib
import re

from odoo import api
from odoo.fields import Command
from odoo.sql_db import Cursor

from .figures import interleave, line, median
from .measure import environment, timed
from .offer import make_products
from .setting import SUPERUSER
from .web import Visitor

GOAL = 1.2
ROUNDS = 31
LINES = 10
OPTIONS = 2
LAST = f"Product {LINES - 1}"
PLAN = "sales_opportunity_classic.opportunity_subscription_plan_monthly"
PROVIDER = {"name": "Bank", "code": "none", "state": "test", "is_published": True}
CHANGE = re.compile(r"^\s*(INSERT|UPDATE|DELETE)\b", re.I)
BARE_LINES = """
    SELECT line.name, line.quantity, line.product_uom_id, line.price_unit,
           line.discount, line.price_subtotal, line.price_total, line.is_optional,
           line.plan_id
      FROM opportunity_buy_link AS link
      JOIN opportunity_line AS line ON line.lead_id = link.lead_id
     WHERE link.id = %s
     ORDER BY line.sequence, line.id
"""


def buy_page(setting):
    """An offer of ten products, two of them optional and one with a plan, against
    Odoo's page of a quotation for all ten."""
    with (
        kept(setting.ours, lambda env: make_offer(env, setting.uid)) as link,
        kept(setting.core, lambda env: make_quotation(env, setting.uid)) as order,
    ):
        samples = race(setting, link, order)
    first, again = samples.pop("first"), samples.pop("again")
    return [line("buy_page", {**samples, "peer": min(first, again, key=median)}, GOAL)]


def race(setting, link, order):
    """The samples of our page, of Odoo's to new visitors and to one who comes again,
    and of the bare SQL for our lines."""
    link_id, ours = link
    _order_id, peer = order
    visitor, known = Visitor(setting.ours), Visitor(setting.core)
    known.open(peer, LAST)

    def floor(_number):
        with environment(setting.ours, SUPERUSER) as env:
            return timed(env.cr, lambda: env.cr.execute(BARE_LINES, [link_id]))

    # The styles and scripts of the page are put together once in a database.
    visitor.open(ours, LAST)
    return interleave(
        ROUNDS,
        ours=lambda _number: open_unchanged(visitor, ours),
        first=lambda _number: Visitor(setting.core).open(peer, LAST),
        again=lambda _number: known.open(peer, LAST),
        floor=floor,
    )


def open_unchanged(visitor, path):
    """The sample of a page that must not change anything."""
    with noted_statements() as statements:
        sample = visitor.open(path, LAST)
    if changes := [text for text in statements if CHANGE.search(text)]:
        raise AssertionError(f"{path} changes something: {changes}")
    return sample


@contextlib.contextmanager
def noted_statements():
    """The statements of all cursors while the block runs."""
    statements, execute = [], Cursor.execute

    def note(cursor, query, *args, **kwargs):
        statements.append(str(query))
        return execute(cursor, query, *args, **kwargs)

    Cursor.execute = note
    try:
        yield statements
    finally:
        Cursor.execute = execute


# === DATA === #


@contextlib.contextmanager
def kept(registry, make):
    """What is made for the block, (id, address): requests see it, and it goes again.

    `make` gets an environment; it returns these two and the records in the order in
    which they have to go.
    """
    with registry.cursor() as cr:
        record_id, path, made = make(api.Environment(cr, SUPERUSER, {}))
        rows = [(records._name, records.ids) for records in made]
    try:
        yield record_id, path
    finally:
        with registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER, {})
            for model, ids in rows:
                remove(env[model].browse(ids))


def remove(records):
    """Delete records; Odoo keeps a quotation that was sent unless it is cancelled."""
    if records._name == "sale.order":
        records._action_cancel()
    records.unlink()


def make_offer(env, uid):
    """An opportunity with lines and a Buy Now link."""
    products, *others = make_shop(env)
    lead = env["crm.lead"].create(
        {
            "name": "Ten products",
            "type": "opportunity",
            "user_id": uid,
            "partner_id": find_customer(env).id,
        }
    )
    lines = env["opportunity.line"].create(
        [{"lead_id": lead.id, "product_id": product.id} for product in products]
    )
    lines[-OPTIONS:].is_optional = True
    lines[0].plan_id = env.ref(PLAN)
    link = env["opportunity.buy.link"].create({"lead_id": lead.id})
    return link.id, link._get_path(), [lead, products, *others]


def make_quotation(env, uid):
    """A quotation of the same products that is paid online, as our page makes it."""
    products, *others = make_shop(env)
    order = env["sale.order"].create(
        {
            "user_id": uid,
            "partner_id": find_customer(env).id,
            "order_line": [
                Command.create({"product_id": product.id}) for product in products
            ],
            "state": "sent",
            "require_signature": False,
            "require_payment": True,
            "prepayment_percent": 1.0,
        }
    )
    return order.id, order.get_portal_url(), [order, products, *others]


def make_shop(env):
    """Products with a tax, the tax, and a provider that takes money for them."""
    group = env["account.tax.group"].create({"name": "Tax"})
    country = env.company.account_fiscal_country_id or env.ref("base.us")
    tax = env["account.tax"].create(
        {
            "name": "10 %",
            "amount": 10,
            "tax_group_id": group.id,
            "country_id": country.id,
        }
    )
    products = make_products(env, LINES)
    products.taxes_id = tax
    method = env.ref("payment.payment_method_unknown").copy({"active": True})
    provider = env["payment.provider"].create(
        {**PROVIDER, "payment_method_ids": [Command.set(method.ids)]}
    )
    return products, tax, group, provider, method


def find_customer(env):
    """One of the companies that buy."""
    return env["res.partner"].search([("name", "=", "Customer 0")])

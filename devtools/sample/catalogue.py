"""Who buys and what is sold: accounts and products."""

from odoo.fields import Command

# Where the file's name of a country is not Odoo's.
COUNTRY_CODES = {"Korea": "KR"}


def load_accounts(env, accounts):
    """Create a company for each account; return them by name."""
    sectors = named_records(env["res.partner.category"], [a.sector for a in accounts])
    values = [prepare_account(env, account, sectors) for account in accounts]
    partners = env["res.partner"].create(values)
    by_name = {partner.name: partner for partner in partners}
    for account in accounts:
        if account.parent:
            by_name[account.name].parent_id = by_name[account.parent]
    return by_name


def prepare_account(env, account, sectors):
    """The values of the company behind an account."""
    figures = (
        f"Founded in {account.founded}, {account.employees} employees, "
        f"{account.revenue} million USD revenue"
    )
    return {
        "name": account.name,
        "is_company": True,
        "category_id": [Command.set(sectors[account.sector].ids)],
        "country_id": find_country(env, account.country).id,
        "comment": figures,
    }


def find_country(env, name):
    """The country of that name; an unknown one is an error."""
    if code := COUNTRY_CODES.get(name):
        return env.ref(f"base.{code.lower()}")
    country = env["res.country"].search([("name", "=", name)])
    if not country:
        raise ValueError(f"There is no country {name!r}.")
    return country


def load_products(env, products):
    """Create the products, each in the category of its series."""
    series = named_records(env["product.category"], [p.series for p in products])
    values = [
        {
            "name": product.name,
            "list_price": product.price,
            "categ_id": series[product.series].id,
        }
        for product in products
    ]
    return env["product.product"].create(values)


def named_records(model, names):
    """Create a record for each distinct name; return them by name."""
    names = sorted(set(names))
    records = model.create([{"name": name} for name in names])
    return dict(zip(names, records, strict=True))

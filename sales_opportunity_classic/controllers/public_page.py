"""What the public pages have in common."""

from odoo.http import request

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
# Everybody gets the page in the customer's language, at the one address.
ROUTE = {"auth": "public", "website": True, "multilang": False, "sitemap": False}


def finish(response):
    """Return the response as one that nobody keeps, indexes or refers to."""
    response.headers.update(HEADERS)
    return response


def render(template, values=None, **kwargs):
    """Return the page of a template of this addon."""
    template = f"sales_opportunity_classic.{template}"
    return finish(request.render(template, values, **kwargs))

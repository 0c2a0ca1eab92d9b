from odoo import fields, http
from odoo.http import request

from .public_page import ROUTE, finish, render

PATH = "/opportunity/buy/<any_text:token>"


class BuyLink(http.Controller):
    """The public page of a Buy Now link.

    Fetching it changes nothing, whoever or whatever does so. What is posted carries
    Odoo's CSRF token, and says no more than which options are ticked on which offer.
    Every token that opens nothing gets the same answer.
    """

    @http.route(PATH, type="http", methods=["GET"], readonly=True, **ROUTE)
    def show(self, token, **kwargs):
        """Show the offer, with the options ticked that the address names."""
        link = self._find_link(token)
        if not link:
            return self._not_found()
        return self._render(link._get_page(self._get_ticked()))

    @http.route(PATH, type="http", methods=["POST"], **ROUTE)
    def buy(self, token, revision="", **kwargs):
        """Make the quotation and go to its payment; where the offer is no longer the
        one that was shown, or cannot be bought, show that instead."""
        link = self._find_link(token)
        if not link:
            return self._not_found()
        if order := link._get_order_under_way():
            return self._go_to(order)
        page = link._get_page(self._get_ticked())
        if page["refusal"]:
            return self._render(page, status=409)
        if page["revision"] != revision:
            return self._render({**page, "is_changed": True})
        return self._go_to(link._buy(page))

    @http.route("/opportunity/buy/opened", type="http", methods=["POST"], **ROUTE)
    def count_opening(self, token="", **kwargs):
        """Count a visitor who looks at the page, once per session and day. Employees
        who look at their own offer do not count."""
        link = self._find_link(token)
        if not link:
            return self._not_found()
        today, key = fields.Date.today().isoformat(), f"buy_link_{link.id}"
        if request.env.user.share and request.session.get(key) != today:
            request.session[key] = today
            link._count_opening()
        return finish(request.make_response("", status=204))

    def _find_link(self, token):
        link = request.env["opportunity.buy.link"]._find_active(token)
        if link:
            link = link._for_customer()
            request.update_context(lang=link.env.lang)
        return link

    def _get_ticked(self):
        return frozenset(request.httprequest.values.getlist("option"))

    def _render(self, page, **kwargs):
        values = {"res_company": page["company"], "is_changed": False, **page}
        return render("buy_link_page", values, **kwargs)

    def _not_found(self):
        return render("buy_link_not_found", status=404)

    def _go_to(self, order):
        return finish(request.redirect(order.get_portal_url(), code=303))

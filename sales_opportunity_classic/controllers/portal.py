from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..tools.record_ids import read_id

URL = "/my/subscriptions"


class SubscriptionPortal(CustomerPortal):
    """The subscriptions of a customer in the portal.

    Who may read one sees it, with its token also who may not. Whatever opens nothing
    leads to the start of the portal.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "subscription_count" in counters:
            values["subscription_count"] = self._count_subscriptions()
        return values

    @http.route([URL, f"{URL}/page/<int:page>"], type="http", auth="user", website=True)
    def portal_my_subscriptions(self, page=1, sortby=None, filterby=None, **kwargs):
        """List the customer's subscriptions."""
        sortings, filters = (
            self._get_subscription_sortings(),
            self._get_subscription_filters(),
        )
        sortby = sortby if sortby in sortings else "next"
        filterby = filterby if filterby in filters else "all"
        values = self._prepare_subscriptions(
            page,
            filters[filterby]["domain"],
            sortings[sortby]["order"],
            {"sortby": sortby, "filterby": filterby},
        )
        return request.render(
            "sales_opportunity_classic.portal_my_subscriptions",
            {
                **values,
                "searchbar_sortings": sortings,
                "searchbar_filters": filters,
            },
        )

    @http.route(
        f"{URL}/<int:subscription_id>", type="http", auth="public", website=True
    )
    def portal_subscription(self, subscription_id, access_token=None, **kwargs):
        """Show a subscription."""
        subscription = self._find_subscription(subscription_id, access_token)
        if not subscription:
            return request.redirect("/my")
        values = {"page_name": "subscription", "subscription": subscription}
        return request.render(
            "sales_opportunity_classic.portal_subscription",
            self._get_page_view_values(
                subscription,
                access_token,
                {**values, "is_refused": kwargs.get("message") == "refused"},
                "my_subscriptions_history",
                False,
            ),
        )

    @http.route(
        f"{URL}/<int:subscription_id>/cancel",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def portal_subscription_cancel(
        self, subscription_id, access_token=None, reason="", when="end", **kwargs
    ):
        """Cancel a subscription where its plan lets customers do so."""
        subscription = self._find_subscription(subscription_id, access_token)
        if not subscription:
            return request.redirect("/my")
        user = request.env.user
        customer = subscription.partner_id if user._is_public() else user.partner_id
        try:
            subscription._cancel_by_customer(customer, reason, when)
        except UserError:
            refused = subscription.get_portal_url(query_string="&message=refused")
            return request.redirect(refused)
        return request.redirect(subscription.get_portal_url())

    # What is shown

    def _prepare_subscriptions(self, page, domain, order, options):
        Subscription = request.env["opportunity.subscription"]
        domain = self._get_subscription_domain() + domain
        pager = portal_pager(
            url=URL,
            url_args=options,
            total=self._count_subscriptions(domain),
            page=page,
            step=self._items_per_page,
        )
        found = Subscription
        if Subscription.has_access("read"):
            found = Subscription.search(
                domain, pager["offset"], self._items_per_page, order
            )
        request.session["my_subscriptions_history"] = found.ids[:100]
        return {
            **self._prepare_portal_layout_values(),
            **options,
            "page_name": "subscription",
            "default_url": URL,
            "pager": pager,
            # sudo: plans and opportunities are not the customer's to read
            "subscriptions": found.sudo(),
        }

    def _count_subscriptions(self, domain=None):
        Subscription = request.env["opportunity.subscription"]
        if not Subscription.has_access("read"):
            return 0
        return Subscription.search_count(domain or self._get_subscription_domain())

    def _get_subscription_domain(self):
        Subscription = request.env["opportunity.subscription"]
        return Subscription._get_customer_domain(request.env.user.partner_id)

    def _get_subscription_sortings(self):
        env = request.env
        return {
            "next": {"label": env._("Next Bill"), "order": "date_next, id desc"},
            "start": {"label": env._("Newest"), "order": "date_start desc, id desc"},
            "name": {"label": env._("Reference"), "order": "name, id desc"},
        }

    def _get_subscription_filters(self):
        env, over = request.env, ("ended", "cancelled")
        return {
            "all": {"label": env._("All"), "domain": []},
            "running": {
                "label": env._("Running"),
                "domain": [("state", "not in", over)],
            },
            "over": {"label": env._("Over"), "domain": [("state", "in", over)]},
        }

    def _find_subscription(self, subscription_id, access_token):
        """Return the subscription, which the visitor may see, past their rights."""
        access_token = access_token if str(access_token).isascii() else None
        try:
            subscription = self._document_check_access(
                "opportunity.subscription", read_id(subscription_id), access_token
            )
        except (AccessError, MissingError):
            return None
        # sudo: who has the link need not have an account
        return subscription.with_user(request.env.user).sudo()

import base64

from odoo import http
from odoo.http import request

from ..tools.click_robots import Visit
from .public_page import finish, render

GIF = base64.b64decode("R0lGODlhAQABAIAAAP///wAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==")
# No cookie, and no language: most of those who follow a link see no page of ours.
ROUTE = {"type": "http", "auth": "public", "methods": ["GET"], "save_session": False}
AHEAD = ("Purpose", "Sec-Purpose", "X-Purpose", "X-Moz")


class MailTrace(http.Controller):
    """The addresses in tracked emails.

    They lead to what the sender linked, and nowhere else. Whatever is no such link
    gets the same answer. Nothing is known of the visitor but what is noted.
    """

    @http.route(
        "/opportunity/r/<any_text:address>",
        **ROUTE,
    )
    def follow(self, address, **kwargs):
        """Lead to a link of an email."""
        token, __, code = address.partition("/")
        trace = request.env["opportunity.mail.trace"]._search_by_token(token)
        link = trace._find_link(code)
        if not link:
            return self._not_found()
        self._note(trace, "click", link)
        return finish(request.redirect(link.url, code=302, local=False))

    @http.route(
        "/opportunity/o/<any_text:name>",
        **ROUTE,
    )
    def open(self, name, **kwargs):
        """Send the picture by which an email tells that it was opened."""
        token = name.removesuffix(".gif")
        trace = request.env["opportunity.mail.trace"]._search_by_token(token)
        if not trace:
            return self._not_found()
        self._note(trace, "open")
        return finish(request.make_response(GIF, [("Content-Type", "image/gif")]))

    def _note(self, trace, kind, link=None):
        # whoever asks for the headers alone does not look at anything
        if request.httprequest.method != "HEAD":
            trace._note(kind, self._get_visit(), link)

    def _get_visit(self):
        headers = request.httprequest.headers
        return Visit(
            agent=headers.get("User-Agent", ""),
            purpose=" ".join(headers.get(name, "") for name in AHEAD),
            is_crawler=request.env["ir.http"].is_a_bot(),
        )

    def _not_found(self):
        return render("mail_trace_not_found", status=404)

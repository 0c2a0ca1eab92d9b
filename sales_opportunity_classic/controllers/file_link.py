from odoo import http
from odoo.http import request
from odoo.tools import human_size

from .file_zip import SANDBOX, make_zip_response
from .public_page import ROUTE, finish, render

PATH = "/opportunity/shared/<any_text:token>"


class FileLink(http.Controller):
    """The public page of a link to files.

    Fetching it changes nothing: downloads are posted, so that mail scanners neither
    fetch nor count them. Every token that opens nothing gets the same answer.
    """

    @http.route(PATH, type="http", methods=["GET"], readonly=True, **ROUTE)
    def show(self, token, **kwargs):
        """List the files."""
        link, files = self._find(token)
        if not files:
            return self._not_found()
        values = {
            "link": link,
            "files": files,
            "human_size": human_size,
            "res_company": link.create_uid.company_id,
        }
        return render("file_link_page", values)

    @http.route(PATH, type="http", methods=["POST"], **ROUTE)
    def download(self, token, file="", **kwargs):
        """Send one of the files, or all of them in an archive."""
        link, files = self._find(token)
        if file:
            files = files.filtered(lambda one: str(one.id) == file)
        if not files:
            return self._not_found()
        link._count_download()
        if file:
            return self._send(files)
        return finish(make_zip_response(files, request.env._("Files.zip")))

    def _find(self, token):
        link = request.env["opportunity.file.link"]._find_active(token)
        return link, link._get_given_files()

    def _send(self, file):
        stream = request.env["ir.binary"]._get_stream_from(file.attachment_id)
        response = stream.get_response(
            as_attachment=True, content_security_policy=SANDBOX
        )
        return finish(response)

    def _not_found(self):
        return render("file_link_not_found", status=404)

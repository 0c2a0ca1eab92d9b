from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import request

from ..models.opportunity_file_gateway_mixin import KEEPERS


class FileUpload(http.Controller):
    """Loads files into a file box, as browsers send them."""

    @http.route("/opportunity/files/upload", type="http", methods=["POST"], auth="user")
    def upload(self, res_model="", res_id="", **kwargs):
        """Load what is posted as ``ufile``, any number of files, into the file box of
        the opportunity or contact. Each of them is told of alone: a refused one says
        why under ``error`` and does not hold up the others.
        """
        if res_model not in KEEPERS or not res_id.isdecimal():
            raise request.not_found()
        owner = {KEEPERS[res_model]: int(res_id)}
        uploads = request.httprequest.files.getlist("ufile")
        files = [self._load(upload, owner) for upload in uploads]
        return request.make_json_response({"files": files})

    def _load(self, upload, owner):
        values = {"name": upload.filename, "raw": upload.read(), **owner}
        try:
            with request.env.cr.savepoint():
                file = request.env["opportunity.file"].create(values)
        except (AccessError, UserError) as error:
            return {"name": upload.filename, "error": str(error)}
        same = file.same_content_id
        return {
            "id": file.id,
            "name": file.name,
            "same_content": {"id": same.id, "name": same.name} if same else None,
        }

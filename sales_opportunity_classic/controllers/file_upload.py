from werkzeug.datastructures import FileStorage

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..models.opportunity_file_gateway_mixin import KEEPERS
from ..tools.record_ids import read_id


class FileUpload(http.Controller):
    """Files into the box, one per request: one that is refused loses no other."""

    @http.route("/opportunity/files/upload", type="http", methods=["POST"], auth="user")
    def upload(self, ufile=None, res_model="", res_id="", **kwargs):
        """Add a file to the box of an opportunity or a contact.

        :return: JSON with its id, or with an error that tells why it is refused
        """
        known = res_model in KEEPERS and read_id(res_id)
        if not (known and isinstance(ufile, FileStorage)):
            raise request.not_found()
        record = request.env[res_model].browse(known)
        try:
            file = record._load_file(ufile.filename, ufile.read())
            return request.make_json_response({"id": file.id})
        except UserError as error:
            # Of this request nothing stays; a savepoint would cost each upload.
            request.env.cr.rollback()
            return request.make_json_response({"error": {"message": str(error)}})

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..models.opportunity_file_gateway_mixin import KEEPERS


class FileUpload(http.Controller):
    """Files into the box, one per request: one that is refused loses no other."""

    @http.route("/opportunity/files/upload", type="http", methods=["POST"], auth="user")
    def upload(self, ufile, res_model="", res_id="", **kwargs):
        """Add a file to the box of an opportunity or a contact.

        :return: JSON with its id, or with an error that tells why it is refused
        """
        if res_model not in KEEPERS or not res_id.isdecimal():
            raise request.not_found()
        record = request.env[res_model].browse(int(res_id))
        try:
            file = record._load_file(ufile.filename, ufile.read())
            return request.make_json_response({"id": file.id})
        except UserError as error:
            # Of this request nothing stays; a savepoint would cost each upload.
            request.env.cr.rollback()
            return request.make_json_response({"error": {"message": str(error)}})

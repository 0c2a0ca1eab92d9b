from functools import partial
from io import BytesIO

from odoo import api, http
from odoo.http import Response, content_disposition, request
from odoo.modules.registry import Registry

from ..tools.file_names import make_archive_names
from ..tools.record_ids import read_ids
from ..tools.zip_stream import stream_zip

# A browser that opens one of ours nevertheless runs nothing of it.
SANDBOX = "sandbox; default-src 'none'"


class FileZip(http.Controller):
    """Many files in one archive, sent while it is made."""

    @http.route("/opportunity/files/zip", type="http", auth="user", readonly=True)
    def download(self, ids="", **kwargs):
        """Send an archive of the files with these ids, separated by commas. Without
        the right to read each of them nothing is sent."""
        files = self._browse(ids)
        if not files:
            raise request.not_found()
        files.check_access("read")
        return make_zip_response(files, request.env._("Files.zip"))

    def _browse(self, ids):
        files = request.env["opportunity.file"].browse(read_ids(ids.split(",")))
        return files.exists()


def make_zip_response(files, name):
    """Return the response that streams these files; whether the user may read them is
    for the caller to ask."""
    # sudo: asked by the caller; customers have no rights to any attachment
    attachments = files.sudo().attachment_id
    entries = [
        (name, attachment.create_date, attachment.file_size, get_opener(attachment))
        for name, attachment in zip(
            make_archive_names(attachments.mapped("name")), attachments, strict=True
        )
    ]
    return Response(
        stream_zip(entries),
        content_type="application/zip",
        headers={
            "Cache-Control": "no-store",
            "Content-Disposition": content_disposition(name),
            "Content-Security-Policy": SANDBOX,
            "X-Content-Type-Options": "nosniff",
        },
    )


def get_opener(attachment):
    """Return a function that opens the content, long after the request.

    Odoo says where the content is. What is no file on this machine (in the database,
    with a storage addon) is read when its turn comes, one at a time.
    """
    stream = attachment._to_http_stream()
    if stream.type == "path":
        return partial(open, stream.path, "rb")
    attachment.invalidate_recordset(["raw", "datas", "db_datas"])
    return partial(open_later, attachment.env.cr.dbname, attachment.id)


def open_later(database, attachment_id):
    """Return the content of an attachment, with a cursor of its own."""
    with Registry(database).cursor(readonly=True) as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        return BytesIO(env["ir.attachment"].browse(attachment_id).raw or b"")

from odoo import models
from odoo.http import Stream

from .ir_attachment import FILE_MODEL


class DownloadStream(Stream):
    """What a browser saves and never shows, whatever the address asks for."""

    def get_response(self, as_attachment=None, **kwargs):
        """Return the response of a download."""
        return super().get_response(as_attachment=True, **kwargs)


class IrBinary(models.AbstractModel):
    """Odoo's downloads; those of the file box need the right to read the file.

    No access token opens them: whoever is shut out is so with every old address.
    """

    _inherit = "ir.binary"

    def _find_record(self, *args, **kwargs):
        record = super()._find_record(*args, **kwargs)
        if not self._is_in_file_box(record):
            return record
        record.sudo(False).check_access("read")
        # sudo: checked just now; customers have no rights to any attachment
        return record.sudo()

    def _get_stream_from(self, record, *args, **kwargs):
        """Serve a file with its own type, whatever the address asks for; what the file
        box refuses is for saving only."""
        stream = super()._get_stream_from(record, *args, **kwargs)
        if self._is_in_file_box(record):
            stream.mimetype = record.mimetype
        elif record._name == "ir.attachment" and record.file_box_refusal:
            return DownloadStream(**vars(stream))
        return stream

    def _record_to_stream(self, record, field_name):
        """Serve a file as its attachment: with the type that is stored, not guessed."""
        if record._name == FILE_MODEL and field_name in ("raw", "datas"):
            record = record.attachment_id
        return super()._record_to_stream(record, field_name)

    def _is_in_file_box(self, record):
        return record._name == FILE_MODEL or (
            record._name == "ir.attachment" and bool(record._filter_boxed())
        )

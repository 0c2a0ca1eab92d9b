from odoo import fields, models


class OpportunityFileRowMixin(models.AbstractModel):
    """Files as the panel shows them, in a number of queries that does not depend on how
    many there are."""

    _name = "opportunity.file.row.mixin"
    _description = "Row of a File"

    # === BUSINESS METHODS === #

    def get_file_versions(self):
        """Return the rows of the older versions that the user may read."""
        self.ensure_one()
        self.check_access("read")
        return self._get_older_versions()._filtered_access("read")._prepare_panel_rows()

    def _prepare_panel_rows(self):
        """Return what the panel shows of the files, which the user may read."""
        # sudo: their rights were asked when they were found; who loaded them, and whose
        # they are, is shown with them
        files = self.sudo()
        writable = self.browse().has_access("write") and self._filter_changeable()
        writable = writable or self.browse()
        owned = files.browse(writable._filter_owned().ids)
        leads = files.lead_id.with_env(self.env)._filtered_access("read")
        return [
            file._prepare_panel_row(leads)
            | {"can_edit": file.id in writable._ids, "can_delete": file in owned}
            for file in files
        ]

    def _prepare_panel_row(self, leads):
        return {
            "id": self.id,
            "attachment_id": self.attachment_id.id,
            "name": self.name,
            "mimetype": self.mimetype,
            "size": self.file_size,
            "checksum": self.checksum,
            "date": fields.Datetime.to_string(self.create_date),
            "user": self.create_uid.name or "",
            "description": self.description or "",
            "category": self.category_id.name or "",
            "tags": [
                {"id": tag.id, "name": tag.name, "color": tag.color}
                for tag in self.tag_ids
            ],
            "partner_id": self.partner_id.id,
            "partner": self.partner_id.display_name or "",
            "lead_id": self.lead_id.id in leads._ids and self.lead_id.id,
            "lead": self.lead_id.id in leads._ids and self.lead_id.display_name,
            "visibility": self.visibility,
            "version": self.version,
            "has_older": bool(self.previous_version_id),
            "date_expiry": fields.Date.to_string(self.date_expiry),
            "is_expired": self._is_expired(),
            "active": self.active,
        }

    def _is_expired(self):
        today = fields.Date.context_today(self)
        return bool(self.date_expiry) and self.date_expiry < today

    def _find_former(self, others):
        """Return the latest version of the newest older file among these that has the
        same content or else the same name."""
        older = others.filtered(
            lambda other: (
                other.id < self.id
                and self._shares_box_with(other)
                and other not in self._get_older_versions()
            )
        )
        alike = older.filtered(lambda other: other.checksum == self.checksum)
        former = (alike or older.filtered(lambda other: other.name == self.name))[:1]
        latest = former._get_latest_version()
        return latest if latest != self else self.browse()

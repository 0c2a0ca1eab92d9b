from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# What the panel shows of a file, each with the path of fields that leads to it.
SHOWN = {
    "id": "id",
    "attachment_id": "attachment_id",
    "name": "name",
    "mimetype": "mimetype",
    "size": "file_size",
    "checksum": "checksum",
    "date": "create_date",
    "owner_id": "create_uid",
    "user": "create_uid.partner_id.name",
    "description": "description",
    "category": "category_id.name",
    "partner_id": "partner_id",
    "partner": "partner_id.complete_name",
    "lead_id": "lead_id",
    "visibility": "visibility",
    "version": "version",
    "has_older": "previous_version_id",
    "date_expiry": "date_expiry",
    "active": "active",
}
TAGS = """(
    SELECT json_agg(
               json_build_object('id', tag.id, 'name', %(name)s, 'color', %(color)s)
               ORDER BY %(name)s, tag.id
           )
      FROM %(relation)s AS tagging
      JOIN opportunity_file_tag AS tag ON tag.id = %(tag_id)s
     WHERE %(file_id)s = opportunity_file.id
)"""


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
        return self._get_older_versions()._filtered_access("read")._read_panel_rows()

    def _read_panel_rows(self):
        """Return what the panel shows of the files, which the user may read. One query
        reads it all, as a page shows a bit of many models.

        :raise AccessError: to customers, whom it would show internal notes
        """
        self._check_field_access(self._fields["lead_id"], "read")
        # sudo: who loaded a file, and whose it is, is shown with it
        files = self.sudo().with_context(active_test=False)
        page = files._search(Domain("id", "in", self.ids))
        columns = {
            **{name: files._path_to_sql(page, path) for name, path in SHOWN.items()},
            "lead": self._select_readable_lead(page),
            "tags": files._select_tags(),
        }
        found = self.env.execute_query(page.select(*columns.values()))
        rows = [dict(zip(columns, values, strict=True)) for values in found]
        self._add_row_rights(rows)
        today = fields.Date.context_today(self)
        finished = {row["id"]: finish_row(row, today) for row in rows}
        return [finished[file_id] for file_id in self.ids]

    def _path_to_sql(self, query, path):
        """Return the SQL of the field at the end of a path, with what it joins."""
        *names, last = path.split(".")
        model, alias = self, query.table
        for name in names:
            model, alias = model._fields[name].join(model, alias, query)
        return model._field_to_sql(alias, last, query)

    def _select_readable_lead(self, query):
        """Return the SQL of the opportunity's name, for those who may read it."""
        Lead = self.env["crm.lead"]
        leads = Lead._search(Domain.TRUE, active_test=False)
        lead_id = self._field_to_sql(query.table, "lead_id", query)
        leads.add_where(SQL("%s = %s", SQL.identifier(leads.table, "id"), lead_id))
        return leads.subselect(Lead._field_to_sql(leads.table, "name"))

    def _select_tags(self):
        """Return the SQL of the tags of a file, as the panel shows them."""
        field, tags = self._fields["tag_ids"], self.env["opportunity.file.tag"]
        return SQL(
            TAGS,
            name=tags._field_to_sql("tag", "name"),
            color=tags._field_to_sql("tag", "color"),
            relation=SQL.identifier(field.relation),
            tag_id=SQL.identifier("tagging", field.column2),
            file_id=SQL.identifier("tagging", field.column1, to_flush=field),
        )

    def _add_row_rights(self, rows):
        """Say in the rows what the user may do with these files."""
        leads = self._get_writable("crm.lead", (row["lead_id"] for row in rows))
        loose = [row for row in rows if not row["lead_id"]]
        partners = self._get_writable("res.partner", (r["partner_id"] for r in loose))
        may_write = self.browse().has_access("write")
        owns_all = self.env.su or self._is_manager()
        for row in rows:
            place = row["lead_id"] or row["partner_id"]
            row["can_edit"] = may_write and place in (
                leads if row["lead_id"] else partners
            )
            is_owner = owns_all or row["owner_id"] == self.env.uid
            row["can_delete"] = row["can_edit"] and is_owner

    def _get_writable(self, model, ids):
        """Return the ids of the records that the user may change."""
        records = self.env[model].browse(dict.fromkeys(filter(None, ids)))
        return set(records._read_ruled_fields()._filtered_access("write")._ids)

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
        # Files without content have no checksum.
        alike = older.filtered("checksum").filtered(
            lambda other: other.checksum == self.checksum
        )
        former = (alike or older.filtered(lambda other: other.name == self.name))[:1]
        latest = former._get_latest_version()
        return latest if latest != self else self.browse()


def finish_row(row, today):
    """Return a row as the client takes it."""
    expiry = row["date_expiry"]
    is_lead_shown = row["lead"] is not None
    del row["owner_id"]
    return row | {
        "date": fields.Datetime.to_string(row["date"]),
        "user": row["user"] or "",
        "description": row["description"] or "",
        "category": row["category"] or "",
        "tags": row["tags"] or [],
        "partner": row["partner"] or "",
        "lead_id": is_lead_shown and row["lead_id"],
        "lead": is_lead_shown and row["lead"],
        "has_older": bool(row["has_older"]),
        "date_expiry": fields.Date.to_string(expiry),
        "is_expired": bool(expiry) and expiry < today,
    }

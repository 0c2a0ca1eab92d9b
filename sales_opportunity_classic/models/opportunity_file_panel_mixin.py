from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command, Domain

from ..tools.record_ids import read_id, read_ids
from .opportunity_file_gateway_mixin import KEEPERS

PANEL_ROWS = 40

# What Odoo's rules ask, and what a file takes over.
RULED_FIELDS = {
    "crm.lead": ("company_id", "partner_id", "user_id"),
    "res.partner": ("company_id", "partner_share"),
}


class OpportunityFilePanelMixin(models.AbstractModel):
    """What the panel of files asks of an opportunity or a contact.

    It is asked for one page at a time, the newest files first, and only once it is
    shown: opening the form costs nothing. Old versions are below their latest one.
    """

    _name = "opportunity.file.panel.mixin"
    _description = "Panel of Files"

    # === ACTION METHODS === #

    def action_make_file_version(self, file_id, former_id):
        """Make a file the next version of another one, with what is known of that."""
        files = self.env["opportunity.file"]
        file = files.browse(read_id(file_id))
        former = files.browse(read_id(former_id))._get_latest_version()
        if file == former or file in former._get_older_versions():
            return False
        file.write(
            {
                "previous_version_id": former.id,
                "category_id": former.category_id.id,
                "description": former.description,
                "tag_ids": [Command.set(former.tag_ids.ids)],
                "visibility": former.visibility,
            }
        )
        return True

    # === BUSINESS METHODS === #

    @api.readonly
    def get_file_panel(self, filters=None, before_id=False):
        """Return the next page of the files that the user may read.

        :param filters: ``search`` for names, descriptions and content, ``category_id``,
            ``tag_id``, ``lead_id``; ``related`` for the files of related contacts too,
            ``bin`` for what was deleted
        :param before_id: the last file of the page before
        """
        self.ensure_one()
        self.check_access("read")
        filters = clean_filters(filters)
        domain = self._get_file_panel_domain(filters)
        if before_id:
            domain &= Domain("id", "<", read_id(before_id))
        files = self._search_panel_files(filters, domain, limit=PANEL_ROWS + 1)
        panel = {
            "rows": files[:PANEL_ROWS]._read_panel_rows(),
            "has_more": len(files) > PANEL_ROWS,
        }
        return panel if before_id else panel | self._get_file_panel_facts()

    @api.readonly
    def get_file_filters(self, filters=None):
        """Return what the files can be filtered by."""
        self.ensure_one()
        self.check_access("read")
        related = clean_filters(filters)["related"]
        domain = self._get_file_panel_domain(clean_filters({"related": related}))
        return {
            name: [
                {"id": record.id, "name": record.display_name}
                for record in self._search_file_filter(domain, name)
            ]
            for name in ("category_id", "tag_ids", "lead_id")
        }

    @api.model
    @api.readonly
    def get_file_refusals(self, files):
        """Return why each of the files, by name and size, is not taken, or False. It
        spares people an upload; what is uploaded is checked again."""
        listed = files if isinstance(files, list) else [files]
        return [self._get_file_refusal(file) for file in listed]

    @api.readonly
    def get_file_offers(self, file_ids):
        """Return, by id, the files of which these may be new versions: those with the
        same content, or else of the same name."""
        self.ensure_one()
        files = self.env["opportunity.file"].search([("id", "in", read_ids(file_ids))])
        others = self._search_former_files(files)
        offers = {}
        for file in files:
            if former := file._find_former(others):
                same = former.checksum == file.checksum
                offers[file.id] = {
                    "id": former.id,
                    "name": former.name,
                    "is_same": same,
                }
        return offers

    @api.readonly
    def get_chatter_files(self, before_id=False):
        """Return a page of what hangs in the chatter, mails included."""
        self.ensure_one()
        self.check_access("read")
        domain = self._get_chatter_domain()
        if before_id:
            domain &= Domain("id", "<", read_id(before_id))
        attachments = self.env["ir.attachment"].search(
            domain, limit=PANEL_ROWS + 1, order="id desc"
        )
        return {
            "rows": self._prepare_chatter_rows(attachments[:PANEL_ROWS]),
            "has_more": len(attachments) > PANEL_ROWS,
        }

    @api.model
    def _get_file_refusal(self, file):
        match file:
            case {"name": str(name), "size": int(size)}:
                attachments = self.env["ir.attachment"]
                refusal = attachments._get_extension_refusal(name)
                return refusal or attachments._get_size_refusal(name, size) or False
        raise ValidationError(
            self.env._("Tell the name of each file and its size in bytes.")
        )

    def _read_ruled_fields(self):
        """Read what is asked before files are shown or loaded, and no more: Odoo would
        read whole records to find out about the rights to them."""
        # sudo: the rules ask it, the user is told nothing
        self.sudo().fetch(RULED_FIELDS[self._name])
        return self

    def _load_file(self, name, raw):
        """Add a file to the box."""
        self.ensure_one()
        owner = {KEEPERS[self._name]: self.id}
        return self.env["opportunity.file"].create({"name": name, "raw": raw} | owner)

    def _get_file_panel_domain(self, filters):
        domain = self._get_file_box_domain(include_related=filters["related"])
        if category_id := filters["category_id"]:
            domain &= Domain("category_id", "child_of", category_id)
        if tag_id := filters["tag_id"]:
            domain &= Domain("tag_ids", "in", [tag_id])
        if lead_id := filters["lead_id"]:
            domain &= Domain("lead_id", "in", [lead_id])
        if text := filters["search"]:
            domain &= self._get_file_text_domain(text)
        return domain

    def _get_file_text_domain(self, text):
        # "any!": the rights of the file are asked, its attachment has the same.
        return Domain("description", "ilike", text) | Domain(
            "attachment_id",
            "any!",
            Domain("name", "ilike", text) | Domain("index_content", "ilike", text),
        )

    def _search_panel_files(self, filters, domain, limit):
        files = self.env["opportunity.file"].with_context(active_test=False)
        is_binned = filters["bin"]
        domain &= Domain("active", "=", not is_binned)
        if not is_binned:
            domain &= Domain("is_latest", "=", True)
            # the planner takes the condition for dear, and compiling it for half a
            # second is dearer
            self.env.cr.execute("SET LOCAL jit = off")
        # Their ids alone: what is shown is read at once.
        found = files._search(domain, limit=limit, order="id desc").get_result_ids()
        return self.env["opportunity.file"].browse(found)

    def _search_file_filter(self, domain, name):
        """Return the records by which the files can be filtered in this field."""
        groups = self.env["opportunity.file"]._read_group(domain, [name])
        records = self.env[self.env["opportunity.file"]._fields[name].comodel_name]
        return records.union(*(record for (record,) in groups))._filtered_access("read")

    def _search_former_files(self, files):
        """Return the files in the boxes of these that have their names or contents."""
        boxes = Domain("partner_id", "in", files.partner_id.ids)
        boxes |= Domain("lead_id", "in", files.lead_id.ids)
        alike = Domain("checksum", "in", files.mapped("checksum"))
        alike |= Domain("name", "in", files.mapped("name"))
        return files.search(boxes & Domain("attachment_id", "any!", alike))

    def _get_file_panel_facts(self):
        files = self.env["opportunity.file"]
        return {
            "can_add": files.has_access("create") and self.has_access("write"),
            "related": self._get_file_relation(),
        }

    def _get_file_relation(self):
        """Return whose files can be shown as well: ``kind`` and ``name``, or False."""
        return False

    def _get_chatter_domain(self):
        """Return the domain of the attachments in the chatter."""
        return (
            Domain("res_model", "=", self._name)
            & Domain("res_id", "in", self.ids)
            & Domain("res_field", "=", False)
            & Domain("type", "=", "binary")
        )

    def _prepare_chatter_rows(self, attachments):
        kept = self._get_kept_checksums(attachments)
        return [
            {
                "id": attachment.id,
                "name": attachment.name,
                "mimetype": attachment.mimetype,
                "size": attachment.file_size,
                "checksum": attachment.checksum,
                "date": fields.Datetime.to_string(attachment.create_date),
                "refusal": attachment.file_box_refusal,
                "is_kept": attachment.checksum in kept,
            }
            for attachment in attachments
        ]

    def _get_kept_checksums(self, attachments):
        files = self.env["opportunity.file"].search(
            self._get_file_box_domain()
            & Domain(
                "attachment_id",
                "any!",
                Domain("checksum", "in", attachments.mapped("checksum")),
            )
        )
        return set(files.mapped("checksum"))


def clean_filters(filters):
    """Return all filters of the panel, out of those that a client sent."""
    given = filters if isinstance(filters, dict) else {}
    search = str(given.get("search") or "").replace("\x00", "").strip()
    return {
        "search": search,
        **{name: bool(given.get(name)) for name in ("bin", "related")},
        **{
            name: read_id(given.get(name))
            for name in ("category_id", "lead_id", "tag_id")
        },
    }

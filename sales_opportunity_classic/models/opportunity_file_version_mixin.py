from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command, Domain
from odoo.tools import SQL

# No later version that is not deleted and that the user may read, however many others
# are between. Most files have none at all, which is quickly seen.
IS_LATEST = """(NOT EXISTS (
    SELECT FROM opportunity_file AS later WHERE %(previous_id)s = %(file_id)s
) OR NOT EXISTS (
    WITH RECURSIVE newer AS (
        SELECT later.id, %(is_active)s AS active
          FROM opportunity_file AS later
         WHERE %(previous_id)s = %(file_id)s
         UNION
        SELECT later.id, %(is_active)s AS active
          FROM newer
          JOIN opportunity_file AS later ON %(previous_id)s = newer.id
    )
    SELECT FROM newer WHERE newer.active AND EXISTS %(readable)s
))"""


class OpportunityFileVersionMixin(models.AbstractModel):
    """The versions of a file: a chain, each with its own content and uploader.

    A version that is deleted for good leaves its neighbours linked; numbers stay. A
    newer version that somebody may not see is in nobody's way, and not given away
    either: theirs goes below it. So does what comes back from the bin.
    """

    _name = "opportunity.file.version.mixin"
    _description = "Versions of a File"

    version = fields.Integer(
        compute="_compute_version",
        store=True,
        precompute=True,
        recursive=True,
        copy=False,
    )
    previous_version_id = fields.Many2one(
        "opportunity.file",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
    )
    next_version_ids = fields.One2many(
        "opportunity.file", "previous_version_id", string="Next Versions"
    )
    is_latest = fields.Boolean(
        "Latest Version",
        compute="_compute_is_latest",
        search="_search_is_latest",
        help="No newer version that you may read. Those in the bin do not count.",
    )
    same_content_id = fields.Many2one(
        "opportunity.file",
        compute="_compute_same_content_id",
        help="An older file of the contact or the opportunity with the same content.",
    )

    # === COMPUTE METHODS === #

    @api.depends("previous_version_id.version")
    def _compute_version(self):
        """One more than before; numbers never fall."""
        for file in self:
            file.version = max(file.version, file.previous_version_id.version + 1)

    @api.depends("next_version_ids.active")
    @api.depends_context("uid")
    def _compute_is_latest(self):
        files = self.with_context(active_test=False)
        domain = Domain("id", "in", self.ids) & Domain("is_latest", "=", True)
        latest = files.search(domain)
        for file in self:
            file.is_latest = not file._origin or file._origin in latest

    @api.model
    def _search_is_latest(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.custom(to_sql=self._get_latest_condition)

    @api.model
    def _get_latest_condition(self, files, alias, query):
        """Return the SQL condition of files of which the user sees no newer version."""
        readable = self.with_context(active_test=True)._search(Domain.TRUE)
        readable_id = SQL.identifier(readable.table, "id")
        readable.add_where(SQL("%s = newer.id", readable_id))
        active, previous = self._fields["active"], self._fields["previous_version_id"]
        return SQL(
            IS_LATEST,
            file_id=SQL.identifier(alias, "id"),
            is_active=SQL.identifier("later", active.name, to_flush=active),
            previous_id=SQL.identifier("later", previous.name, to_flush=previous),
            readable=readable.subselect(),
        )

    @api.depends("checksum", "partner_id", "lead_id", "previous_version_id")
    @api.depends_context("uid")
    def _compute_same_content_id(self):
        """The latest older file with this content that is no version of this one."""
        known = self.search(
            # Files without content have no checksum.
            Domain("checksum", "in", self.filtered("checksum").mapped("checksum"))
            & (
                Domain("partner_id", "in", self.partner_id.ids)
                | Domain("lead_id", "in", self.lead_id.ids)
            )
        )
        for file in self:
            file.same_content_id = known.filtered(
                lambda other, file=file: (
                    other.id < file._origin.id
                    and other.checksum == file.checksum
                    and file._shares_box_with(other)
                    and other not in file._get_older_versions()
                )
            )[:1]

    # === CONSTRAINT METHODS === #

    @api.constrains("previous_version_id")
    def _check_previous_version(self):
        if self._has_cycle("previous_version_id"):
            raise ValidationError(
                self.env._("A file cannot be a version of its own later versions.")
            )
        for file in self.filtered("previous_version_id"):
            previous = file.previous_version_id
            if not file._shares_box_with(previous):
                raise ValidationError(
                    self.env._(
                        "“%(file)s” is no version of “%(other)s”, which is of another "
                        "contact and opportunity.",
                        file=file.name,
                        other=previous.name,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        previous = self._get_previous_versions(vals_list)
        previous.check_access("read")
        hidden = previous._detach_hidden_versions()
        files = super().create(vals_list)
        files._attach_versions(hidden)
        return files

    def write(self, vals):
        previous = self._get_previous_versions([vals])
        previous.check_access("read")
        taken_off = previous._detach_hidden_versions()
        if vals.get("active"):
            taken_off |= self._detach_versions_since()
        result = super().write(vals)
        if taken_off:
            self._attach_versions(taken_off)
        return result

    @api.model
    def _get_previous_versions(self, vals_list):
        ids = [vals.get("previous_version_id") for vals in vals_list]
        return self.browse({id_ for id_ in ids if id_ and type(id_) is int})

    def _detach_hidden_versions(self):
        """Make room for the next versions of the files: take those off that the user
        may not see, and return them by what they followed."""
        # sudo: the chain may have versions that the user may not see
        newer = self.sudo().with_context(active_test=True).next_version_ids
        readable = newer.with_env(self.env)._filtered_access("read")
        hidden = newer.filtered(lambda file: file.id not in readable._ids)
        return hidden._detach_from(self)

    def _detach_versions_since(self):
        """Make room for files of the bin, in their place: take off what follows there
        by now, and return it by what it followed."""
        # sudo: the chain may have versions that the user may not see
        binned = self.sudo().filtered(lambda file: not file.active)
        previous = binned.previous_version_id.with_context(active_test=True)
        return previous.next_version_ids._detach_from(previous)

    def _detach_from(self, previous):
        """Take the files off those that they follow, and return them by these."""
        taken_off = {file.previous_version_id.id: file for file in self}
        self.previous_version_id = False
        if previous:
            # Before the next ones are written: the database takes no two.
            self.flush_model(["active", "previous_version_id"])
        return taken_off

    def _attach_versions(self, taken_off):
        """Put what was taken off on top of the files that now follow in its place."""
        # sudo: the chain may have versions that the user may not see
        files = self.sudo()
        for previous_id, version in taken_off.items():
            newer = files.filtered(
                lambda file, previous_id=previous_id: (
                    file.active and file.previous_version_id.id == previous_id
                )
            )
            # sudo: as above
            version._follow(newer or self.browse(previous_id).sudo())

    def _follow(self, older):
        """Go on top of an older version, unless it is of another contact by now."""
        self.ensure_one()
        previous = older._get_top() if self.active else older
        if self._shares_box_with(previous):
            self.previous_version_id = previous

    def _get_top(self):
        """Return the last of the versions on top of this one that are not deleted."""
        top = self.with_context(active_test=True)
        while newer := top.next_version_ids:
            top = newer
        return top

    def unlink(self):
        """Close the gap that a version leaves in its chain."""
        # sudo: the chain may have versions that the user may not see
        files = self.sudo().with_context(active_test=False)
        gaps = [
            (file.next_version_ids - self, file._get_older_versions() - self)
            for file in files
        ]
        result = super().unlink()
        for newer, older in gaps:
            for version in newer:
                version._follow(older[:1])
        return result

    # === ACTION METHODS === #

    def action_unarchive(self):
        siblings = self._get_siblings()
        # The oldest last: it takes the place, the others go on top of it.
        for file in siblings.sorted("id", reverse=True):
            super(OpportunityFileVersionMixin, file).action_unarchive()
        return super(OpportunityFileVersionMixin, self - siblings).action_unarchive()

    def action_new_version(self):
        """Return the form of a new version of the file."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Version"),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": self._prepare_version_context(),
        }

    def action_make_version(self):
        """Make the file the next version of the one that has the same content."""
        for file in self:
            if older := file.same_content_id:
                file.previous_version_id = older._get_latest_version()
        return True

    # === BUSINESS METHODS === #

    def _get_siblings(self):
        """Return those of the files in the bin that follow the same one."""
        # sudo: the chain may have versions that the user may not see
        binned = self.sudo().filtered(lambda file: not file.active)
        groups = binned.filtered("previous_version_id").grouped("previous_version_id")
        siblings = [files for files in groups.values() if len(files) > 1]
        return self.browse().union(*siblings).with_env(self.env)

    def _prepare_version_context(self):
        return {
            "default_previous_version_id": self._get_latest_version().id,
            "default_name": self.name,
            "default_lead_id": self.lead_id.id,
            "default_partner_id": self.partner_id.id,
            "default_category_id": self.category_id.id,
            "default_tag_ids": [Command.set(self.tag_ids.ids)],
            "default_visibility": self.visibility,
            "default_description": self.description,
        }

    def _get_older_versions(self):
        """Return the versions before this one, the latest first."""
        older = self.browse()
        # sudo: the chain may have versions that the user may not see
        version = self._origin.sudo().previous_version_id
        while version and version not in older:
            older += version
            version = version.previous_version_id
        return older.with_env(self.env)

    def _get_latest_version(self):
        """Return the last version that the user may read, whatever is between."""
        newer = self.browse()
        # sudo: the chain may have versions that the user may not see
        found = self.sudo().with_context(active_test=False)
        while found := found.next_version_ids - newer:
            newer += found
        kept = newer.filtered("active").with_env(self.env)._filtered_access("read")
        return kept.sorted("version")[-1:] or self

    def _shares_box_with(self, other):
        return bool(self.partner_id & other.partner_id or self.lead_id & other.lead_id)

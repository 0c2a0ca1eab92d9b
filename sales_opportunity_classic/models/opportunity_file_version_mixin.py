from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command, Domain


class OpportunityFileVersionMixin(models.AbstractModel):
    """The versions of a file: a chain, each with its own content and uploader.

    A version that is deleted for good leaves its neighbours linked; numbers stay. A
    newer version that somebody may not see is in nobody's way, and not given away
    either: theirs goes below it.
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
        files._attach_hidden_versions(hidden)
        return files

    def write(self, vals):
        previous = self._get_previous_versions([vals])
        previous.check_access("read")
        if vals.get("active"):
            # sudo: what was deleted comes back into its chain
            previous += self.sudo().previous_version_id.with_env(self.env)
        hidden = previous._detach_hidden_versions()
        result = super().write(vals)
        if hidden:
            self._attach_hidden_versions(hidden)
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
        hidden = {
            file.previous_version_id.id: file
            for file in newer
            if file.id not in readable._ids
        }
        newer.browse(file.id for file in hidden.values()).previous_version_id = False
        if self:
            # Before the next ones are written: the database takes no two.
            self.flush_model(["active", "previous_version_id"])
        return hidden

    def _attach_hidden_versions(self, hidden):
        """Put what was taken off on top of the files that now follow in its place."""
        # sudo: see above
        files = self.sudo()
        for previous_id, version in hidden.items():
            newer = files.filtered(
                lambda file, previous_id=previous_id: (
                    file.active and file.previous_version_id.id == previous_id
                )
            )
            if not newer:
                version.previous_version_id = previous_id
            elif version._shares_box_with(newer):
                version.previous_version_id = newer

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
            newer.previous_version_id = older[:1]
        return result

    # === ACTION METHODS === #

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
        """Return the last version that the user may read."""
        newer = self.browse()
        # sudo: the chain may have versions that the user may not see
        version = self.sudo()
        while version := version.next_version_ids[:1]:
            newer += version
        return newer.with_env(self.env)._filtered_access("read")[-1:] or self

    def _shares_box_with(self, other):
        return bool(self.partner_id & other.partner_id or self.lead_id & other.lead_id)

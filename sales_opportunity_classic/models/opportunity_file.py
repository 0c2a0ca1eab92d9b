from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, clean_context
from odoo.tools.constants import GC_UNLINK_LIMIT

from .opportunity_file_limit_mixin import clean_file_texts

DAYS_IN_BIN = 30
OWN_ATTACHMENTS = """
    UPDATE ir_attachment AS attachment SET res_id = file.id
      FROM opportunity_file AS file
     WHERE file.attachment_id = attachment.id AND file.id = ANY(%s)
"""

# Of Odoo's attachment, and the bin: kept by the addon, written by nobody else.
SYSTEM_FIELDS = frozenset(
    (
        "access_token",
        "attachment_id",
        "date_binned",
        "db_datas",
        "link_ids",
        "public",
        "reminder_id",
        "res_field",
        "res_id",
        "res_model",
        "store_fname",
        "type",
        "url",
        "version",
    )
)
SYSTEM_VALUES = ("access_token", "public", "res_field", "res_id", "url")


class OpportunityFile(models.Model):
    """A document of a customer: loaded from an opportunity, kept with the contact.

    The content is Odoo's attachment, which belongs to the file and asks its rights.
    A file without a contact goes to the contact that its opportunity gets first, and
    stays there when the opportunity changes or goes. Deleted by a person it lies in the
    bin for 30 days; deleted by the system, as with its contact, it is gone at once.
    """

    _name = "opportunity.file"
    _description = "Opportunity File"
    _inherit = [
        "opportunity.file.access.mixin",
        "opportunity.file.version.mixin",
        "opportunity.file.expiry.mixin",
        "opportunity.file.send.mixin",
        "opportunity.file.row.mixin",
        "opportunity.timeline.file.mixin",
    ]
    _inherits = {"ir.attachment": "attachment_id"}
    _order = "id desc"

    attachment_id = fields.Many2one(
        "ir.attachment", required=True, index=True, ondelete="cascade"
    )
    lead_id = fields.Many2one(
        "crm.lead",
        "Opportunity",
        index="btree_not_null",
        ondelete="set null",
        # Customers read files of the portal, but not what their deal is called.
        groups="base.group_user",
        help="The opportunity from which the file was loaded.",
    )
    # Not "cascade": Odoo's privacy lookup passes over what goes with the contact.
    partner_id = fields.Many2one(
        "res.partner",
        "Contact",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The contact in whose file box the file is kept.",
    )
    category_id = fields.Many2one(
        "opportunity.file.category", index="btree_not_null", ondelete="restrict"
    )
    tag_ids = fields.Many2many("opportunity.file.tag", string="Tags")
    visibility = fields.Selection(
        [
            ("private", "Only me"),
            ("team", "Who may see the opportunity"),
            ("sales", "Salespeople who may see the contact"),
            ("portal", "Also the contact, in the portal"),
        ],
        required=True,
        default="team",
        help="Who may read the file. “Only me” is whoever loaded it.",
    )
    link_ids = fields.Many2many(
        "opportunity.file.link", string="Public Links", readonly=True, copy=False
    )
    active = fields.Boolean(default=True)
    date_binned = fields.Datetime(
        "Deleted on",
        readonly=True,
        index="btree_not_null",
        help="In the bin since then, for 30 days.",
    )

    _next_version_uniq = models.UniqueIndex(
        "(previous_version_id) WHERE active AND previous_version_id IS NOT NULL",
        "This file already has a newer version. Add yours to the latest one.",
    )

    # === COMPUTE METHODS === #

    @api.depends("lead_id.partner_id")
    def _compute_partner_id(self):
        """The first contact that the opportunity has; later ones change nothing."""
        for file in self:
            if not file.partner_id:
                file.partner_id = file.lead_id.partner_id

    # === CONSTRAINT METHODS === #

    @api.constrains("lead_id", "partner_id")
    def _check_belongs_somewhere(self):
        for file in self:
            if not (file.lead_id or file.partner_id):
                raise ValidationError(
                    self.env._(
                        "“%(file)s” needs an opportunity or a contact.", file=file.name
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        self._check_no_system_fields(vals_list)
        given = {**dict.fromkeys(SYSTEM_VALUES, False), "type": "binary"}
        given |= self._get_context_defaults()
        # Without the defaults of the context, which nothing would check.
        files = self.with_context(clean_context(self.env.context))
        files = super(OpportunityFile, files).create(
            [self._prepare_file_values(given | vals) for vals in vals_list]
        )
        files._own_attachments()
        return files.with_env(self.env)

    @api.model
    def _prepare_file_values(self, vals):
        binned = not vals.get("active", True) and self.env.cr.now()
        vals = clean_file_texts(vals)
        return {**vals, "res_model": self._name, "date_binned": binned}

    @api.model
    def _get_context_defaults(self):
        """Return the defaults of the context as values, but for what people do not
        fill in: Odoo's opportunities are made with a default "type"."""
        names = self._fields.keys() - SYSTEM_FIELDS
        context = self.env.context
        keys = {name: f"default_{name}" for name in names}
        return {name: context[key] for name, key in keys.items() if key in context}

    def _own_attachments(self):
        """Tell the attachments whose they are, now that the files have their ids. By
        SQL, as nothing of the attachments is worked out of it."""
        self.env.cr.execute(SQL(OWN_ATTACHMENTS, self.ids))
        # sudo: read anew only
        self.sudo().attachment_id.invalidate_recordset(["res_id"], flush=False)

    def write(self, vals):
        self._check_no_system_fields([vals])
        vals = clean_file_texts(vals)
        if "active" in vals:
            vals["date_binned"] = not vals["active"] and self.env.cr.now()
        result = super().write(vals)
        if cleaned := vals.keys() & {"name", "mimetype"}:
            # The attachment keeps another one than was given.
            self.invalidate_recordset(cleaned)
        return result

    @api.model
    def _check_no_system_fields(self, vals_list):
        if self.env.su:
            return
        if names := SYSTEM_FIELDS & set().union(*vals_list):
            raise UserError(
                self.env._(
                    "The file box fills in these fields by itself: %(fields)s",
                    fields=", ".join(sorted(names)),
                )
            )

    def copy_data(self, default=None):
        """The copy has an attachment of its own; Odoo stores equal content once."""
        vals_list = super().copy_data(default)
        for file, vals in zip(self, vals_list, strict=True):
            for name in SYSTEM_FIELDS:
                vals.pop(name, None)
            vals.setdefault("raw", file.raw)
        return vals_list

    def unlink(self):
        """Move to the bin, or delete what lies there already. What the system deletes
        is gone at once."""
        if self.env.su:
            return super().unlink()
        self.check_access("read")
        self._check_owner()
        self.check_access("unlink")
        self.lead_id._check_closed_edit()
        kept = self.filtered("active")
        kept.active = False
        return super(OpportunityFile, self - kept).unlink()

    @api.autovacuum
    def _gc_bin(self):
        limit = self.env.cr.now() - timedelta(days=DAYS_IN_BIN)
        domain = [("active", "=", False), ("date_binned", "<", limit)]
        # sudo: the bin is emptied for everybody
        files = self.sudo().with_context(active_test=False)
        done = files.search(domain, limit=GC_UNLINK_LIMIT)
        count = len(done)
        done.unlink()
        return count, count == GC_UNLINK_LIMIT

    # === ACTION METHODS === #

    def action_restore(self):
        """Take the files out of the bin."""
        self.action_unarchive()
        return True

    def action_download(self):
        """Download the content of the file."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}?download=true",
            "target": "download",
        }

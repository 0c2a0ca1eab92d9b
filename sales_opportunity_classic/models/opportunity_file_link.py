from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class OpportunityFileLink(models.Model):
    """A public page from which whoever has its address downloads some files.

    Made by whoever may change all of these files, for as long as its maker may. It
    ends when it is revoked, with its last day, or with its last download; a file in
    the bin, or one that its maker may not change any more, is no longer on the page.
    """

    _name = "opportunity.file.link"
    _description = "Link to Files"
    _inherit = ["opportunity.domain.access.mixin", "opportunity.link.mixin"]
    _order = "id desc"

    _page_path = "/opportunity/shared"
    _noted_fields = frozenset(("is_revoked", "download_count", "date_downloaded"))

    file_ids = fields.Many2many("opportunity.file", string="Files", required=True)
    url = fields.Char(
        "Link",
        compute="_compute_url",
        compute_sudo=True,
        help="Whoever has this address may download the files. Only those who may "
        "change all of them see it here.",
    )
    date_expiry = fields.Date(help="Last day on which the files can be downloaded.")
    max_downloads = fields.Integer(
        "Downloads Allowed",
        help="How many downloads end the link: of one file, or of all together. "
        "0 is any number.",
    )
    download_count = fields.Integer("Downloads", readonly=True, copy=False)
    date_downloaded = fields.Datetime("Last Download", readonly=True, copy=False)
    is_used_up = fields.Boolean(compute="_compute_is_used_up", store=True)

    _token_uniq = models.UniqueIndex("(token)")
    _check_max_downloads = models.Constraint(
        "CHECK (max_downloads >= 0)", "A link allows no negative number of downloads."
    )

    # === COMPUTE METHODS === #

    @api.depends("file_ids.name")
    def _compute_display_name(self):
        for link in self:
            link.display_name = ", ".join(link.file_ids.mapped("name"))

    @api.depends("token", "file_ids")
    @api.depends_context("uid")
    def _compute_url(self):
        # Superuser reads the token; the user's own right decides who sees it.
        shown = self.sudo(False)._filter_changeable()
        for link in self:
            path = f"{link.get_base_url()}{link._get_path()}"
            link.url = link.id in shown._ids and path

    @api.depends("max_downloads", "download_count")
    def _compute_is_used_up(self):
        for link in self:
            link.is_used_up = 0 < link.max_downloads <= link.download_count

    @api.depends("is_used_up")
    def _compute_state(self):
        return super()._compute_state()

    @api.model
    def _get_used_domain(self):
        return Domain("is_used_up", "=", True)

    # === CONSTRAINT METHODS === #

    @api.constrains("file_ids")
    def _check_has_files(self):
        for link in self:
            if not link._get_files():
                raise ValidationError(self.env._("Choose the files of the link."))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        links = super().create(vals_list)
        links._check_files()
        return links

    def write(self, vals):
        result = super().write(vals)
        if "file_ids" in vals:
            self._check_files()
        return result

    def _check_files(self):
        """Refuse to give what the user may not change, or what lies in the bin."""
        # sudo: files that the user may not even read are refused as well
        files = self.sudo()._get_files()
        files.sudo(self.env.su).check_access("write")
        if binned := files.filtered(lambda file: not file.active):
            raise UserError(
                self.env._(
                    "“%(file)s” lies in the bin. Restore it first.", file=binned[0].name
                )
            )

    # === ACCESS RIGHTS === #

    @api.model
    def _get_readable_domain(self):
        """Whoever may read one of the files sees that it was given away, and its maker
        always."""
        files = self.env["opportunity.file"]._search(Domain.TRUE, active_test=False)
        maker = Domain("create_uid", "=", self.env.uid)
        return maker | Domain("file_ids", "any!", Domain("id", "in", files))

    def _filter_operation(self, operation):
        if operation == "create":
            return self
        changeable = self._filter_changeable()
        maker = self.filtered(lambda link: link.create_uid.id == self.env.uid)
        return self & (changeable | maker)

    def _filter_changeable(self):
        """Return the links of which the user may change all files."""
        if self.env.su:
            return self
        # Searched, as what the superuser reads of a field is then shown to the user.
        # sudo: only asked which of all files the user may change
        files = self.env["opportunity.file"].sudo().with_context(active_test=False)
        files = files.search([("link_ids", "in", self.ids)])
        allowed = files.with_env(self.env)._filtered_access("write")
        forbidden = set(files.ids) - set(allowed.ids)
        # sudo: see above
        links = self.sudo().with_context(active_test=False)
        refused = links.search(
            Domain("id", "in", self.ids)
            & Domain("file_ids", "any!", Domain("id", "in", forbidden))
        )
        return self - refused.with_env(self.env)

    # === BUSINESS METHODS === #

    def _get_files(self):
        return self.with_context(active_test=False).file_ids

    @api.model
    def _find_active(self, token):
        """Return the active link of a token that came from outside, as superuser."""
        return self._search_by_token(token, Domain("create_uid.active", "=", True))

    def _get_given_files(self):
        """Return the files that the link still gives, as superuser: those that its
        maker may change by now."""
        # sudo: the maker's rights are asked, there is no user
        files = self.sudo().file_ids.filtered("active")
        as_maker = files.with_user(self.create_uid)
        as_maker = as_maker.with_context(allowed_company_ids=None)
        return as_maker._filtered_access("write").with_env(files.env)

    def _count_download(self):
        """Note one download. Of two at once Odoo runs the later one again, which then
        finds the link as the first one left it."""
        self.write(
            {
                "download_count": self.download_count + 1,
                "date_downloaded": fields.Datetime.now(),
            }
        )

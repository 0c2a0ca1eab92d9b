from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

# Of these every salesperson who may read the contact may read the file.
SHARED_WITH_SALES = ("sales", "portal")

# What makes a file another one, or hides it, is for its owner and sales managers.
FOR_OWNERS = frozenset(
    ("active", "datas", "lead_id", "partner_id", "raw", "visibility")
)


class OpportunityFileAccessMixin(models.AbstractModel):
    """Who may do what with a file.

    * Read: who may read its opportunity; where it is shared with the sales department
      or the portal, or has no opportunity any more, who may read its contact. Portal
      users read what is for the portal of their own company's contacts.
    * Add, change: who may change its opportunity or, without one, its contact.
    * Delete, restore, replace, move or hide: of these its owner, who loaded it, and
      sales managers.
    * Private: its owner alone, who must still read the opportunity; sales managers
      take over from owners whose user is archived or deleted.
    """

    _name = "opportunity.file.access.mixin"
    _description = "Access of a File"
    _inherit = ["opportunity.domain.access.mixin"]

    # === COMPUTE METHODS === #

    @api.depends_context("uid")
    def _compute_display_name(self):
        """Odoo shows what a record names to all of its readers, who may not be those
        of the file."""
        result = super()._compute_display_name()
        files = self.filtered("id")
        for file in files - files.sudo(False)._filtered_access("read"):
            file.display_name = self.env._("Another file")
        return result

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        self._check_targets(vals_list)
        files = super().create(vals_list)
        files.lead_id._check_closed_edit()
        return files

    def write(self, vals):
        self._check_targets([vals])
        self.check_access("write")
        if vals.keys() & FOR_OWNERS:
            self._check_owner()
        self.lead_id._check_closed_edit()
        result = super().write(vals)
        if vals.keys() & {"lead_id", "partner_id"}:
            # Where it is now, the user must be allowed to put it.
            self.check_access("write")
            self.lead_id._check_closed_edit()
        return result

    def onchange(self, values, field_names, fields_spec):
        """Forms tell nothing of opportunities that the user may not read."""
        leads = self.env["crm.lead"].browse(filter(None, [values.get("lead_id")]))
        leads.check_access("read")
        return super().onchange(values, field_names, fields_spec)

    # === BUSINESS METHODS === #

    @api.model
    def _check_targets(self, vals_list):
        """Refuse opportunities that the user may not change, and contacts that they
        may not read. Before anything else: constraints would name what the user may
        not see."""
        for name, operation in (("lead_id", "write"), ("partner_id", "read")):
            records = self.env[self._fields[name].comodel_name]
            ids = [vals.get(name) for vals in vals_list]
            ids = {id_ for id_ in ids if id_ and type(id_) is int}
            records.browse(ids)._read_ruled_fields().check_access(operation)

    def _get_allowed(self, operation):
        if operation == "create":
            # Who loads a file reads it; it needs not be looked up again.
            return self._filter_changeable()
        return super()._get_allowed(operation)

    def _filter_operation(self, operation):
        allowed = self._filter_changeable()
        return allowed._filter_owned() if operation == "unlink" else allowed

    def _filter_changeable(self):
        # sudo: the file may be read, of its opportunity and contact this is asked
        files = self.sudo()
        leads = files.lead_id.sudo(False)._filtered_access("write")
        alone = files.filtered(lambda file: not file.lead_id)
        partners = alone.partner_id.sudo(False)._filtered_access("write")
        changeable = files.filtered(lambda file: file.lead_id in leads)
        changeable += alone.filtered(lambda file: file.partner_id in partners)
        return changeable.with_env(self.env)

    def _filter_owned(self):
        if self.env.su or self._is_manager():
            return self
        return self.filtered(lambda file: file.create_uid == self.env.user)

    def _check_owner(self):
        """Refuse what is for the owner of the files, and sales managers, alone."""
        if others := self - self._filter_owned():
            raise AccessError(
                self.env._(
                    "“%(file)s” was loaded by %(owner)s: only they and sales managers "
                    "delete, replace, move or hide it. Load a new version instead.",
                    file=others[0].name,
                    # sudo: who loaded it may be of another company
                    owner=others[0].sudo().create_uid.name or "",
                )
            )

    @api.model
    def _is_manager(self):
        return self.env.user.has_group("sales_team.group_sale_manager")

    @api.model
    def _get_readable_domain(self):
        """Return the domain of all files that the user may read, bin included."""
        if not self.env.user._is_internal():
            return self._get_portal_domain()
        leads = self.env["crm.lead"]._search(Domain.TRUE, active_test=False)
        readable = Domain("lead_id", "in", leads) | self._get_by_contact_domain()
        return self._get_visible_domain() & readable

    @api.model
    def _get_by_contact_domain(self):
        """Return the domain of what is read with its contact, by salespeople only:
        every employee reads contacts."""
        if not self.env.user.has_group("sales_team.group_sale_salesman"):
            return Domain.FALSE
        partners = self.env["res.partner"]._search(Domain.TRUE, active_test=False)
        return Domain("partner_id", "in", partners) & (
            Domain("lead_id", "=", False)
            | Domain("visibility", "in", SHARED_WITH_SALES)
        )

    @api.model
    def _get_visible_domain(self):
        visible = Domain("visibility", "!=", "private")
        visible |= Domain("create_uid", "=", self.env.uid)
        if self._is_manager():
            visible |= Domain("create_uid", "=", False)
            visible |= Domain("create_uid", "any!", [("active", "=", False)])
        return visible

    @api.model
    def _get_portal_domain(self):
        # sudo: the company of one's own contact
        customer = self.env.user.sudo().commercial_partner_id
        return (
            Domain("visibility", "=", "portal")
            & Domain("active", "=", True)
            & Domain("partner_id", "child_of", customer.ids)
        )

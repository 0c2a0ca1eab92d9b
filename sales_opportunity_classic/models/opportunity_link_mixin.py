from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..tools.validity import is_plausible_date

LINK_DAYS = 30


class OpportunityLinkMixin(models.AbstractModel):
    """A public page at an address that nobody guesses: the address is the right.

    Active until it is revoked, its last day is over, or it is used up, whatever that
    means to the concrete model (``_get_used_domain``). The token is random and lives
    in the database, so that it can be revoked.
    """

    _name = "opportunity.link.mixin"
    _description = "Public Link"
    _inherit = ["opportunity.token.mixin"]

    # Where the pages of these links are.
    _page_path = None
    # What happened to a link, never told by a client.
    _noted_fields = frozenset(("is_revoked",))

    date_expiry = fields.Date(
        "Expires After",
        required=True,
        default=lambda self: self._get_default_expiry(),
        help="Last day of the link.",
    )
    is_revoked = fields.Boolean("Revoked", readonly=True, copy=False)
    state = fields.Selection(
        [
            ("active", "Active"),
            ("used", "Used"),
            ("expired", "Expired"),
            ("revoked", "Revoked"),
        ],
        "Status",
        compute="_compute_state",
        compute_sudo=True,
        search="_search_state",
    )

    # === COMPUTE METHODS === #

    @api.model
    def _get_default_expiry(self):
        """Return the last day of a new link."""
        return fields.Date.add(fields.Date.today(), days=LINK_DAYS)

    @api.depends("is_revoked", "date_expiry")
    def _compute_state(self):
        domains = self._get_state_domains()
        for link in self:
            link.state = next(
                state for state, domain in domains if link.filtered_domain(domain)
            )

    @api.model
    def _get_state_domains(self):
        """Return the states with their domains; the first that is true counts."""
        return [
            ("used", self._get_used_domain()),
            ("revoked", Domain("is_revoked", "=", True)),
            ("expired", self._get_expired_domain()),
            ("active", Domain.TRUE),
        ]

    @api.model
    def _get_used_domain(self):
        """Return the domain of links that gave what they were for."""
        return Domain.FALSE

    @api.model
    def _get_expired_domain(self):
        """Return the domain of links that are over.

        As quotations of Odoo expire: by the day of the server.
        """
        return Domain("date_expiry", "<", fields.Date.today())

    @api.model
    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        found, before = Domain.FALSE, Domain.FALSE
        for state, domain in self._get_state_domains():
            if state in value:
                found |= domain & ~before
            before |= domain
        return found

    # === CRUD METHODS === #

    @api.model
    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in self._noted_fields:
            return self.env.su
        return super()._has_field_access(field, operation)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_is_date(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_is_date(vals)
        return super().write(vals)

    @api.model
    def _check_is_date(self, vals):
        """Refuse a text that is no date before the ORM stumbles over it."""
        value = vals.get("date_expiry")
        try:
            plausible = is_plausible_date(fields.Date.to_date(value))
        except (TypeError, ValueError):
            plausible = False
        if not plausible:
            raise ValidationError(
                self.env._(
                    "%(field)s: “%(value)s” is no date with a possible year.",
                    field=self._fields["date_expiry"]._description_string(self.env),
                    value=value,
                )
            )

    # === ACTION METHODS === #

    def action_revoke(self):
        """End the links at once."""
        self.check_access("write")
        # sudo: noted by the system, for those who may change the link
        self.sudo().is_revoked = True
        return True

    def action_open(self):
        """Return the dialog that shows the link."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env["ir.model"]._get(self._name).name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "medium"},
        }

    # === BUSINESS METHODS === #

    def _get_path(self):
        """Return the page's address on the server. Its readers have what it gives."""
        self.ensure_one()
        return f"{self._page_path}/{self.token}"

    @api.model
    def _search_by_token(self, token, domain=Domain.TRUE):
        """Return the active link of a token that came from outside, as superuser."""
        return super()._search_by_token(token, Domain("state", "=", "active") & domain)

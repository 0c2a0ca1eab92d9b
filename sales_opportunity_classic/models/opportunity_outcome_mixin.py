from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# What Odoo itself writes on closed records when somebody talks about them.
CHATTER_FIELDS = {"activity_ids", "message_follower_ids", "message_main_attachment_id"}


class CheckedLeads(frozenset):
    """Ids of opportunities that are being written after the guard of closed ones let
    it pass. In the context, where no client can put one."""


# What Odoo itself writes on whichever opportunity.
ALL_LEADS = object()


class OpportunityOutcomeMixin(models.AbstractModel):
    """How an opportunity ended: the actuals beside what was expected.

    Closing fills the actual date (and the revenue of a won deal) where nobody gave
    them; reopening empties them. Their values stay readable: those that people give
    are tracked, and the sales history keeps date, revenue and reason of each closing.
    """

    _name = "opportunity.outcome.mixin"
    _description = "Outcome"
    _inherit = ["opportunity.settings.mixin", "opportunity.validity.mixin"]

    _outcome_fields = (
        "won_reason_id",
        "actual_revenue",
        "actual_close_date",
        "awarded_to_id",
        "awarded_revenue",
        "closing_note",
    )

    won_reason_id = fields.Many2one(
        "opportunity.won.reason",
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
        tracking=True,
        copy=False,
        help="Why the customer chose you.",
    )
    actual_revenue = fields.Monetary(
        currency_field="company_currency",
        groups="base.group_user",
        tracking=True,
        copy=False,
    )
    # Not tracked: Odoo's own closing tracks the status, and only that.
    actual_close_date = fields.Date(
        "Actual Closing", groups="base.group_user", copy=False
    )
    awarded_to_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        check_company=True,
        groups="base.group_user",
        tracking=True,
        copy=False,
        help="The competitor who got the business.",
    )
    awarded_revenue = fields.Monetary(
        "Awarded At",
        currency_field="company_currency",
        groups="base.group_user",
        tracking=True,
        copy=False,
        help="The price at which the competitor got the business, if known.",
    )
    competitor_ids = fields.Many2many(
        "res.partner",
        "crm_lead_competitor_rel",
        "lead_id",
        "partner_id",
        string="Competitors",
        check_company=True,
        groups="base.group_user",
        help="Who else is or was in the running for this deal.",
    )
    closing_note = fields.Text(groups="base.group_user", tracking=True, copy=False)

    # === CONSTRAINT METHODS === #

    @api.constrains("won_status", "won_reason_id", "lost_reason_id")
    def _check_closing_reason(self):
        reasons = {"won": "won_reason_id", "lost": "lost_reason_id"}
        required = {
            status: reason
            for status, reason in reasons.items()
            if self._is_reason_required(status)
        }
        for lead in self:
            reason = required.get(lead.won_status)
            if reason and not lead[reason]:
                raise ValidationError(
                    self.env._(
                        "Give the %(reason)s of “%(lead)s” to close it.",
                        reason=self._fields[reason]._description_string(self.env),
                        lead=lead.name,
                    )
                )

    # === CRUD METHODS === #

    def write(self, vals):
        self._check_closed_edit(vals)
        # Rows may come with the closing.
        checked = self._allow_closed_edit(CheckedLeads(self.ids))
        return super(OpportunityOutcomeMixin, checked).write(vals)

    # === ACTION METHODS === #

    def action_set_lost(self, **additional_values):
        # What Odoo writes after archiving, before it: the status changes with the
        # archiving, and with it the reason is checked and the opportunity closed.
        self.write({**additional_values, "probability": 0, "automated_probability": 0})
        return super().action_set_lost(**additional_values)

    def action_set_won_rainbowman(self):
        """The Won button asks for the outcome first; confirmed, or called without
        the button's context, it is Odoo's own."""
        if self.env.context.get("opportunity_ask_outcome"):
            return self.action_open_won_dialog()
        return super().action_set_won_rainbowman()

    def action_open_won_dialog(self, stage_id=False):
        """Return the Won dialog for these opportunities.

        :param int stage_id: the won stage to move to; by default Odoo chooses
        """
        action = self.env["ir.actions.actions"]._for_xml_id(
            "sales_opportunity_classic.opportunity_mark_won_action"
        )
        context = {
            "dialog_size": "medium",
            "default_lead_ids": self.ids,
            "default_stage_id": stage_id,
        }
        return {**action, "context": context}

    def action_get_closing_dialog(self, stage_id):
        """Return the dialog to show before a move to ``stage_id``, or False.

        The client asks when somebody drags a card or clicks the status bar, so that
        a missing reason opens the dialog instead of failing.
        """
        stage = self.env["crm.stage"].browse(stage_id).exists()
        missing = self.filtered(lambda lead: not lead.won_reason_id)
        if not (stage.is_won and missing and self._is_reason_required("won")):
            return False
        return missing.action_open_won_dialog(stage.id)

    # === BUSINESS METHODS === #

    @api.model
    def _is_reason_required(self, status):
        """Tell whether ``won`` or ``lost`` opportunities need their reason."""
        return bool(self._get_opportunity_setting(f"require_{status}_reason"))

    @api.model
    def _get_checked_amounts(self):
        return [*super()._get_checked_amounts(), "actual_revenue", "awarded_revenue"]

    @api.model
    def _get_checked_dates(self):
        return [*super()._get_checked_dates(), "actual_close_date"]

    def _check_closed_edit(self, vals=None):
        """By setting, only sales managers change won and lost opportunities.

        :param dict vals: what is to be written; writing what is already there is no
            change: Odoo does so while closing. None: what hangs on them changes
        """
        if not self._is_closed_edit_guarded():
            return
        checked = self.env.context.get("opportunity_closed_edit")
        if checked is ALL_LEADS:
            return
        checked = checked if isinstance(checked, CheckedLeads) else ()
        changed = self.filtered(
            lambda lead: lead.won_status in ("won", "lost") and lead.id not in checked
        )
        if vals is not None:
            changed = changed.filtered(lambda lead: lead._is_changed_by(vals))
        if changed:
            raise UserError(
                self.env._(
                    "Only sales managers may change closed opportunities: %(leads)s",
                    leads=", ".join(changed.mapped("name")),
                )
            )

    def _is_closed_edit_guarded(self):
        return (
            not self.env.su
            and self._get_opportunity_setting("closed_edit") == "managers"
            and not self.env.user.has_group("sales_team.group_sale_manager")
        )

    def _allow_closed_edit(self, checked):
        """Return these opportunities with the guard lifted for those ``checked``."""
        if not self._is_closed_edit_guarded():
            return self
        return self.with_context(opportunity_closed_edit=checked)

    def _message_post_after_hook(self, message, msg_vals):
        # Odoo gives a new contact to everything with its email, closed ones included.
        unguarded = self._allow_closed_edit(ALL_LEADS)
        return super(OpportunityOutcomeMixin, unguarded)._message_post_after_hook(
            message, msg_vals
        )

    def _is_changed_by(self, vals):
        """Tell whether writing ``vals`` would change this opportunity."""
        for name in vals.keys() - CHATTER_FIELDS:
            field = self._fields.get(name)
            if not field or field.type in ("one2many", "many2many"):
                return True
            if field.convert_to_cache(vals[name], self) != field.convert_to_cache(
                self[name], self
            ):
                return True
        return False

    def _update_revenues_from_so(self, order):
        self.check_access("write")
        # sudo: a confirmed order may raise the revenue of a closed opportunity
        return super(OpportunityOutcomeMixin, self.sudo())._update_revenues_from_so(
            order
        )

    def _handle_won_lost(self, old_status_by_lead, new_status_by_lead):
        # sudo: a reseller of the portal may close, but not read the outcome
        leads = self.sudo()
        # Lost ones that are won at once: the loss is no part of it.
        leads.filtered(
            lambda lead: (
                lead.won_status == "won"
                and old_status_by_lead.get(lead.id, {}).get("is_lost")
            )
        )._write_outcome(
            {
                "actual_close_date": False,
                "awarded_to_id": False,
                "awarded_revenue": False,
            }
        )
        closed = leads.filtered(lambda lead: lead.won_status in ("won", "lost"))
        closed._fill_actuals()
        (leads - closed).filtered(
            lambda lead: any(old_status_by_lead.get(lead.id, {}).values())
        )._clear_outcome()
        return super()._handle_won_lost(old_status_by_lead, new_status_by_lead)

    def _fill_actuals(self):
        """Give closed opportunities the date and, when won, the revenue they lack."""
        today = fields.Date.context_today(self)
        undated = self.filtered(lambda lead: not lead.actual_close_date)
        undated._write_outcome({"actual_close_date": today})
        won = self.filtered(lambda x: x.won_status == "won" and not x.actual_revenue)
        for revenue, leads in won.grouped("expected_revenue").items():
            if revenue:
                leads._write_outcome({"actual_revenue": revenue})

    def _clear_outcome(self):
        """Empty the outcome of what was reopened; the history keeps its values."""
        self._write_outcome(dict.fromkeys(self._outcome_fields, False))

    def _write_outcome(self, values):
        """Write past the guard of closed opportunities: closing is no edit."""
        return super().write(values) if self else True

    def _merge_opportunity(self, *args, **kwargs):
        # Odoo deletes the merged ones as superuser, whatever the user may change.
        self.check_access("write")
        self._check_closed_edit()
        return super()._merge_opportunity(*args, **kwargs)

    def _merge_get_fields_specific(self):
        return {
            **super()._merge_get_fields_specific(),
            "competitor_ids": lambda fname, leads: leads._get_merged_competitors(),
        }

    def _get_merged_competitors(self):
        """Return the competitors that the company of the merged one may name."""
        # sudo: what the user may not see has a company as well
        competitors = self.sudo().competitor_ids
        # the first company that is given prevails, as for Odoo
        domain = competitors._check_company_domain(self.company_id[:1])
        return competitors.filtered_domain(domain)

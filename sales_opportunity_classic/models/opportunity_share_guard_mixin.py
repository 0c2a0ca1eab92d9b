from odoo import models

# In the context while mail.activity asks whom its records concern; an object, so that
# no client sends it.
READ_ACTIVITIES = object()


class OpportunityShareGuardMixin(models.AbstractModel):
    """What a share does not give, and what ends with it.

    Whoever works on an opportunity by a share alone neither merges it away nor gives
    it to somebody else. Whoever may not read it any more is not told about it.
    """

    _name = "opportunity.share.guard.mixin"
    _description = "Limits of Sharing"

    # What a share never lets anybody change.
    _owner_fields = ("user_id", "team_id", "company_id")

    # === CRUD METHODS === #

    def write(self, vals):
        names = [name for name in self._owner_fields if name in vals]
        # Forms send what did not change as well.
        # sudo: compared only
        moved = self.sudo().filtered(
            lambda lead: any(lead[name].id != (vals[name] or False) for name in names)
        )
        moved.sudo(self.env.su)._check_unshared(
            self.env._(
                "“%s” is shared with you. Its salesperson, sales team and company are "
                "for its owner to change."
            )
        )
        reassigned = moved if "user_id" in vals else moved.browse()
        # Odoo chooses another sales team with another type.
        kept = self._filter_shared_alone() if "type" in vals else self.browse()
        with self.env.protecting([self._fields["team_id"]], kept):
            result = super().write(vals)
        reassigned._handle_shares_of_reassigned()
        return result

    def _handle_shares_of_reassigned(self):
        """By setting the shares end with the salesperson who gave them."""
        # sudo: whoever gives an opportunity away may be unable to read it afterwards
        leads = self.sudo().filtered("share_ids")
        if not leads:
            return
        if self._get_opportunity_setting("reassigned_shares", "keep") != "keep":
            leads.share_ids.unlink()
            return
        leads._message_log_batch(
            bodies={
                lead.id: self.env._(
                    "The salesperson changed. It stays shared with %s.",
                    ", ".join(lead.share_ids.mapped("display_name")),
                )
                for lead in leads
            }
        )

    def copy(self, default=None):
        # Everybody may make opportunities of their own, also of those of others.
        self._check_unshared(
            self.env._("“%s” is shared with you: it is for its owner to copy.")
        )
        return super().copy(default)

    # === MERGE === #

    def _merge_opportunity(self, *args, **kwargs):
        # Odoo deletes the merged ones as superuser, whatever the user may change.
        self.check_access("write")
        self._check_unshared(
            self.env._("“%s” is shared with you: it is for its owner to merge.")
        )
        return super()._merge_opportunity(*args, **kwargs)

    def _merge_dependences(self, opportunities):
        result = super()._merge_dependences(opportunities)
        # sudo: merging keeps the shares that are there, it shares nothing anew
        opportunities.sudo().share_ids._hand_over(self.sudo())
        return result

    # === NOTICES === #

    def _message_auto_subscribe_notify(self, partner_ids, template):
        # sudo: whoever gives an opportunity away may be unable to read it afterwards
        leads = self.sudo()
        return super(OpportunityShareGuardMixin, leads)._message_auto_subscribe_notify(
            partner_ids, template
        )

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Drop employees who may not read the opportunity, or not any more."""
        recipients = super()._notify_get_recipients(message, msg_vals, **kwargs)
        if not self:
            return recipients
        employees = {data["uid"] for data in recipients if data["uid"]}
        lost = {uid for uid in employees if not self._is_readable_by(uid)}
        return [data for data in recipients if data["uid"] not in lost]

    def _is_readable_by(self, user_id):
        """Tell whether an employee may read the opportunity; customers on the portal
        get what is sent to them."""
        # sudo: who may read it is not the sender's to see
        user = self.env["res.users"].sudo().browse(user_id)
        # sudo: see above
        if user.share or user in self.sudo().user_id:
            return True
        reader = self.with_user(user).with_context(allowed_company_ids=None)
        return reader.has_access("read")

    # === ACTIVITIES === #

    def _filtered_access(self, operation):
        if self.env.context.get("opportunity_access") is READ_ACTIVITIES:
            operation = "read"
        return super()._filtered_access(operation)

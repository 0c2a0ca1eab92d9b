from collections import defaultdict

from markupsafe import Markup

from odoo import models
from odoo.tools import format_date

# In the context of what tells nobody; an object, so that no client sends it.
QUIET = object()


class OpportunityShareNoticeMixin(models.AbstractModel):
    """Says in words what is shared, logs it on the opportunity and tells the people
    concerned."""

    _name = "opportunity.share.notice.mixin"
    _description = "Notices of Sharing"

    # === WORDS === #

    def _describe(self):
        """Return what is given: “for editing until 3 May 2026”."""
        self.ensure_one()
        if not self.date_until:
            if self.access == "edit":
                return self.env._("for editing")
            return self.env._("for reading")
        until = format_date(self.env, self.date_until)
        if self.access == "edit":
            return self.env._("for editing until %s", until)
        return self.env._("for reading until %s", until)

    def _explain(self):
        """Say why whom it was given to sees the opportunity."""
        self.ensure_one()
        giver = self.granted_by_id.name or self.env._("Somebody")
        if self.user_id:
            return self.env._(
                "You see this because %(giver)s shared it %(terms)s.",
                giver=giver,
                terms=self._describe(),
            )
        return self.env._(
            "You see this because %(giver)s shared it with %(recipient)s %(terms)s.",
            giver=giver,
            recipient=self.display_name,
            terms=self._describe(),
        )

    # === NOTICES === #

    def _tell_granted(self):
        self._log(
            lambda share: self.env._(
                "Shared with %(recipient)s %(terms)s.",
                recipient=share.display_name,
                terms=share._describe(),
            )
        )
        self._notify(
            lambda share: self.env._(
                "%(user)s shared “%(lead)s” with you %(terms)s.",
                user=self.env.user.name,
                lead=share.lead_id._get_html_link(),
                terms=share._describe(),
            )
        )

    def _tell_changed(self):
        self._log(
            lambda share: self.env._(
                "Now shared with %(recipient)s %(terms)s.",
                recipient=share.display_name,
                terms=share._describe(),
            )
        )
        self._notify(
            lambda share: self.env._(
                "%(user)s now shares “%(lead)s” with you %(terms)s.",
                user=self.env.user.name,
                lead=share.lead_id._get_html_link(),
                terms=share._describe(),
            )
        )

    def _tell_revoked(self):
        self._log(
            lambda share: self.env._(
                "No longer shared with %(recipient)s.",
                recipient=share.display_name,
            )
        )
        self._notify(
            lambda share: self.env._(
                "%(user)s no longer shares “%(lead)s” with you.",
                user=self.env.user.name,
                lead=share.lead_id.name,
            )
        )

    def _log(self, get_text):
        """Log on the opportunities what happened to these shares."""
        if self.env.context.get("opportunity_share_quiet") is QUIET:
            return
        # sudo: names of groups and teams are not for everybody to read
        by_lead = self.sudo().grouped("lead_id")
        texts = {
            lead.id: Markup("<br/>").join(map(get_text, shares))
            for lead, shares in by_lead.items()
        }
        if texts:
            self.lead_id._message_log_batch(bodies=texts)

    def _notify(self, get_text):
        """Tell the people concerned, in one message each, however many there are."""
        if self.env.context.get("opportunity_share_quiet") is QUIET:
            return
        for partners, shares in self._group_by_people().items():
            self.env["mail.thread"].message_notify(
                partner_ids=partners.ids,
                subject=self.env._("Shared opportunities"),
                body=Markup("<br/>").join(map(get_text, shares)),
            )

    def _group_by_people(self):
        """Return {partners: their shares}; members of groups are not told."""
        people = defaultdict(self.browse)
        # sudo: members of teams are not for everybody to read
        for share in self.sudo():
            users = share.user_id or share.team_id.member_ids
            if (
                partners := users.filtered("active").partner_id
                - self.env.user.partner_id
            ):
                people[partners] += share
        return people

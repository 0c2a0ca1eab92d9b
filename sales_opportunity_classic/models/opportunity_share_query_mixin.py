from datetime import datetime

from odoo import api, fields, models

from ..tools import sharing

# What a transaction knows of what is shared with whom.
KNOWN = "opportunity_share_known"
# So many opportunities are named in queries; of more these ask the table.
INLINE_LIMIT = 1000


class OpportunityShareQueryMixin(models.AbstractModel):
    """What is shared with the user, for record rules and searches.

    A transaction asks once and keeps the answer until it changes a share or a team, or
    ends.
    """

    _name = "opportunity.share.query.mixin"
    _description = "Query of Shared Opportunities"

    @api.model
    def _get_shared_ids(self, access="read"):
        """Return the ids of what is shared with the user right now, or None where it
        is too much to be named in queries: see :meth:`_select_leads`.

        Asked once per transaction, which sees no shares that others make meanwhile.
        """
        # sudo: groups are asked for the rule, not for the reader
        user = self.env.user.sudo()
        if not user.active or user.share:
            return []
        recipient = self._get_recipient_values()
        now = recipient["now"]
        rows = self._get_shared_rows(recipient)
        if len(rows) > INLINE_LIMIT:
            return None
        return [
            lead_id
            for lead_id, edits, end in rows
            if (edits or access == "read") and (not end or end > now)
        ]

    def _get_shared_rows(self, recipient):
        known = self.env.cr.cache.setdefault(KNOWN, {})
        key = recipient["user_id"], tuple(recipient["group_ids"])
        asked, rows = known.get(key, (datetime.max, ()))
        if recipient["now"] < asked:
            self._flush_shares()
            query = sharing.select_first_shared(recipient, INLINE_LIMIT + 1)
            rows = self.env.execute_query(query)
            known[key] = recipient["now"], rows
            # A cursor outlives its transactions.
            self.env.cr.postcommit.add(self._forget_shared)
            self.env.cr.postrollback.add(self._forget_shared)
        return rows

    @api.model
    def _select_leads(self, access, lead_ids=None):
        """Return the query of the ids of what is shared with the user right now.

        :param str access: ``read``, or ``edit`` for what the user may edit alone
        :param list lead_ids: only among these opportunities
        """
        self._flush_shares()
        return sharing.select_shared(self._get_recipient_values(), access, lead_ids)

    @api.model
    def _get_recipient_values(self):
        # sudo: groups are asked for the rule, not for the reader
        group_ids = list(self.env.user.sudo()._get_group_ids())
        now = fields.Datetime.now()
        return {"user_id": self.env.uid, "group_ids": group_ids, "now": now}

    def _flush_shares(self):
        """What is not yet written would be missed by SQL."""
        self.flush_model()
        self.env["crm.team.member"].flush_model(["active", "crm_team_id", "user_id"])

    @api.model
    def _forget_shared(self):
        """Ask again what is shared with whom, as this transaction changes it."""
        self.env.cr.cache.pop(KNOWN, None)

"""Which opportunities are shared with somebody, asked of the database as it is now."""

from odoo.tools import SQL

# One branch per way of sharing, so that each one uses its index.
SELECT_SHARES = """
    SELECT share.lead_id, share.access
      FROM opportunity_share AS share
     WHERE share.user_id = %(user_id)s AND %(live)s
     UNION ALL
    SELECT share.lead_id, share.access
      FROM opportunity_share AS share
      JOIN crm_team_member AS member
        ON member.crm_team_id = share.team_id AND member.active
     WHERE member.user_id = %(user_id)s AND %(live)s
     UNION ALL
    SELECT share.lead_id, share.access
      FROM opportunity_share AS share
     WHERE share.group_id = ANY(%(group_ids)s) AND %(live)s
"""
# The last day ends where whoever shared lives; rows made by SQL know the day alone.
IS_LIVE = """
    (share.date_until IS NULL
     OR COALESCE(share.datetime_end, share.date_until + 1) > %(now)s)
"""


def select_shares(user_id, group_ids, now, lead_ids=None):
    """Return the query of (lead_id, access) of all shares in force for somebody.

    :param list group_ids: all groups of the user, implied ones too
    :param datetime now: the present, in UTC
    :param list lead_ids: only of these opportunities
    """
    live = SQL(IS_LIVE, now=now)
    if lead_ids is not None:
        live = SQL("%s AND share.lead_id = ANY(%s)", live, list(lead_ids))
    return SQL(SELECT_SHARES, user_id=user_id, group_ids=list(group_ids), live=live)


def select_shared_leads(shares, access="read"):
    """Return the query of the opportunities of ``shares`` that may be read, or
    edited."""
    if access == "read":
        return SQL("SELECT lead_id AS id FROM (%s) AS shares", shares)
    return SQL("SELECT lead_id AS id FROM (%s) AS shares WHERE access = 'edit'", shares)


def select_access(shares, limit):
    """Return the query of (lead_id, whether it may be edited), of ``limit`` at most."""
    return SQL(
        """
        SELECT lead_id, bool_or(access = 'edit')
          FROM (%s) AS shares
         GROUP BY lead_id
         LIMIT %s
        """,
        shares,
        limit,
    )

"""Which opportunities are shared with somebody, asked of the database as it is now."""

from odoo.tools import SQL

# One scan of the shares, with one index per way of sharing. The last day ends where
# whoever shared lives; rows made by SQL know the day alone.
SELECT_SHARED = """
    SELECT share.lead_id
      FROM opportunity_share AS share
     WHERE (share.user_id = %(user_id)s
            OR share.team_id = ANY(ARRAY(
                SELECT crm_team_id FROM crm_team_member
                 WHERE user_id = %(user_id)s AND active))
            OR share.group_id = ANY(%(group_ids)s))
       AND COALESCE(share.datetime_end, share.date_until + 1, 'infinity') > %(now)s
"""
SELECT_NOTHING = "SELECT NULL::integer AS lead_id WHERE FALSE"


def select_shared(user_id, group_ids, now, access="read", lead_ids=None):
    """Return the query of the ids of all opportunities shared with somebody.

    :param list group_ids: all groups of the user, implied ones too
    :param datetime now: the present, in UTC
    :param str access: ``read``, or ``edit`` for those to edit alone
    :param list lead_ids: only among these opportunities
    """
    query = SQL(SELECT_SHARED, user_id=user_id, group_ids=list(group_ids), now=now)
    if access == "edit":
        query = SQL("%s AND share.access = 'edit'", query)
    if lead_ids is not None:
        query = SQL("%s AND share.lead_id = ANY(%s)", query, list(lead_ids))
    return query


def select_nothing():
    """Return the query for whom nothing can be shared with."""
    return SQL(SELECT_NOTHING)

"""Which opportunities are shared with somebody, asked of the database as it is now."""

from odoo.tools import SQL

# One branch per way of sharing, so that each one uses its index.
SELECT_SHARES = """
    SELECT share.lead_id
      FROM opportunity_share AS share
     WHERE share.user_id = %(user_id)s AND %(live)s
     UNION ALL
    SELECT share.lead_id
      FROM opportunity_share AS share
      JOIN crm_team_member AS member
        ON member.crm_team_id = share.team_id AND member.active
     WHERE member.user_id = %(user_id)s AND %(live)s
     UNION ALL
    SELECT share.lead_id
      FROM opportunity_share AS share
     WHERE share.group_id = ANY(%(group_ids)s) AND %(live)s
"""
# The last day ends where whoever shared lives; rows made by SQL know the day alone.
IS_LIVE = """
    (share.date_until IS NULL
     OR COALESCE(share.datetime_end, share.date_until + 1) > %(now)s)
    AND EXISTS (SELECT FROM res_users AS reader
                 WHERE reader.id = %(user_id)s AND reader.active AND NOT reader.share)
"""


def select_shared(user_id, group_ids, now, access="read", lead_ids=None):
    """Return the query of the ids of all opportunities shared with an employee.

    :param list group_ids: all groups of the employee, implied ones too
    :param datetime now: the present, in UTC
    :param str access: ``read``, or ``edit`` for those to edit alone
    :param list lead_ids: only among these opportunities
    """
    live = SQL(IS_LIVE, user_id=user_id, now=now)
    if access == "edit":
        live = SQL("%s AND share.access = 'edit'", live)
    if lead_ids is not None:
        live = SQL("%s AND share.lead_id = ANY(%s)", live, list(lead_ids))
    return SQL(SELECT_SHARES, user_id=user_id, group_ids=list(group_ids), live=live)

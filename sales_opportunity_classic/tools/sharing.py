"""Which opportunities are shared with somebody, asked of the database as it is now."""

from odoo.tools import SQL

# One scan of the shares, with one index per way of sharing. The last day ends where
# whoever shared lives; rows made by SQL know the day alone.
SELECT_SHARED = """
    SELECT share.lead_id%(columns)s
      FROM opportunity_share AS share
     WHERE (share.user_id = %(user_id)s
            OR share.team_id = ANY(ARRAY(
                SELECT crm_team_id FROM crm_team_member
                 WHERE user_id = %(user_id)s AND active))
            OR share.group_id = ANY(%(group_ids)s))
       AND COALESCE(share.datetime_end, share.date_until + 1, 'infinity') > %(now)s
"""


def select_first_shared(recipient, limit):
    """Return the query of the first opportunities shared with somebody: their ids,
    whether to edit them, and the end of that.

    :param dict recipient: ``user_id``, ``group_ids``, all of the user's groups, implied
        ones too, and ``now``, the present in UTC
    """
    columns = SQL(
        ", share.access = 'edit', COALESCE(share.datetime_end, share.date_until + 1)"
    )
    return SQL("%s LIMIT %s", SQL(SELECT_SHARED, columns=columns, **recipient), limit)


def select_shared(recipient, access="read", lead_ids=None):
    """Return the query of the ids of all opportunities shared with somebody.

    :param dict recipient: see :func:`select_first_shared`
    :param str access: ``read``, or ``edit`` for those to edit alone
    :param list lead_ids: only among these opportunities
    """
    query = SQL(SELECT_SHARED, columns=SQL(), **recipient)
    if access == "edit":
        query = SQL("%s AND share.access = 'edit'", query)
    if lead_ids is not None:
        query = SQL("%s AND share.lead_id = ANY(%s)", query, list(lead_ids))
    return query

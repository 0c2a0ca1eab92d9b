"""Which opportunities are shared with somebody, asked of the database as it is now."""

from odoo.tools import SQL

# The last day ends where whoever shared lives; rows made by SQL know the day alone.
SELECT_SHARED = """
    SELECT share.lead_id
      FROM opportunity_share AS share
     WHERE (%s)
       AND COALESCE(share.datetime_end, share.date_until + 1, 'infinity') > %s
"""
SHARED_WITH_TEAMS = """
    share.team_id = ANY(ARRAY(
        SELECT crm_team_id FROM crm_team_member WHERE user_id = %s AND active))
"""
SELECT_WAYS = """
    SELECT EXISTS(SELECT FROM opportunity_share WHERE user_id = %(user_id)s),
           EXISTS(SELECT FROM opportunity_share WHERE team_id IS NOT NULL),
           EXISTS(SELECT FROM opportunity_share WHERE group_id = ANY(%(group_ids)s))
"""
SELECT_NOTHING = "SELECT NULL::integer AS lead_id WHERE FALSE"


def select_ways(user_id, group_ids):
    """Return the query for whether there are shares with a user, any team, and groups.

    :param tuple group_ids: all groups of the user, implied ones too
    """
    return SQL(SELECT_WAYS, user_id=user_id, group_ids=list(group_ids))


def get_ways(user_id, group_ids, found):
    """Return the conditions on shares by which somebody may have been given anything.

    Each has an index, but costs PostgreSQL time to plan: those that nobody uses are
    left out.

    :param tuple group_ids: all groups of the user, implied ones too
    :param tuple found: what the query of :func:`select_ways` tells
    """
    ways = (
        SQL("share.user_id = %s", user_id),
        SQL(SHARED_WITH_TEAMS, user_id),
        SQL("share.group_id = ANY(%s)", list(group_ids)),
    )
    return [way for way, is_used in zip(ways, found, strict=True) if is_used]


def select_shared(ways, now, access="read", lead_ids=None):
    """Return the query of the ids of all opportunities shared in one of these ways.

    :param list ways: conditions on shares
    :param datetime now: the present, in UTC
    :param str access: ``read``, or ``edit`` for those to edit alone
    :param list lead_ids: only among these opportunities
    """
    if not ways:
        return SQL(SELECT_NOTHING)
    query = SQL(SELECT_SHARED, SQL(" OR ").join(ways), now)
    if access == "edit":
        query = SQL("%s AND share.access = 'edit'", query)
    if lead_ids is not None:
        query = SQL("%s AND share.lead_id = ANY(%s)", query, list(lead_ids))
    return query

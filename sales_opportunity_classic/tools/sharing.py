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
SELECT_NOTHING = "SELECT NULL::integer AS lead_id WHERE FALSE"


def get_ways(user_id, group_ids, recipients):
    """Return the conditions on shares by which somebody may have been given anything.

    Each has an index, but costs PostgreSQL time to plan: those that nobody uses are
    left out.

    :param list group_ids: all groups of the user, implied ones too
    :param recipients: the ids of the users, teams and groups with any share
    """
    users, teams, groups = recipients
    ways = []
    if user_id in users:
        ways.append(SQL("share.user_id = %s", user_id))
    if teams:
        ways.append(SQL(SHARED_WITH_TEAMS, user_id))
    if mine := groups.intersection(group_ids):
        ways.append(SQL("share.group_id = ANY(%s)", sorted(mine)))
    return ways


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

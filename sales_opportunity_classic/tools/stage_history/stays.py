"""How long opportunities stayed in their stages."""

from itertools import zip_longest

from odoo.tools import SQL

# Rows where the opportunity entered a stage; an outcome alone stays in it.
SELECT_ENTRIES = """
    SELECT lead_id, to_stage_id, date
      FROM opportunity_stage_move
     WHERE lead_id = ANY(%(lead_ids)s)
       AND origin IS NULL
       AND (from_stage_id IS DISTINCT FROM to_stage_id
            OR kind IN ('created', 'imported', 'moved'))
     ORDER BY lead_id, date, id
"""


def select_entries(lead_ids):
    """Return the query of (lead id, stage id, date) in the order of time per lead."""
    return SQL(SELECT_ENTRIES, lead_ids=lead_ids)


def add_up_stays(entries, now):
    """Return {lead id: {stage id: seconds}} of entries in the order of time per lead.

    Whole seconds per stay, as Odoo counts; the last stay of a lead lasts until ``now``.
    """
    totals = {}
    for entry, following in zip_longest(entries, entries[1:], fillvalue=(None,)):
        lead_id, stage_id, since = entry
        until = following[2] if following[0] == lead_id else now
        stays = totals.setdefault(lead_id, {})
        seconds = int((until - since).total_seconds())
        stays[stage_id] = stays.get(stage_id, 0) + seconds
    return totals

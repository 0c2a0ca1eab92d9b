"""What is due, picked out of however many subscriptions. Plain SQL, no ORM."""

from odoo.tools import SQL

# The condition of the index, so that only it is read.
IS_WAITING = "date_due IS NOT NULL AND is_parked IS NOT TRUE"
TAKE_DUE = f"""
    SELECT id FROM opportunity_subscription
     WHERE {IS_WAITING} AND date_due <= %(day)s
     ORDER BY date_due, id
     LIMIT %(limit)s
       FOR NO KEY UPDATE SKIP LOCKED
"""
COUNT_DUE = f"""
    SELECT count(*) FROM opportunity_subscription
     WHERE {IS_WAITING} AND date_due <= %(day)s
"""


def take_due(day, limit):
    """Return the statement that locks what is due on ``day``, the oldest first; what
    another transaction works on is left out."""
    return SQL(TAKE_DUE, day=day, limit=limit)


def count_due(day):
    """Return the statement that counts what is due on ``day``."""
    return SQL(COUNT_DUE, day=day)

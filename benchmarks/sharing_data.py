"""The 40,000 shares of the benchmarks: five salespeople get as many as are measured,
the others the rest."""

from .data import LOGIN, SALESPEOPLE

SIZES = (0, 50, 200, 2_000, 10_000)
SHARES = 40_000

# Leads in no order, each of somebody else; a third to edit, a tenth for a time.
SHARE_LEADS = """
    INSERT INTO opportunity_share (
        lead_id, user_id, access, date_until, datetime_end, granted_by_id,
        date_granted, create_uid, write_uid, create_date, write_date
    )
    SELECT id, %(user)s, CASE WHEN mod(id, 3) = 0 THEN 'edit' ELSE 'read' END,
           CASE WHEN mod(id, 10) = 0 THEN DATE '2099-12-31' END,
           CASE WHEN mod(id, 10) = 0 THEN TIMESTAMP '2100-01-01' END, user_id,
           create_date, user_id, user_id, create_date, create_date
      FROM crm_lead
     WHERE active AND user_id <> %(user)s
     ORDER BY md5(id || '-' || %(user)s)
     LIMIT %(count)s
"""


def fill_shared(env):
    """Share opportunities with salespeople."""
    rest, others = SHARES - sum(SIZES), SALESPEOPLE - len(SIZES)
    counts = [*SIZES, *(rest // others + (n < rest % others) for n in range(others))]
    for number, count in enumerate(counts):
        user = env["res.users"].search([("login", "=", LOGIN.format(number))])
        env.cr.execute(SHARE_LEADS, {"user": user.id, "count": count})
    env.cr.commit()

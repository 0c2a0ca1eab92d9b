"""The queue of follow-up steps: picking what is due, and noting what became of it.

Statements over a cursor, set-based: one per batch, whatever its size.
"""

from typing import NamedTuple

from odoo.tools import SQL

# What others work on is theirs; what they have just done is seen as done.
SELECT_DUE = """
    SELECT id FROM opportunity_sequence_enrollment
     WHERE state = 'active' AND date_next <= %(now)s
     ORDER BY date_next, id
     LIMIT %(limit)s
       FOR NO KEY UPDATE SKIP LOCKED
"""

SELECT_AWAKE = """
    SELECT enrollment.id
      FROM opportunity_sequence_enrollment AS enrollment
      LEFT JOIN mail_activity AS task ON task.id = enrollment.waiting_activity_id
     WHERE enrollment.is_waiting AND enrollment.state = 'active'
       AND (task.id IS NULL OR NOT task.active)
     ORDER BY enrollment.id
     LIMIT %(limit)s
       FOR NO KEY UPDATE OF enrollment SKIP LOCKED
"""

INSERT_RUNS = """
    INSERT INTO opportunity_sequence_run (
        enrollment_id, step_id, round, sequence_id, lead_id, partner_id, name,
        step_type, state, note, date, date_due, user_id, message_id, activity_id,
        letter_id
    )
    SELECT enrollment.id, run.step_id, enrollment.round, enrollment.sequence_id,
           enrollment.lead_id, enrollment.partner_id, run.name, run.step_type,
           run.state, run.note, %(now)s, enrollment.date_next, run.user_id,
           run.message_id, run.activity_id, run.letter_id
      FROM jsonb_to_recordset(%(rows)s::jsonb) AS run(
               enrollment_id int, step_id int, name text, step_type text, state text,
               note text, user_id int, message_id int, activity_id int, letter_id int
           )
      JOIN opportunity_sequence_enrollment AS enrollment
        ON enrollment.id = run.enrollment_id
"""

UPDATE_ENROLLMENTS = """
    UPDATE opportunity_sequence_enrollment AS enrollment
       SET state = new.state, stop_reason = new.stop_reason, note = new.note,
           next_step_id = new.next_step_id, date_next = new.date_next,
           is_waiting = COALESCE(new.is_waiting, FALSE),
           waiting_activity_id = new.waiting_activity_id, date_paused = NULL,
           date_end = CASE WHEN new.state = 'active' THEN NULL ELSE %(now)s END,
           write_date = %(now)s
      FROM jsonb_to_recordset(%(rows)s::jsonb) AS new(
               id int, state text, stop_reason text, note text, next_step_id int,
               date_next timestamp, is_waiting boolean, waiting_activity_id int
           )
     WHERE enrollment.id = new.id
"""


class Trouble(NamedTuple):
    """Why a step cannot be carried out for a record."""

    reason: str


def select_due(now, limit):
    """Return the statement that locks and picks what is due, longest due first."""
    return SQL(SELECT_DUE, now=now, limit=limit)


def select_awake(limit):
    """Return the statement that locks and picks what waited for a task that is done."""
    return SQL(SELECT_AWAKE, limit=limit)


def insert_runs(rows, now):
    """Return the statement that notes steps as carried out.

    :param str rows: JSON list of dictionaries
    """
    return SQL(INSERT_RUNS, rows=rows, now=now)


def update_enrollments(rows, now):
    """Return the statement that moves enrolments on.

    :param str rows: JSON list of dictionaries
    """
    return SQL(UPDATE_ENROLLMENTS, rows=rows, now=now)

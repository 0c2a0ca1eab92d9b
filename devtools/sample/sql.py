"""The statements that move opportunities and their history into the past."""

ROWS = """
    jsonb_to_recordset(%(rows)s::jsonb) AS past (
        id int, engaged timestamp, closed timestamp)
"""

DATE_OPPORTUNITIES = f"""
    UPDATE crm_lead AS lead
       SET create_date = past.engaged,
           date_open = past.engaged,
           date_closed = past.closed,
           date_last_stage_update = COALESCE(
               CASE WHEN lead.won_status = 'won' THEN past.closed END, past.engaged)
      FROM {ROWS}
     WHERE lead.id = past.id
"""

DATE_CREATIONS = f"""
    UPDATE opportunity_stage_move AS move
       SET date = past.engaged, user_id = move.owner_id
      FROM {ROWS}
     WHERE move.lead_id = past.id
       AND move.kind = 'imported'
"""

DATE_CLOSINGS = f"""
    UPDATE opportunity_stage_move AS move
       SET date = past.closed,
           previous_date = past.engaged,
           days = EXTRACT(EPOCH FROM past.closed - past.engaged) / 86400,
           user_id = move.owner_id
      FROM {ROWS}
     WHERE move.lead_id = past.id
       AND move.kind IN ('won', 'lost')
"""

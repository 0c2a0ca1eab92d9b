-- Each opportunity nine times more, with its movements, messages and activities: a
-- million with five million movements. Indexes are made again afterwards, in a fraction
-- of the time.

SET synchronous_commit = off;
SET maintenance_work_mem = '512MB';

CREATE TEMPORARY TABLE growing (name, shifted, rows) AS
VALUES ('crm_lead', ARRAY['id'], 'TRUE'),
       ('mail_message', ARRAY['id', 'res_id'], 'model = ''crm.lead'''),
       ('opportunity_stage_move', ARRAY['id', 'lead_id'], 'TRUE'),
       ('mail_activity', ARRAY['id', 'res_id'], 'res_model = ''crm.lead''');

CREATE TEMPORARY TABLE kept_index AS
SELECT indexname AS name, indexdef AS definition
  FROM pg_indexes
  JOIN growing ON growing.name = tablename
 WHERE indexdef NOT LIKE 'CREATE UNIQUE%';

DO $$
DECLARE
    kept record;
    statement text;
BEGIN
    FOR kept IN SELECT * FROM kept_index LOOP
        EXECUTE format('DROP INDEX %I', kept.name);
    END LOOP;
    FOR statement IN
        SELECT format(
                   'INSERT INTO %I (%s) SELECT %s FROM %I, generate_series(1, 9) AS copy'
                   ' WHERE %s',
                   growing.name,
                   string_agg(quote_ident(field), ', '),
                   string_agg(
                       quote_ident(field) || CASE WHEN field = ANY(growing.shifted)
                           THEN ' + 1000000 * copy' ELSE '' END, ', '),
                   growing.name,
                   growing.rows
               )
          FROM growing
          JOIN LATERAL (
               SELECT column_name::text AS field
                 FROM information_schema.columns
                WHERE table_name = growing.name AND is_generated = 'NEVER'
          ) AS columns ON TRUE
         GROUP BY growing.name, growing.rows
    LOOP
        EXECUTE statement;
    END LOOP;
    FOR kept IN SELECT * FROM kept_index LOOP
        EXECUTE kept.definition;
    END LOOP;
END
$$;

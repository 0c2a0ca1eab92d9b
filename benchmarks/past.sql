-- 100,000 leads of 50 salespeople, 20 in a row for each, with four movements each.
-- The same rows every time: no random numbers, no present moment.

INSERT INTO crm_lead (
    name, type, partner_id, partner_name, email_from, email_normalized, user_id,
    team_id, company_id, country_id, priority, color, stage_id, active, probability,
    automated_probability, won_status, expected_revenue, prorated_revenue,
    recurring_revenue, recurring_revenue_monthly, recurring_revenue_monthly_prorated,
    recurring_revenue_prorated, message_bounce, create_uid, write_uid, create_date,
    write_date, date_open, date_last_stage_update, date_closed, day_open, day_close
)
SELECT 'Opportunity ' || number, 'opportunity', partner.id, partner.name,
       'buyer' || number || '@example.com', 'buyer' || number || '@example.com',
       owner, (%(teams)s::int[])[1 + mod(salesperson, 5)], 1, partner.country_id,
       mod(number, 4)::text, 0, (%(stages)s::int[])[last_stage], outcome <> 'lost',
       probability, probability, outcome, revenue, revenue * probability / 100,
       0, 0, 0, 0, 0, owner, owner, created, last_moved, created, last_moved,
       CASE WHEN outcome <> 'pending' THEN last_moved END, 0,
       CASE WHEN outcome <> 'pending' THEN EXTRACT(DAY FROM last_moved - created) END
  FROM (
       SELECT number, salesperson, outcome, revenue, created,
              (%(users)s::int[])[1 + salesperson] AS owner,
              created + INTERVAL '20 days' + mod(number * 13 + 28, 4) * INTERVAL '1 day'
                  AS last_moved,
              CASE outcome WHEN 'won' THEN 100 WHEN 'lost' THEN 0 ELSE 35 END
                  AS probability,
              CASE mod(number, 4) WHEN 0 THEN 4 WHEN 2 THEN 1 ELSE 3 END AS last_stage
         FROM (
              SELECT number, mod((number - 1) / 20, 50) AS salesperson,
                     500 + mod(number * 7919, 40000) AS revenue,
                     TIMESTAMP '2025-06-30 08:00:00' - mod(number, 700) * INTERVAL '1 day'
                         + mod(number, 36000) * INTERVAL '1 second' AS created,
                     CASE WHEN mod(number, 4) = 0 THEN 'won'
                          WHEN mod(number, 20) IN (1, 2, 3) THEN 'lost'
                          ELSE 'pending' END AS outcome
                FROM generate_series(1, %(leads)s) AS number
              ) AS drawn
       ) AS past
  JOIN res_partner AS partner
    ON partner.id = (%(partners)s::int[])[1 + mod(number, 2000)]
 ORDER BY number;

-- New, Qualified, Proposition, back to Qualified, and where the lead is now. The
-- messages of all leads are interleaved, as time passes for all of them.
CREATE TEMPORARY TABLE movement AS
SELECT lead.id AS lead_id, lead.create_uid AS uid, step, lead.stage_id, lead.won_status,
       lead.create_date + step * INTERVAL '5 days'
           + mod(lead.id * 13 + step * 7, 4) * INTERVAL '1 day' AS date,
       (%(stages)s::int[])[(ARRAY[1, 2, 3, 2])[step]] AS old_id,
       CASE WHEN step = 4 THEN lead.stage_id
            ELSE (%(stages)s::int[])[(ARRAY[2, 3, 2])[step]] END AS new_id,
       (SELECT COALESCE(max(id), 0) FROM mail_message) + row_number() OVER (
           ORDER BY lead.create_date + step * INTERVAL '5 days'
               + mod(lead.id * 13 + step * 7, 4) * INTERVAL '1 day', lead.id
       ) AS message_id
  FROM crm_lead AS lead
 CROSS JOIN generate_series(1, 4) AS step;

INSERT INTO mail_message (
    id, model, res_id, message_type, subtype_id, author_id, email_from, body,
    record_company_id, message_id, is_internal, email_add_signature, date,
    create_uid, write_uid, create_date, write_date
)
SELECT movement.message_id, 'crm.lead', movement.lead_id, 'notification',
       %(subtype)s, author.partner_id, 'salesperson@example.com', '', 1,
       '<' || movement.message_id || '@example.com>', TRUE, TRUE, movement.date,
       movement.uid, movement.uid, movement.date, movement.date
  FROM movement
  JOIN res_users AS author ON author.id = movement.uid
 ORDER BY movement.message_id;

INSERT INTO mail_tracking_value (
    field_id, mail_message_id, old_value_integer, new_value_integer, old_value_char,
    new_value_char, create_uid, write_uid, create_date, write_date
)
SELECT %(stage_field)s, movement.message_id, old.id, new.id, old.name->>'en_US',
       new.name->>'en_US', movement.uid, movement.uid, movement.date, movement.date
  FROM movement
  JOIN crm_stage AS old ON old.id = movement.old_id
  JOIN crm_stage AS new ON new.id = movement.new_id
 ORDER BY movement.message_id;

INSERT INTO mail_tracking_value (
    field_id, mail_message_id, old_value_char, new_value_char, create_uid, write_uid,
    create_date, write_date
)
SELECT %(outcome_field)s, message_id, 'Pending', initcap(won_status), uid, uid, date, date
  FROM movement
 WHERE step = 4 AND won_status <> 'pending'
 ORDER BY message_id;

SELECT setval('mail_message_id_seq', (SELECT max(id) FROM mail_message));

INSERT INTO crm_tag_rel (lead_id, tag_id)
SELECT id, (%(tags)s::int[])[1 + mod(id, 5)] FROM crm_lead WHERE mod(id, 3) > 0;

INSERT INTO mail_followers (res_model, res_id, partner_id)
SELECT 'crm.lead', lead.id, owner.partner_id
  FROM crm_lead AS lead
  JOIN res_users AS owner ON owner.id = lead.user_id;

INSERT INTO mail_followers_mail_message_subtype_rel (
    mail_followers_id, mail_message_subtype_id
)
SELECT follower.id, subtype.id
  FROM mail_followers AS follower
  JOIN mail_message_subtype AS subtype
    ON subtype.default AND COALESCE(subtype.res_model, 'crm.lead') = 'crm.lead'
 WHERE follower.res_model = 'crm.lead';

INSERT INTO mail_activity (
    res_model_id, res_model, res_id, res_name, activity_type_id, user_id, summary,
    date_deadline, active, automated, create_uid, write_uid, create_date, write_date
)
SELECT %(lead_model)s, 'crm.lead', id, name, %(activity_type)s, user_id, 'Call again',
       DATE '2025-07-01' + mod(id, 300), TRUE, FALSE, user_id, user_id, create_date,
       create_date
  FROM crm_lead
 WHERE won_status = 'pending' AND mod(id, 5) = 0;

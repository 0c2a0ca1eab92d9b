"""What happens once, when the addon meets a database with a past, or leaves it."""

from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column

# Stored computed columns: created here so that the ORM does not compute them record
# by record on a database that already holds thousands of opportunities and orders.
NEXT_ACTION_COLUMNS = {"next_action_date": "date", "next_action_note": "text"}
OFFER_COLUMNS = dict.fromkeys(
    (
        "offer_one_time",
        "offer_mrr",
        "offer_arr",
        "offer_first_year",
        "offer_contract_value",
    ),
    "numeric",
)
HAND_OVER = """
    UPDATE ir_attachment AS attachment
       SET res_model = CASE WHEN shown THEN 'crm.lead' END,
           res_id = CASE WHEN shown THEN lead_id ELSE 0 END
      FROM (
            SELECT attachment_id, lead_id,
                   lead_id IS NOT NULL AND visibility <> 'private' AS shown
              FROM opportunity_file
           ) AS file
     WHERE file.attachment_id = attachment.id
"""
COLUMNS = {
    "crm_lead": NEXT_ACTION_COLUMNS | OFFER_COLUMNS,
    "sale_order_line": {"recurring_price_unit": "float8"},
}


def pre_init_hook(env):
    """Create the columns of what is stored: the next actions empty, which
    ``post_init_hook`` fills, those of the offers and orders as of no products."""
    for table, columns in COLUMNS.items():
        for column, column_type in columns.items():
            if not column_exists(env.cr, table, column):
                create_column(env.cr, table, column, column_type)
    _create_filled_column(env, "follow_lines", "bool", True)
    _create_offer_currencies(env)


def post_init_hook(env):
    """Give the leads that are already there their history, actuals and next action."""
    _fill_actuals(env)
    _fill_next_actions(env)
    env["opportunity.stage.move"]._rebuild_history()
    env["opportunity.custom.definition"].search([])._take_back()


def uninstall_hook(env):
    """Keep custom fields and their values for the next installation, and the content
    of the files."""
    env["opportunity.custom.definition"].search([])._park()
    _hand_over_files(env)


def _hand_over_files(env):
    """Leave the documents where Odoo shows them: in the chatter of the opportunity,
    which has the same readers. Every employee reads a contact's: private files and
    those without an opportunity stay with whoever loaded them. The bin is emptied."""
    files = env["opportunity.file"].with_context(active_test=False)
    files.search([("active", "=", False)]).unlink()
    env.flush_all()
    env.cr.execute(SQL(HAND_OVER))
    env["ir.attachment"].invalidate_model(["res_model", "res_id"])


def _fill_actuals(env):
    """Closed before the addon came: what Odoo knew of the outcome is the actual."""
    env.cr.execute(
        SQL(
            """
            UPDATE crm_lead
               SET actual_close_date = date_closed::date,
                   actual_revenue = CASE won_status WHEN 'won' THEN expected_revenue END
             WHERE won_status IN ('won', 'lost')
               AND actual_close_date IS NULL
            """
        )
    )
    env["crm.lead"].invalidate_model(["actual_close_date", "actual_revenue"])


def _fill_next_actions(env):
    """Only leads with an open activity have a next action to compute."""
    leads = env["crm.lead"].with_context(active_test=False)
    leads = leads.search([("activity_ids", "!=", False)])
    for name in NEXT_ACTION_COLUMNS:
        env.add_to_compute(leads._fields[name], leads)
    leads._recompute_recordset(list(NEXT_ACTION_COLUMNS))


def _create_offer_currencies(env):
    """Without products an offer is in the currency of its company."""
    usual = env.company.currency_id.id
    if not _create_filled_column(env, "offer_currency_id", "int4", usual):
        return
    env.cr.execute(
        SQL(
            """
            UPDATE crm_lead
               SET offer_currency_id = company.currency_id
              FROM res_company AS company
             WHERE company.id = crm_lead.company_id
               AND company.currency_id != %s
            """,
            usual,
        )
    )


def _create_filled_column(env, column, column_type, value):
    """Create a column with one value for all leads, which rewrites none of them.

    :return: whether it was created
    """
    if column_exists(env.cr, "crm_lead", column):
        return False
    name = SQL.identifier(column)
    env.cr.execute(
        SQL(
            "ALTER TABLE crm_lead ADD COLUMN %s %s DEFAULT %s",
            name,
            SQL.identifier(column_type),
            value,
        )
    )
    env.cr.execute(SQL("ALTER TABLE crm_lead ALTER COLUMN %s DROP DEFAULT", name))
    return True

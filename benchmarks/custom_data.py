"""The databases of the benchmarks of custom fields.

Three small ones hold the same 200 leads of one salesperson: `with` 200 custom fields,
`without` any, and with the same fields made by `hand`. One, `group`, is the database
of the 100,000 leads with a drop-down that is filled on all of them.
"""

from lxml import etree
from lxml.builder import E

from odoo.fields import Command

from .custom_layout import BY_HAND, OPTIONS, TABS, WIDGETS, deal_out, make_fields
from .data import LOGIN, QUIET, create_salespeople

LEADS = 200
CUSTOMERS = 20
GROUPED_BY = "x_size"
FILL_DROPDOWN = f"""
    UPDATE crm_lead SET {GROUPED_BY} = (%(keys)s::text[])[1 + mod(id, 8)]
     WHERE mod(id, 10) > 0
"""


def fill_without(env):
    """Leads alone."""
    create_leads(env, [])
    env.cr.commit()


def fill_with(env):
    """Leads with custom fields."""
    fields = make_fields()
    draft_tabs(env, deal_out(fields, TABS))
    apply_drafts(env)
    create_leads(env, fields)
    env.cr.commit()


def fill_hand(env):
    """Leads with fields and pages as somebody adds them without the addon's editor."""
    fields = make_fields()
    env["ir.model.fields"].create([prepare_by_hand(env, field) for field in fields])
    create_view(env, deal_out(fields, TABS))
    create_leads(env, fields)
    env.cr.commit()


def fill_group(env):
    """An indexed drop-down on nine of ten leads, for one who sees all documents."""
    user = env["res.users"].search([("login", "=", LOGIN.format(0))])
    user.group_ids += env.ref("sales_team.group_sale_salesman_all_leads")
    values = {"label": "Size", "name": GROUPED_BY, "field_type": "dropdown"}
    values["option_ids"] = [Command.create({"name": option}) for option in OPTIONS]
    create_tab(env, "Grouping", [values])
    apply_drafts(env)
    field = env["opportunity.custom.field"].search([("name", "=", GROUPED_BY)])
    env.cr.execute(FILL_DROPDOWN, {"keys": field.option_ids.mapped("key")})
    env.cr.commit()


def draft_tabs(env, tabs):
    """Draft tabs with their fields below two headers."""
    for number, fields in enumerate(tabs, start=1):
        create_tab(env, f"Tab {number}", [prepare_draft(field) for field in fields])


def create_tab(env, name, vals_list):
    """Draft a tab with fields of these values."""
    headers = [
        Command.create(
            {
                "name": f"Header {number}",
                "field_ids": [Command.create(values) for values in part],
            }
        )
        for number, part in enumerate(deal_out(vals_list, 2), start=1)
    ]
    env["opportunity.custom.tab"].create({"name": name, "header_ids": headers})


def prepare_draft(field):
    """The values of a custom field."""
    values = {"label": field.label, "name": field.name, "field_type": field.kind}
    if field.kind in ("dropdown", "radio", "list_box"):
        values["option_ids"] = [Command.create({"name": option}) for option in OPTIONS]
    return values


def apply_drafts(env):
    """Make what was drafted real."""
    env["opportunity.custom.definition"]._get("crm.lead").action_apply()


def prepare_by_hand(env, field):
    """The values of a field as Odoo's developer menu takes them."""
    table = f"x_lead_tag_{field.number}" if field.kind == "list_box" else ""
    return {
        "model_id": env["ir.model"]._get_id("crm.lead"),
        "name": field.name,
        "field_description": field.label,
        "relation_table": table,
        **BY_HAND[field.kind],
        "selection_ids": [
            Command.create({"value": key, "name": label, "sequence": sequence})
            for sequence, (key, label) in enumerate(field.choices)
        ],
    }


def create_view(env, tabs):
    """Add the pages that custom fields would get to the form."""
    pages = [
        make_page(f"tab_{number}", f"Tab {number}", fields)
        for number, fields in enumerate(tabs, start=1)
    ]
    place = E.xpath(*pages, expr="//sheet/notebook", position="inside")
    env["ir.ui.view"].create(
        {
            "name": "crm.lead.form.by.hand",
            "model": "crm.lead",
            "inherit_id": env.ref("crm.crm_lead_view_form").id,
            "arch": etree.tostring(place, encoding="unicode"),
        }
    )


def make_page(name, title, fields):
    """A page with two headers, the fields of each in two columns."""
    headers = [
        E.group(
            *(E.group(*map(make_node, column)) for column in deal_out(part, 2)),
            string=f"Header {number}",
        )
        for number, part in enumerate(deal_out(fields, 2), start=1)
    ]
    return E.page(*headers, name=name, string=title)


def make_node(field):
    """A field in the form."""
    node = E.field(name=field.name)
    if widget := WIDGETS.get(field.kind):
        node.set("widget", widget)
    if field.kind == "list_box":
        node.set("options", "{'no_create': True, 'color_field': 'color'}")
    return node


def create_leads(env, fields):
    """Leads of one salesperson, with values in the fields."""
    env = env(context={**env.context, **QUIET})
    user = create_salespeople(env)[0]
    customers = [{"name": f"Customer {number}"} for number in range(CUSTOMERS)]
    partners = env["res.partner"].create(customers)
    stages = env["crm.stage"].search([])
    links = {field: get_links(env, field, user, partners) for field in fields}
    env["crm.lead"].create(
        [
            {
                "name": f"Opportunity {number}",
                "type": "opportunity",
                "user_id": user.id,
                "partner_id": partners[number % CUSTOMERS].id,
                "stage_id": stages[number % 3].id,
                "expected_revenue": 100 * number,
                **{f.name: f.value(number, links[f]) for f in fields},
            }
            for number in range(LEADS)
        ]
    )


def get_links(env, field, user, partners):
    """The ids of what a field may link to: tags, where it has no options."""
    if field.kind != "list_box":
        return {"user": user.ids, "contact": partners.ids}.get(field.kind, [])
    options = env["opportunity.custom.option"].search([("field_name", "=", field.name)])
    names = [f"{field.label}: {option}" for option in OPTIONS]
    return (options or env["crm.tag"].create([{"name": name} for name in names])).ids

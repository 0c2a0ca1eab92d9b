"""Every screen worth a picture: one line each."""

import dataclasses

SALESPERSON = "salesperson"
MANAGER = "manager"
ADMIN = "admin"

# name, width, height, whether it is a phone
SIZES = (("1400", 1400, 900, False), ("400", 400, 800, True))

# What the paths mean by {name}: model, domain, and the field that should be fullest.
# "uid" in a domain is the salesperson.
RECORDS = {
    "opportunity": (
        "crm.lead",
        "[('user_id', '=', uid), ('won_status', '=', 'pending'),"
        " ('type', '=', 'opportunity')]",
        ("party_ids", "checklist_tick_ids", "stage_move_ids", "next_action_note"),
    ),
    "won": (
        "crm.lead",
        "[('user_id', '=', uid), ('won_status', '=', 'won')]",
        ("won_reason_id", "closing_note", "stage_move_ids"),
    ),
    "lost": (
        "crm.lead",
        "[('user_id', '=', uid), ('won_status', '=', 'lost'), ('active', '=', False)]",
        ("lost_reason_id", "awarded_to_id", "stage_move_ids"),
    ),
    "stage": ("crm.stage", "[]", ("checklist_item_ids",)),
    "sequence": ("opportunity.sequence", "[]", ("step_ids",)),
    "subscription": ("opportunity.subscription", "[]", ("period_ids",)),
    "partner": (
        "res.partner",
        "[('opportunity_ids', '!=', False)]",
        ("opportunity_ids",),
    ),
}

# Drafts for the editor of custom fields, where a database has none: tabs with their
# headers, and the fields of these with label, type, options and further values.
CUSTOM_TABS = (
    (
        "Launch",
        (
            (
                "Dates",
                (
                    ("Go Live", "date", (), {"required": True, "help_text": "In use"}),
                    ("Contract Ends", "date", (), {"active": False}),
                    ("Risk", "dropdown", ("Low", "Medium", "High"), {}),
                ),
            ),
            (
                "Technical",
                (
                    ("Version", "text", (), {"placeholder": "e.g. 19.0"}),
                    ("Modules", "list_box", ("Sales", "CRM", "Inventory"), {}),
                    ("Hosting", "radio", ("Cloud", "On premise"), {}),
                    ("Notes on the Launch", "text_area", (), {}),
                ),
            ),
        ),
    ),
    (
        "<script>alert(1)</script>",
        (
            (
                "عنوان طويل",
                (
                    ("تاريخ الإطلاق", "date", (), {}),
                    ("🚀🚀🚀", "stars", (), {}),
                    ('"/><field name="password"/>', "text", (), {}),
                    ("A label that goes on and on. " * 4, "currency", (), {}),
                    ("Donaudampfschifffahrtsgesellschaft" * 3, "dropdown", (), {}),
                ),
            ),
        ),
    ),
)

TABS = ".o_form_view .o_notebook .nav-link"
# On a phone the header's buttons hide behind this one.
MORE = "?.o_statusbar_buttons button[title=More]"
WON_BUTTON = "button[name=action_set_won_rainbowman]"
LOST_BUTTON = ".o_form_view button, .o-dropdown--menu button|Lost"
# The panel is a drop-down on a phone; sub-folders are folded.
FOLDERS = (
    "?.o_search_panel .o-dropdown-caret",
    "?.o_search_panel .fa-caret-right",
)
REPORTS = (
    "ageing-analysis",
    "billing-forecast",
    "forecast-analysis",
    "forecast-drift",
    "mrr-analysis",
    "sales-dashboard",
    "salesperson-analysis",
    "stage-analysis",
    "won-and-lost",
)
PREVIEW_TABS = ".o_custom_preview .nav-link"
CONFIGURATION = (
    "opportunity-folders",
    "opportunity-checklists",
    "opportunity-won-reasons",
    "opportunity-objections",
    "opportunity-contact-roles",
    "opportunity-label-formats",
    "opportunity-label-printers",
    "opportunity-letter-templates",
    "opportunity-file-categories",
    "subscription-plans",
    "sales-quotas",
)


@dataclasses.dataclass(frozen=True)
class Screen:
    """What to open as whom, what to click, and of what to take a picture.

    A selector may end with `|text`, the beginning of the element's text. A click on
    one that begins with `?` is left out where nothing visible matches. With `each`,
    every element that the selector finds is clicked in turn, and the picture taken
    after each is named after the element's text. `focus` is scrolled into view.
    """

    name: str
    user: str
    path: str
    clicks: tuple = ()
    each: str = ""
    focus: str = ""


SCREENS = (
    Screen("pipeline-kanban", SALESPERSON, "crm"),
    Screen("pipeline-list", SALESPERSON, "crm?view_type=list"),
    Screen("folder-panel", SALESPERSON, "crm", FOLDERS),
    Screen("form", SALESPERSON, "crm/{opportunity}"),
    Screen("form-tab", SALESPERSON, "crm/{opportunity}", each=TABS),
    Screen(
        "form-actions",
        SALESPERSON,
        "crm/{opportunity}",
        (MORE, ".o_opportunity_actions"),
    ),
    Screen("form-won-tab", SALESPERSON, "crm/{won}", each=TABS),
    Screen("form-lost", SALESPERSON, "crm/{lost}"),
    Screen("won-dialog", SALESPERSON, "crm/{opportunity}", (MORE, WON_BUTTON)),
    Screen("lost-dialog", SALESPERSON, "crm/{opportunity}", (MORE, LOST_BUTTON)),
    Screen(
        "print-label",
        SALESPERSON,
        "crm/{opportunity}",
        (MORE, ".o_opportunity_actions", ".o_opportunity_action_print_label"),
    ),
    Screen(
        "print-letter",
        SALESPERSON,
        "crm/{opportunity}",
        (MORE, ".o_opportunity_actions", ".o_opportunity_action_print_letter"),
    ),
    Screen("letters", SALESPERSON, "opportunity-letters"),
    Screen("letter-batches", SALESPERSON, "opportunity-letter-batches"),
    Screen(
        "letter-template",
        MANAGER,
        "opportunity-letter-templates",
        (".o_data_row td[name=name]",),
    ),
    Screen("contact", SALESPERSON, "contacts/{partner}"),
    Screen("sales-history", SALESPERSON, "sales-history"),
    Screen("sales-history-pivot", SALESPERSON, "sales-history?view_type=pivot"),
    Screen("sales-history-graph", SALESPERSON, "sales-history?view_type=graph"),
    *(Screen(path, MANAGER, path) for path in REPORTS),
    Screen("dashboard-own", SALESPERSON, "sales-dashboard"),
    Screen("clicks", SALESPERSON, "opportunity-clicks"),
    Screen("files", SALESPERSON, "opportunity-files"),
    Screen("follow-up", SALESPERSON, "opportunity-follow-up"),
    Screen("sequences", MANAGER, "opportunity-sequences"),
    Screen("sequence", MANAGER, "opportunity-sequences/{sequence}"),
    Screen("subscriptions", SALESPERSON, "opportunity-subscriptions"),
    Screen("subscription", MANAGER, "opportunity-subscriptions/{subscription}"),
    Screen("stage", ADMIN, "action-crm.crm_stage_action/{stage}"),
    *(Screen(path, ADMIN, path) for path in CONFIGURATION),
    Screen("custom-fields", MANAGER, "custom-fields"),
    Screen("custom-fields-preview", MANAGER, "custom-fields", each=PREVIEW_TABS),
    Screen(
        "custom-fields-changes",
        MANAGER,
        "custom-fields",
        focus=".o_custom_changes",
    ),
    Screen("custom-fields-adding", MANAGER, "custom-fields", (".o_custom_add_field",)),
    Screen("custom-fields-tab", MANAGER, "custom-fields", (".o_custom_open|Launch",)),
    Screen("custom-fields-header", MANAGER, "custom-fields", (".o_custom_open|Dates",)),
    Screen("custom-fields-field", MANAGER, "custom-fields", (".o_custom_open|Risk",)),
    Screen("custom-fields-empty", MANAGER, "custom-fields", ("button|Contacts",)),
    Screen("custom-fields-list", MANAGER, "custom-fields-list"),
    Screen(
        "settings",
        ADMIN,
        "action-crm.crm_config_settings_action",
        focus=".settings h2|Opportunities",
    ),
)

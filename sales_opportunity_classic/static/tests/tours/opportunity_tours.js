import {registry} from "@web/core/registry";

const notebookTab = (name) => `.o_notebook_headers a[name=${name}]`;
const wonDialog = [
    {
        content: "the Won dialog asks for the reason",
        trigger: ".modal .o_selection_badge:contains('Tour reason')",
        run: "click",
    },
    {
        content: "confirm",
        trigger: ".modal button[name=action_mark_won]",
        run: "click",
    },
    {
        content: "the dialog is gone",
        trigger: "body:not(:has(.modal))",
    },
];

registry.category("web_tour.tours").add("opportunity_record", {
    steps: () => [
        {
            content: "the General tab is open",
            trigger: `${notebookTab("general")}.active`,
        },
        {
            content: "say what to do next",
            trigger: "[name=next_action_note] textarea",
            run: "edit Call the buyer",
        },
        {
            content: "give the range",
            trigger: "[name=revenue_low] input",
            run: "edit 100",
        },
        {
            content: "tick the checklist",
            trigger: ".o_field_many2many_checkboxes input",
            run: "click",
        },
        {
            content: "save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "move to the second stage",
            trigger: ".o_form_saved .o_statusbar_status button:contains('Tour second')",
            run: "click",
        },
        {
            content: "see the history",
            trigger: notebookTab("sales_history"),
            run: "click",
        },
        {
            content: "the history tells the move",
            trigger:
                "[name=stage_move_ids] .o_data_row:contains('Tour second'):contains('Moved')",
        },
        {
            content: "the tab counts the movements",
            trigger: `${notebookTab("sales_history")}:contains('(2)')`,
        },
        {
            content: "see the details",
            trigger: notebookTab("details"),
            run: "click",
        },
        {
            content: "click the won stage",
            trigger: ".o_statusbar_status button:contains('Tour won')",
            run: "click",
        },
        ...wonDialog,
        {
            content: "won",
            trigger: "[name=stage_move_ids] .o_data_row:contains('Tour won')",
        },
    ],
});

registry.category("web_tour.tours").add("opportunity_drag_to_won", {
    steps: () => [
        {
            content: "drag the card to the won stage",
            trigger:
                ".o_opportunity_kanban .o_kanban_record:contains('Tour opportunity')",
            run: "drag_and_drop (.o_opportunity_kanban .o_kanban_group:has(.o_column_title:contains('Tour won')))",
        },
        ...wonDialog,
        {
            content: "the card is in the won stage",
            trigger:
                ".o_kanban_group:contains('Tour won') .o_kanban_record:contains('Tour opportunity')",
        },
    ],
});

registry.category("web_tour.tours").add("opportunity_won_button", {
    steps: () => [
        {
            content: "click Won",
            trigger: "button[name=action_set_won_rainbowman]",
            run: "click",
        },
        ...wonDialog,
        {
            content: "see the history",
            trigger: notebookTab("sales_history"),
            run: "click",
        },
        {
            content: "won",
            trigger: "[name=stage_move_ids] .o_data_row:contains('Won')",
        },
    ],
});

registry.category("web_tour.tours").add("opportunity_bundle_add", {
    steps: () => [
        {trigger: notebookTab("products"), run: "click"},
        {
            content: "choose a bundle",
            trigger: "[name=line_ids] button[name=action_choose_bundle]",
            run: "click",
        },
        {
            content: "one click adds it",
            trigger: ".modal .o_kanban_record:contains('Tour bundle')",
            run: "click",
        },
        {
            content: "its product is there",
            trigger:
                "body:not(:has(.modal)) [name=line_ids] .o_data_row:contains('Tour desk')",
        },
    ],
});

registry.category("web_tour.tours").add("opportunity_bundle_update", {
    steps: () => [
        {trigger: notebookTab("products"), run: "click"},
        {
            content: "the bundle has changed",
            trigger:
                ".alert:contains('Tour bundle') button[name=action_update_bundles]",
            run: "click",
        },
        {
            content: "replace its products",
            trigger: ".modal button:contains('Update')",
            run: "click",
        },
        {
            content: "its product is as it is now",
            trigger:
                "body:not(:has(.modal)) [name=line_ids] .o_data_row:contains('7.00')",
        },
        {
            content: "nothing more to update",
            trigger: ".o_form_view:not(:has(button[name=action_update_bundles]))",
        },
    ],
});

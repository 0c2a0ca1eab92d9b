import {registry} from "@web/core/registry";

const part = (what, label) => `.o_custom_part_${what}:contains('${label}')`;

function add(what, label, {below = "", details = []} = {}) {
    const form = `${below} .o_custom_adding_${what}`;
    return [
        {
            content: `type the label ${label}`,
            trigger: `${form} input[name=label]`,
            run: `edit ${label}`,
        },
        ...details.map(([control, run]) => ({
            content: `${run} for ${label}`,
            trigger: `${form} ${control}`,
            run,
        })),
        {
            content: `Enter adds ${label}`,
            trigger: `${form} input[name=label]`,
            run: "press Enter",
        },
        {
            content: `${label} is there, and the line ready for the next`,
            trigger: `${part(what, label)}:has(.o_custom_open:contains('${label}'))`,
        },
        {trigger: `${form} button[type=submit]:disabled`},
    ];
}

const open = (what, below) => ({
    content: `start adding a ${what}`,
    trigger: `${below} .o_custom_add_${what}`,
    run: "click",
});

registry.category("web_tour.tours").add("opportunity_custom_fields", {
    steps: () => [
        {
            content: "the empty screen offers an example",
            trigger: ".o_view_nocontent .o_custom_example",
        },
        {
            content: "there is nothing to apply",
            trigger: ".o_custom_apply:disabled",
        },
        ...add("tab", "Tour Launch"),
        open("group", part("tab", "Tour Launch")),
        ...add("group", "Tour Dates"),
        ...add("group", "Tour Technical"),
        open("field", part("group", "Tour Technical")),
        ...add("field", "Tour Version"),
        ...add("field", "Tour Risk", {
            details: [
                ["select[name=type]", "select dropdown"],
                ["input[name=options]", "edit Low, High"],
            ],
        }),
        {
            content: "move the field to the other header with its handle",
            trigger: `${part("field", "Tour Version")} .o_custom_handle_field`,
            run: `drag_and_drop (${part("group", "Tour Dates")} .o_custom_fields)`,
        },
        {
            content: "it is below the other header",
            trigger: `${part("group", "Tour Dates")} ${part("field", "Tour Version")}`,
        },
        {
            content: "open the field",
            trigger: ".o_custom_open:contains('Tour Version')",
            run: "click",
        },
        {
            content: "give it a placeholder",
            trigger: ".modal [name=placeholder] input",
            run: "edit e.g. 19.0",
        },
        {
            content: "save it",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "the preview has the placeholder",
            trigger: ".o_custom_preview input[placeholder='e.g. 19.0']",
        },
        {
            content: "the preview has the options",
            trigger: ".o_custom_preview .o_inner_group:contains('Low · High')",
        },
        {
            content: "the list says what will be done",
            trigger: ".o_custom_changes li:contains('Adds the field “Tour Risk”')",
        },
        {
            content: "apply",
            trigger: ".o_custom_apply:contains(5)",
            run: "click",
        },
        {
            content: "it tells what was applied",
            trigger: ".o_notification:contains('adds 2 fields')",
        },
        {
            content: "nothing is left to apply",
            trigger: ".o_custom_apply:disabled",
        },
        {
            content: "go to the opportunities",
            trigger: ".o_menu_brand",
            run: "click",
        },
        {
            content: "open one",
            trigger: ".o_kanban_record:contains('Tour opportunity')",
            run: "click",
        },
        {
            content: "open the new tab",
            trigger: ".o_notebook_headers .nav-link:contains('Tour Launch')",
            run: "click",
        },
        {
            content: "fill the text",
            trigger: "[name=x_tour_version] input",
            run: "edit 19.0",
        },
        {
            content: "choose an option",
            trigger: "[name=x_tour_risk] input",
            run: "click",
        },
        {
            content: "that with the highest risk",
            trigger: ".o_select_menu_item:contains('High')",
            run: "click",
        },
        {
            content: "save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "saved",
            trigger: ".o_form_saved",
        },
    ],
});

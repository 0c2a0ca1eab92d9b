import {registry} from "@web/core/registry";

const label = (number) =>
    `.modal .o_opportunity_label[title='Start at label ${number}']`;

registry.category("web_tour.tours").add("labels_printed", {
    steps: () => [
        {
            content: "select all",
            trigger: ".o_list_view thead .o_list_record_selector input",
            run: "click",
        },
        {
            content: "open the actions",
            trigger: ".o_cp_action_menus .dropdown-toggle:contains('Actions')",
            run: "click",
        },
        {
            content: "print labels",
            trigger: ".o-dropdown--menu .o_menu_item:contains('Print Label')",
            run: "click",
        },
        {
            content: "one address is incomplete, and told",
            trigger:
                ".modal [name=incomplete_list]:contains('Deal nowhere: no street')",
        },
        {
            content: "five labels are left",
            trigger: ".modal [name=label_count]:contains(/^5$/)",
        },
        {
            content: "print the incomplete one too",
            trigger: ".modal [name=skip_incomplete] input",
            run: "click",
        },
        {
            content: "six labels",
            trigger: ".modal [name=label_count]:contains(/^6$/)",
        },
        {
            content: "rather not",
            trigger: ".modal [name=skip_incomplete] input",
            run: "click",
        },
        {
            content: "the sheet is used up to its fourth label",
            trigger: label(5),
            run: "click",
        },
        {
            content: "the labels before stay empty",
            trigger: `${label(4)}:not(.o_filled)`,
        },
        {
            content: "five labels are filled from there",
            trigger: `${label(9)}.o_filled`,
        },
        {
            content: "no more",
            trigger: `${label(10)}:not(.o_filled)`,
        },
        {
            content: "sort them",
            trigger: ".modal [name=sorting] .o_select_menu_input",
            run: "click",
        },
        {
            content: "by postcode",
            trigger: ".o_select_menu_item:contains('Postcode')",
            run: "click",
        },
        {
            content: "print",
            trigger: ".modal button[name=action_print]",
            run: "click",
        },
        {
            content: "the dialog is gone",
            trigger: "body:not(:has(.modal))",
        },
    ],
});

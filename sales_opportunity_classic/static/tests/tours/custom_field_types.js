import {registry} from "@web/core/registry";

const PIXEL =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=";

const name = (type) => `x_tour_${type}`;
const field = (type) => `.o_field_widget[name=${name(type)}]`;

const write = (type, text, control = "input") => [
    {trigger: `${field(type)} ${control}`, run: `edit ${text}`},
];
const pickTime = (type, text) => [
    {trigger: `${field(type)} input`, run: `edit ${text}`},
    {trigger: `${field(type)} input`, run: "press Enter"},
];
const choose = (type, label) => [
    {trigger: `${field(type)} input`, run: "click"},
    {trigger: `.o_select_menu_item:contains(/^${label}$/)`, run: "click"},
];
const search = (type, text) => [
    {trigger: `${field(type)} input`, run: `edit ${text}`},
    {
        trigger: `${field(type)} .o-autocomplete--dropdown-item:contains('${text}')`,
        run: "click",
    },
];
const upload = (type, file, content) => [
    {
        trigger: `${field(type)} input[type=file]:not(:visible)`,
        async run({anchor}) {
            const bytes = Uint8Array.from(atob(content), (byte) => byte.charCodeAt(0));
            const transfer = new DataTransfer();
            transfer.items.add(new File([bytes], file));
            anchor.files = transfer.files;
            anchor.dispatchEvent(new Event("change", {bubbles: true}));
        },
    },
];

/** How a person fills in each type of field. */
const FILL = {
    text: write("text", "Ten desks"),
    text_area: write("text_area", "Two lines", "textarea"),
    name: write("name", "Marc Demo"),
    whole_number: write("whole_number", "42"),
    decimal_number: write("decimal_number", "4.25"),
    percent: write("percent", "50"),
    currency: write("currency", "99.95"),
    date: pickTime("date", "02/28/2026"),
    date_time: pickTime("date_time", "02/28/2026 10:30:00"),
    year: write("year", "2026"),
    month: choose("month", "February"),
    day_of_week: choose("day_of_week", "Sunday"),
    yes_no: [
        {
            trigger: `${field("yes_no")} .o_selection_badge:contains('No')`,
            run: "click",
        },
    ],
    phone_number: write("phone_number", "+32 2 290 34 90"),
    email: write("email", "info@example.com"),
    website: write("website", "https://example.com"),
    social_security_number: write("social_security_number", "123-45-6789"),
    state: search("state", "Wyoming"),
    dropdown: choose("dropdown", "Large"),
    radio: [
        {
            trigger: `${field("radio")} .o_radio_item:contains('Small') input`,
            run: "click",
        },
    ],
    list_box: search("list_box", "Large"),
    drilldown: [{trigger: `${field("drilldown")} select`, run: "selectByLabel Small"}],
    user: search("user", "Tour Manager"),
    user_list_box: search("user_list_box", "Tour Manager"),
    html: [{trigger: `${field("html")} .odoo-editor-editable`, run: "editor Hello"}],
    image: upload("image", "pixel.png", PIXEL),
    file: upload("file", "hello.txt", btoa("hello")),
    contact: search("contact", "Tour Customer"),
    product: search("product", "Tour Desk"),
    stars: [{trigger: `${field("stars")} .o_priority_star:nth-child(3)`, run: "click"}],
    color: [
        {
            trigger: `${field("color")} input[type=color]:not(:visible)`,
            run({anchor}) {
                anchor.value = "#00ff7f";
                anchor.dispatchEvent(new Event("change", {bubbles: true}));
            },
        },
    ],
};
const WITH_OPTIONS = ["dropdown", "radio", "list_box", "drilldown"];

const adding = (what) => `.o_custom_adding_${what}`;
const add = (what, label, details = []) => [
    {trigger: `${adding(what)} input[name=label]`, run: `edit ${label}`},
    ...details.map(([control, run]) => ({
        trigger: `${adding(what)} ${control}`,
        run,
    })),
    {trigger: `${adding(what)} input[name=label]`, run: "press Enter"},
    {trigger: `${adding(what)} button[type=submit]:disabled`},
];
const addField = (type) =>
    add("field", `Tour ${type}`, [
        ["select[name=type]", `select ${type}`],
        ...(WITH_OPTIONS.includes(type)
            ? [["input[name=options]", "edit Small, Large"]]
            : []),
    ]);

registry.category("web_tour.tours").add("opportunity_custom_field_types", {
    steps: () => [
        ...add("tab", "Tour Types"),
        {trigger: ".o_custom_add_group", run: "click"},
        ...add("group", "Tour First"),
        ...add("group", "Tour Second"),
        {
            trigger: ".o_custom_part_group:contains('Tour First') .o_custom_add_field",
            run: "click",
        },
        ...Object.keys(FILL).slice(0, 16).flatMap(addField),
        {
            trigger: ".o_custom_part_group:contains('Tour Second') .o_custom_add_field",
            run: "click",
        },
        ...Object.keys(FILL).slice(16).flatMap(addField),
        {trigger: ".o_custom_apply:not(:disabled)", run: "click"},
        {trigger: ".o_notification:contains('adds 31 fields')"},
        {trigger: ".o_menu_brand", run: "click"},
        {trigger: ".o_kanban_record:contains('Tour opportunity')", run: "click"},
        {trigger: ".o_notebook_headers .nav-link:contains('Tour Types')", run: "click"},
        ...Object.values(FILL).flat(),
        {trigger: ".o_form_button_save", run: "click"},
        {trigger: ".o_form_saved"},
    ],
});

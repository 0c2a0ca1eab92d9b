import {registry} from "@web/core/registry";

const editable = ".odoo-editor-editable";
const dialogField = (key) => `.o_letter_field_list [data-key='${key}']`;

/** Open the powerbox below what is written and choose a command of it. */
const choose = (command, text, where = editable) => [
    {
        content: `write before ${command}`,
        trigger: where,
        async run(actions) {
            await actions.editor(`${text}/`);
            this.anchor
                .closest(editable)
                .dispatchEvent(
                    new InputEvent("input", {inputType: "insertText", data: "/"})
                );
        },
    },
    {
        content: `choose ${command}`,
        trigger: `.o-we-powerbox .o-we-command:contains('${command}')`,
        run: "click",
    },
];

const confirm = [
    {
        content: "insert it",
        trigger: ".o_letter_field_confirm:enabled",
        run: "click",
    },
    {
        content: "the dialog is gone",
        trigger: "body:not(:has(.modal))",
    },
];

registry.category("web_tour.tours").add("letter_written", {
    steps: () => [
        {
            content: "a new template",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "its name",
            trigger: "[name=name] input",
            run: "edit Tour letter",
        },
        ...choose("Condition", ""),
        {
            content: "what it depends on",
            trigger: ".o_letter_field_search",
            run: "edit contact city",
        },
        {
            content: "the city, with its value",
            trigger: `${dialogField("contact.city")}:contains('Springfield')`,
            run: "click",
        },
        ...confirm,
        {
            content: "the block says what it depends on",
            trigger: `${editable} [data-embedded=letter-condition][title^='Only if']`,
        },
        ...choose("Field", "Dear ", `${editable} [data-embedded=letter-condition] > *`),
        {
            content: "search the name",
            trigger: ".o_letter_field_search",
            run: "edit contact name",
        },
        {
            content: "choose it",
            trigger: dialogField("contact.name"),
            run: "click",
        },
        {
            content: "text where there is none",
            trigger: ".o_letter_default",
            run: "edit friend",
        },
        ...confirm,
        {
            content: "the field is in the text",
            trigger: `${editable} [data-embedded=letter-field]:contains('Contact: Name')`,
        },
        {
            content: "save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "preview",
            trigger: ".o_form_saved button[name=action_preview]",
            run: "click",
        },
        {
            content: "the letter is merged",
            trigger: `.modal ${editable}:contains('Jane Doe')`,
        },
    ],
});

registry.category("web_tour.tours").add("letters_printed", {
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
            content: "print letters",
            trigger: ".o-dropdown--menu .o_menu_item:contains('Print Letter')",
            run: "click",
        },
        {
            content: "choose the template",
            trigger: ".modal [name=template_id] input",
            run: "edit Tour letter",
        },
        {
            content: "from the library",
            trigger: ".o-autocomplete--dropdown-item a:contains('Tour letter')",
            run: "click",
        },
        {
            content: "two get no letter",
            trigger: ".modal [name=problem_count]:contains('2')",
        },
        {
            content: "the first letter",
            trigger: `.modal ${editable}:contains('Deal 29')`,
        },
        {
            content: "the next one",
            trigger: ".modal button[name=action_next]",
            run: "click",
        },
        {
            content: "the second letter",
            trigger: `.modal ${editable}:contains('Deal 28')`,
            async run(actions) {
                await actions.editor("By hand");
            },
        },
        {
            content: "print",
            trigger: ".modal button[name=action_print]",
            run: "click",
        },
        {
            content: "what was printed, and what was not",
            trigger: ".modal [name=problem_list]:contains('Deal 0')",
        },
        {
            content: "28 letters",
            trigger: ".modal [name=letter_count]:contains('28')",
        },
    ],
});

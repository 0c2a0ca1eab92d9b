import {registry} from "@web/core/registry";

const row = (text) => `.o_timeline_rows .o_timeline_row:contains('${text}')`;
const menu = (text, entry) => [
    {
        content: `open the menu of ${text}`,
        trigger: `${row(text)} .o_timeline_menu`,
        run: "click",
    },
    {
        content: `choose ${entry}`,
        trigger: `.o-dropdown-item:contains('${entry}')`,
        run: "click",
    },
];
const scrollThere = {
    content: "go down to the tasks",
    trigger: ".o_opportunity_timeline",
    run() {
        this.anchor.scrollIntoView();
    },
};
const noDialog = {
    content: "the dialog is gone",
    trigger: "body:not(:has(.modal))",
};

registry.category("web_tour.tours").add("opportunity_timeline", {
    steps: () => [
        {
            content: "the Tasks tab is the first one below",
            trigger: ".o_notebook_headers a[name=tasks].active",
        },
        scrollThere,
        {
            content: "it tells that the opportunity was created",
            trigger: `${row("Tour first")}[data-kind=stage]`,
        },
        {
            content: "plan a task",
            trigger: "button[name=action_new_task]",
            run: "click",
        },
        {
            content: "say which",
            trigger: ".modal [name=summary] input",
            run: "edit Send the plan",
        },
        {
            content: "save it",
            trigger: ".modal button[name=action_schedule_activities]",
            run: "click",
        },
        {
            content: "it is on the list",
            trigger: `${row("Send the plan")}.o_timeline_open`,
        },
        ...menu("Send the plan", "Next Week"),
        ...menu("Send the plan", "Edit or Reassign"),
        {
            content: "rename it",
            trigger: ".modal [name=summary] input",
            run: "edit Send the offer",
        },
        {
            content: "save it",
            trigger:
                ".modal #mail_activity_save, .modal button[name=action_close_dialog]",
            run: "click",
        },
        {
            content: "mark it done",
            trigger: `${row("Send the offer")} .o_timeline_done`,
            run: "click",
        },
        {
            content: "tell how it went",
            trigger: ".o-mail-ActivityMarkAsDone textarea",
            run: "edit By mail",
        },
        {
            content: "done",
            trigger: ".o-mail-ActivityMarkAsDone button[aria-label=Done]",
            run: "click",
        },
        {
            content: "it is done, with what was told",
            trigger: `${row("By mail")}:not(.o_timeline_open)`,
        },
        {
            content: "write a note",
            trigger: "button[name=action_write_note]",
            run: "click",
        },
        {
            content: "say what",
            trigger: ".modal [name=body] .odoo-editor-editable",
            run: "editor Likes oak",
        },
        {
            content: "log it",
            trigger: ".modal button[name=action_send_mail]",
            run: "click",
        },
        noDialog,
        ...menu("Likes oak", "Pin on Top"),
        {
            content: "it is on top",
            trigger: ".o_timeline_pinned .o_timeline_row:contains('Likes oak')",
        },
        {
            content: "filter",
            trigger: ".o_timeline_filters_toggle",
            run: "click",
        },
        {
            content: "notes only",
            trigger: ".o_timeline_kind[data-kind=note]",
            run: "click",
        },
        {
            content: "one is left",
            trigger:
                ".o_timeline_rows:not(:has([data-kind=task])) .o_timeline_row:contains('Likes oak')",
        },
    ],
});

registry.category("web_tour.tours").add("opportunity_timeline_read_only", {
    steps: () => [
        scrollThere,
        {
            content: "what happened is shown",
            trigger: row("Tour first"),
        },
        {
            content: "nothing can be done",
            trigger:
                ".o_opportunity_timeline:not(:has(.o_timeline_new)):not(:has(.o_timeline_actions))",
        },
    ],
});

registry.category("web_tour.tours").add("opportunity_timeline_contact", {
    steps: () => [
        {
            trigger: ".o_notebook_headers a[name=tasks]",
            run: "click",
        },
        {
            content: "what happened on an opportunity is shown, with its name",
            trigger: `${row("Call Rome")}:contains('Tour opportunity')`,
        },
    ],
});

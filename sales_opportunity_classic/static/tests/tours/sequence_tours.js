import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const click = (content, trigger) => ({content, trigger, run: "click"});
const type = (content, trigger, text) => ({content, trigger, run: `edit ${text}`});
const noDialog = {content: "the dialog is gone", trigger: "body:not(:has(.modal))"};
const row = (text) => `.o_follow_up_row:contains('${text}')`;

/** Add a step of a kind: what is typed, by field, and its delay in days. */
function addStep(kind, sentence, steps, delay) {
    return [
        click("add a step", "[name=step_ids] .o_field_x2many_list_row_add a"),
        click("open the kinds", ".modal [name=step_type] .o_select_menu_input"),
        click(`choose ${kind}`, `.o_select_menu_item:contains('${kind}')`),
        ...steps,
        type("say when", ".modal [name=delay_count] input", String(delay)),
        click("save the step", ".modal .o_form_button_save"),
        noDialog,
        {
            content: "the step is a sentence",
            trigger: `[name=step_ids] .o_data_row:contains('${sentence}')`,
        },
    ];
}

const subject = (text) => type("subject", ".modal [name=subject] input", text);
const name = (text) => type("name it", ".modal [name=name] input", text);

tours.add("opportunity_sequence", {
    steps: () => [
        {content: "what it is for", trigger: ".o_nocontent_help:contains('Plan a')"},
        click("a new one", ".o_list_button_add"),
        type("name it", ".o_form_view [name=name] input", "Tour fair"),
        ...addStep(
            "Email",
            "At once, Email: About",
            [subject("About {{ object.name }}")],
            0
        ),
        ...addStep(
            "Task",
            "1 day later, Task: Call",
            [subject("Call {{ object.partner_id.name }}")],
            1
        ),
        ...addStep("Note", "2 days later, Note: Remember", [name("Remember")], 2),
        ...addStep(
            "Move Stage",
            "3 days later, Move Stage: Tour engaged",
            [
                type("the stage", ".modal [name=stage_id] input", "Tour engaged"),
                click(
                    "choose it",
                    ".o-autocomplete--dropdown-item:contains('Tour engaged')"
                ),
            ],
            3
        ),
        ...addStep("Wait", "5 days later, Wait", [], 5),
        click("save the sequence", ".o_form_button_save"),
        {content: "it is saved", trigger: ".o_form_saved"},
    ],
});

const followUpTab = click("open the tab", ".o_notebook_headers a[name=follow_up]");

tours.add("opportunity_follow_up_start", {
    steps: () => [
        followUpTab,
        {
            content: "nothing yet",
            trigger: ".o_opportunity_follow_up:contains('No follow-up yet')",
        },
        click("open the actions", ".o_opportunity_actions"),
        click("start", ".o_opportunity_action_start_follow_up"),
        {
            content: "the only sequence is chosen, with the text of the email",
            trigger:
                ".modal [name=preview] li[data-kind=email]:contains('About Tour opportunity')",
        },
        {
            content: "and of the task, in the customer's zone",
            trigger:
                ".modal [name=preview]:contains('Asia/Kolkata') li[data-kind=task]:contains('Call Jane Doe')",
        },
        click("start", ".modal button[name=action_start]"),
        noDialog,
        {
            content: "it is on the tab, which asked again",
            trigger: `${row("Tour fair")}[data-state=active]:contains('About')`,
        },
    ],
});

tours.add("opportunity_follow_up_away", {
    steps: () => [
        followUpTab,
        {
            content: "the email was sent",
            trigger: `${row("Tour fair")}[data-state=active] .o_follow_up_run[data-kind=email]`,
        },
        {
            content: "and the task made",
            trigger: `${row("Tour fair")} .o_follow_up_run[data-kind=task]`,
        },
        {
            content: "what comes next has its time",
            trigger: `${row("Tour fair")} .o_follow_up_next:contains('Asia/Kolkata')`,
        },
    ],
});

tours.add("opportunity_follow_up_replied", {
    steps: () => [
        followUpTab,
        {
            content: "it stopped, and says why",
            trigger: `${row("Tour fair")}[data-state=stopped] .o_follow_up_reason:contains('Replied')`,
        },
        {
            content: "the email has its answer",
            trigger: `${row("Tour fair")} .o_follow_up_run[data-kind=email]:contains('Replied')`,
        },
    ],
});

tours.add("opportunity_follow_up_contact", {
    steps: () => [
        followUpTab,
        {
            content: "the opportunity's sequence is on its contact",
            trigger: `${row("Tour care")}:contains('Tour opportunity')[data-state=active]`,
        },
        click("pause", `${row("Tour care")} button[name=action_pause]`),
        click(
            "resume",
            `${row("Tour care")}[data-state=paused] button[name=action_resume]`
        ),
        {
            content: "the new date is shown",
            trigger: ".modal [name=preview]:contains('Asia/Kolkata')",
        },
        click("confirm", ".modal button[name=action_resume]"),
        noDialog,
        click(
            "stop",
            `${row("Tour care")}[data-state=active] button[name=action_stop]`
        ),
        click("confirm", ".modal button.btn-primary:contains('Stop')"),
        {
            content: "it is stopped",
            trigger: `${row("Tour care")}[data-state=stopped]`,
        },
    ],
});

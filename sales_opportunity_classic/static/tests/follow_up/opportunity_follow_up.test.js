import {expect, test} from "@odoo/hoot";
import {queryAllTexts, queryText} from "@odoo/hoot-dom";
import {animationFrame} from "@odoo/hoot-mock";
import {contains, onRpc} from "@web/../tests/web_test_helpers";
import {
    defineOpportunityModels,
    noteActions,
    openFormWithTab,
} from "../opportunity_test_helpers";

defineOpportunityModels();

const enrollment = {
    id: 7,
    sequence: "After the Fair",
    version: 1,
    state: "active",
    state_label: "Active",
    reason: "",
    note: "",
    next: "Call",
    date_next: "Tue 03/03/2026, 9:00",
    is_waiting: false,
    zone: "Europe/Rome",
    user: "Marc",
    lead: false,
    date_start: "Mon 03/02/2026, 9:00",
    date_end: "",
    buttons: ["pause", "stop"],
    runs: [
        {
            id: 1,
            name: "Introduction",
            kind: "email",
            is_done: true,
            note: "",
            date: "Mon 03/02/2026, 9:00",
            answers: [{label: "Opened", date: "Mon 03/02/2026, 9:30"}],
        },
    ],
};

async function openForm(page, options) {
    onRpc("crm.lead", "get_follow_up", ({args}) => {
        expect.step(`ask for ${args[0]}`);
        return {rows: [], more: false, can_edit: true, ...page};
    });
    await openFormWithTab("follow_up", "opportunity_follow_up", options);
}

async function openTab(page) {
    await openForm(page);
    await animationFrame();
    expect.verifySteps(["ask for 1"]);
}

test("the hidden tab asks nothing", async () => {
    await openForm({}, {openTab: false});
    expect.verifySteps([]);
});

test("without follow-up it says what to do", async () => {
    await openTab();
    expect(queryText(".o_opportunity_follow_up")).toInclude("No follow-up yet");
    expect(".o_follow_up_start").toHaveCount(1);
});

test("whoever may only read starts nothing", async () => {
    await openTab({can_edit: false, rows: [{...enrollment, buttons: []}]});
    expect(".o_follow_up_start").toHaveCount(0);
    expect(".o_follow_up_row button[name^=action_]").toHaveCount(0);
});

test("a row says what is next, when and in which zone", async () => {
    await openTab({rows: [enrollment]});
    const next = queryText(".o_follow_up_next");
    expect(next).toInclude("Call");
    expect(next).toInclude("Tue 03/03/2026, 9:00");
    expect(next).toInclude("Europe/Rome");
    expect(queryText(".o_follow_up_run")).toInclude("Opened");
    expect(queryAllTexts(".o_follow_up_row button[name^=action_]")).toEqual([
        "Pause",
        "Stop",
    ]);
});

test("a button moves it along, and the tab asks again", async () => {
    onRpc("opportunity.sequence.enrollment", "action_pause", ({args}) => {
        expect.step(`pause ${args}`);
        return true;
    });
    await openTab({rows: [enrollment]});
    await contains("button[name=action_pause]").click();
    await animationFrame();
    expect.verifySteps(["pause 7", "ask for 1"]);
});

test("stopping is asked about", async () => {
    onRpc("opportunity.sequence.enrollment", "action_stop", () => {
        expect.step("stop");
        return true;
    });
    await openTab({rows: [enrollment]});
    await contains("button[name=action_stop]").click();
    expect.verifySteps([]);
    await contains(".modal .btn-primary").click();
    await animationFrame();
    expect.verifySteps(["stop", "ask for 1"]);
});

test("resuming opens the dialog with the new dates", async () => {
    const actions = noteActions();
    await openTab({rows: [{...enrollment, state: "paused", buttons: ["resume"]}]});
    await contains("button[name=action_resume]").click();
    await animationFrame();
    expect(actions[0].action).toBe(
        "sales_opportunity_classic.opportunity_sequence_resume_action"
    );
    expect(actions[0].options.additionalContext).toEqual({active_ids: [7]});
});

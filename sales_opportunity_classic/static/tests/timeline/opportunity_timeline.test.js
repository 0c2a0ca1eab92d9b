import {beforeEach, expect, test} from "@odoo/hoot";
import {queryAll, queryAllTexts, queryOne, queryText, waitFor} from "@odoo/hoot-dom";
import {advanceTime, animationFrame, mockDate} from "@odoo/hoot-mock";
import {contains, mockService, onRpc} from "@web/../tests/web_test_helpers";
import {defineOpportunityModels, openFormWithTab} from "../opportunity_test_helpers";

defineOpportunityModels();

const task = {
    source: "mail.activity",
    id: 1,
    kind: "task",
    date: "2026-05-01 23:59:59",
    is_open: true,
    is_day: true,
    day: "2026-05-01",
    title: "Send the offer",
    label: "To-Do",
    text: "With oak",
    icon: "fa-tasks",
    person: {id: 3, name: "Marc"},
    lead: false,
    activity_id: 1,
};
const email = {
    source: "mail.message",
    id: 2,
    kind: "email_out",
    date: "2026-04-30 10:00:00",
    is_open: false,
    title: "Our offer",
    text: "Dear Rome",
    person: {id: 3, name: "Marc"},
    recipients: ["Rome Stones"],
    state: "bounce",
    state_label: "Bounced",
    lead: false,
};
const note = {
    source: "mail.message",
    id: 3,
    kind: "note",
    date: "2026-04-29 10:00:00",
    is_open: false,
    title: "",
    text: "Likes oak",
    person: {id: 3, name: "Marc"},
    lead: false,
    can_pin: true,
};

let page = {};

beforeEach(() => {
    mockDate("2026-05-03 12:00:00");
    page = {rows: [task, email, note], pinned: [], next: false, can_edit: true};
    onRpc("crm.lead", "get_timeline", ({args}) => {
        const [resId, filters, after] = args;
        const given = Object.entries(filters).filter(
            ([, value]) => value?.length ?? value
        );
        const names = given.map(([name, value]) => `${name}=${value}`);
        const behind = after ? ["after", after] : [];
        expect.step(["load", resId, ...names, ...behind].join(" "));
        return after ? {rows: [{...note, id: 9, text: "Older"}], next: false} : page;
    });
    onRpc("crm.lead", "get_timeline_people", () => [{id: 3, name: "Marc"}]);
});

async function openForm(options = {}) {
    await openFormWithTab("tasks", "opportunity_timeline", options);
    if (options.openTab ?? true) {
        await waitFor(".o_timeline_tools");
    }
}

function noteActions() {
    const noted = [];
    mockService("action", {
        doAction(action, options) {
            noted.push({...action, ...options});
        },
    });
    return noted;
}

test("nothing is asked before the tab is opened", async () => {
    await openForm({openTab: false});
    expect.verifySteps([]);
    await contains(".nav-link[name=tasks]").click();
    await expect.waitForSteps(["load 1 order=newest"]);
});

test("rows with dates, people and states", async () => {
    await openForm();
    await expect.waitForSteps(["load 1 order=newest"]);
    await animationFrame();
    expect(queryAllTexts(".o_timeline_title")).toEqual([
        "Send the offer",
        "Our offer",
        "Note",
    ]);
    expect(".o_timeline_row:first .o_timeline_date").toHaveClass("text-danger");
    expect(queryAllTexts(".o_timeline_facts")).toEqual([
        "Marc",
        "Marc · to Rome Stones",
        "Marc",
    ]);
    expect(queryText(".o_timeline_state_label")).toBe("Bounced");
    expect(queryAll(".o_timeline_done").length).toBe(1);
});

test("clicks and follow-up steps", async () => {
    const past = {date: "2026-04-28 10:00:00", is_open: false, lead: false};
    page.rows = [
        {
            ...past,
            source: "opportunity.click",
            id: 1,
            kind: "click",
            title: "Our offer",
            label: "Clicked",
            text: "https://example.com/offer",
            person: false,
            email_from: "boss@example.com",
        },
        {
            ...past,
            source: "opportunity.sequence.run",
            id: 1,
            kind: "step",
            title: "Say hello",
            label: "After the Fair",
            text: "",
            person: {id: 3, name: "Marc"},
            state: "open",
            state_label: "Replied",
        },
    ];
    await openForm();
    await expect.waitForSteps(["load 1 order=newest"]);
    await animationFrame();
    expect(queryAllTexts(".o_timeline_title")).toEqual(["Our offer", "Say hello"]);
    expect(queryAllTexts(".o_timeline_facts")).toEqual(["boss@example.com", "Marc"]);
    expect("[data-kind=click] .fa-mouse-pointer").toHaveCount(1);
    expect(".o_timeline_state_label").toHaveText("Replied");
    expect("button.o_timeline_title").toHaveCount(0);
});

test("who may only read sees no buttons", async () => {
    page.can_edit = false;
    await openForm();
    await expect.waitForSteps(["load 1 order=newest"]);
    await animationFrame();
    expect(".o_timeline_new").toHaveCount(0);
    expect(".o_timeline_actions").toHaveCount(0);
    expect(".o_timeline_row").toHaveCount(3);
});

test("an empty screen says what to do", async () => {
    page.rows = [];
    await openForm();
    await expect.waitForSteps(["load 1 order=newest"]);
    await animationFrame();
    expect(queryText(".o_timeline_empty")).toInclude("Plan a task");
    await contains(".o_timeline_search").edit("oak", {confirm: false});
    await advanceTime(300);
    await expect.waitForSteps(["load 1 search=oak order=newest"]);
    await animationFrame();
    expect(queryText(".o_timeline_empty")).toInclude("Nothing found");
});

test("filters, order and pages", async () => {
    page.next = [0, -5, "mail.message", -3];
    await openForm();
    await expect.waitForSteps(["load 1 order=newest"]);
    await contains(".o_timeline_more").click();
    await expect.waitForSteps(["load 1 order=newest after 0,-5,mail.message,-3"]);
    await animationFrame();
    expect(".o_timeline_row").toHaveCount(4);
    expect(".o_timeline_more").toHaveCount(0);
    await contains(".o_timeline_order").select("due");
    await expect.waitForSteps(["load 1 order=due"]);
    await contains(".o_timeline_filters_toggle").click();
    await contains(".o_timeline_kind[data-kind=note]").click();
    await contains(".o_timeline_kind[data-kind=call]").click();
    await contains(".o_timeline_person").select("3");
    await contains(".o_timeline_state").select("open");
    await expect.waitForSteps([
        "load 1 kinds=note order=due",
        "load 1 kinds=note,call order=due",
        "load 1 kinds=note,call person_id=3 order=due",
        "load 1 kinds=note,call person_id=3 state=open order=due",
    ]);
    await contains(".o_timeline_clear").click();
    await expect.waitForSteps(["load 1 order=due"]);
});

test("another record starts without filters", async () => {
    await openForm();
    await contains(".o_timeline_filters_toggle").click();
    await contains(".o_timeline_kind[data-kind=note]").click();
    await expect.waitForSteps([
        "load 1 order=newest",
        "load 1 kinds=note order=newest",
    ]);
    await contains(".o_pager_next").click();
    await expect.waitForSteps(["load 2 order=newest"]);
});

test("a dialog of Odoo opens, and what came of it is shown", async () => {
    const noted = noteActions();
    onRpc("crm.lead", "action_new_task", () => ({res_model: "mail.activity.schedule"}));
    await openForm();
    await expect.waitForSteps(["load 1 order=newest"]);
    await contains("button[name=action_new_task]").click();
    expect(noted[0].res_model).toBe("mail.activity.schedule");
    noted[0].onClose();
    await expect.waitForSteps(["load 1 order=newest"]);
});

test("a task is moved to tomorrow, and opened to be given to somebody else", async () => {
    const noted = noteActions();
    onRpc("mail.activity", "action_reschedule_tomorrow", ({args}) => {
        expect.step(`tomorrow ${args[0]}`);
        return true;
    });
    await openForm();
    await expect.waitForSteps(["load 1 order=newest"]);
    await contains(".o_timeline_row:first .o_timeline_menu").click();
    await contains(".o_timeline_action_reschedule_tomorrow").click();
    await expect.waitForSteps(["tomorrow 1", "load 1 order=newest"]);
    await contains(".o_timeline_row:first .o_timeline_menu").click();
    await contains(".o_timeline_edit").click();
    expect([noted[0].res_model, noted[0].res_id]).toEqual(["mail.activity", 1]);
});

test("a note is pinned and unpinned", async () => {
    const pin = ({method, args}) => {
        expect.step(`${method} ${args}`);
        page.pinned = method === "action_pin_note" ? [note] : [];
        return true;
    };
    onRpc("crm.lead", "action_pin_note", pin);
    onRpc("crm.lead", "action_unpin_note", pin);
    await openForm();
    await expect.waitForSteps(["load 1 order=newest"]);
    await contains(".o_timeline_row[data-id='3'] .o_timeline_menu").click();
    await contains(".o_timeline_toggle_pin").click();
    await expect.waitForSteps(["action_pin_note 1,3", "load 1 order=newest"]);
    await animationFrame();
    expect(queryOne(".o_timeline_pinned .o_timeline_text").textContent).toBe(
        "Likes oak"
    );
    await contains(".o_timeline_pinned .o_timeline_menu").click();
    await contains(".o_timeline_toggle_pin").click();
    await expect.waitForSteps(["action_unpin_note 1", "load 1 order=newest"]);
});

test("the whole text of a message is shown in place", async () => {
    onRpc("mail.message", "read", () => [{id: 2, body: "<p>Dear <b>Rome</b></p>"}]);
    await openForm();
    await expect.waitForSteps(["load 1 order=newest"]);
    await contains(".o_timeline_row[data-id='2'] .o_timeline_title").click();
    expect(".o_timeline_body b").toHaveText("Rome");
    await contains(".o_timeline_row[data-id='2'] .o_timeline_title").click();
    expect(".o_timeline_body").toHaveCount(0);
});

import {describe, expect, test} from "@odoo/hoot";
import {queryAllTexts} from "@odoo/hoot-dom";
import {animationFrame} from "@odoo/hoot-mock";
import {contains, mountView, onRpc} from "@web/../tests/web_test_helpers";
import {
    defineOpportunityModels,
    noteActions,
    wantClosingDialog,
} from "../opportunity_test_helpers";

describe.current.tags("desktop");
defineOpportunityModels();

const columns = () =>
    [1, 2, 3].map((number) =>
        queryAllTexts(`.o_kanban_group:nth-child(${number}) .o_kanban_record`)
    );

async function mountKanban(groupBy) {
    wantClosingDialog();
    onRpc("crm.lead", "get_rainbowman_message", () => false);
    await mountView({
        type: "kanban",
        resModel: "crm.lead",
        groupBy: [groupBy],
        arch: `
            <kanban js_class="opportunity_kanban">
                <templates>
                    <t t-name="card"><field name="name"/></t>
                </templates>
            </kanban>`,
    });
}

async function drag(card, column) {
    await contains(`.o_kanban_record:contains(${card})`).dragAndDrop(
        `.o_kanban_group:contains(${column})`
    );
    await animationFrame();
}

test("a card dragged to the won column opens the dialog and stays", async () => {
    const actions = noteActions();
    await mountKanban("stage_id");
    await drag("Five chairs", "Signed");
    expect.verifySteps(["ask for 2 to 3"]);
    expect(actions[0].action.res_model).toBe("opportunity.mark.won");
    expect(columns()).toEqual([["Ten desks"], ["Five chairs"], ["One lamp"]]);
});

test("the columns are read again when the dialog is closed", async () => {
    const actions = noteActions();
    await mountKanban("stage_id");
    await drag("Five chairs", "Signed");
    expect.verifySteps(["ask for 2 to 3"]);
    onRpc("crm.lead", "web_read_group", () => expect.step("read"));
    actions[0].options.onClose();
    await animationFrame();
    expect.verifySteps(["read"]);
});

test("a card dragged to another column moves", async () => {
    const actions = noteActions();
    await mountKanban("stage_id");
    await drag("Ten desks", "Engaging");
    expect.verifySteps(["ask for 1 to 2", 'save {"stage_id":2}']);
    expect(actions).toEqual([]);
    expect(columns()).toEqual([[], ["Five chairs", "Ten desks"], ["One lamp"]]);
});

test("nothing is asked where the columns are no stages", async () => {
    await mountKanban("priority");
    await drag("Ten desks", "High");
    expect.verifySteps(['save {"priority":"1"}']);
});
